"""The index is the published one, its significance holds under simulation, and a real shift is found."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy.stats import chi2, entropy

from ml_platform.drift.compare import DriftReport, compare
from ml_platform.drift.count import count_bins
from ml_platform.drift.profile import build_profile
from ml_platform.drift.psi import PSEUDO_COUNT, p_value_without_drift, population_stability_index
from ml_platform.drift.settings import DriftSettings


def test_a_worked_example_by_hand() -> None:
    # shares 0.2/0.3/0.5 against 0.3/0.3/0.4: 0.1 ln 1.5 + 0 + (-0.1) ln 0.8
    assert population_stability_index([20, 30, 50], [300, 300, 400]) == pytest.approx(
        0.1 * np.log(1.5) - 0.1 * np.log(0.8), rel=1e-12
    )


def test_the_value_that_another_library_states() -> None:
    # strappy 0.0.3 on PyPI, tests/test_psi.py: 6 a and 5 b against 5 a and 4 b is 0.00041
    assert round(population_stability_index([6, 5], [5, 4]), 5) == 0.00041


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=2, max_size=12))
@settings(deadline=None)
def test_equals_the_symmetrised_divergence_of_scipy_and_is_never_negative(pairs: list[tuple[int, int]]) -> None:
    counts = np.array(pairs, dtype=float).T
    if (counts.sum(axis=1) == 0).any():
        return
    value = population_stability_index(*counts.astype(int).tolist())
    used = counts[:, counts.sum(axis=0) > 0]
    used = np.where((used == 0).any(axis=0), used + PSEUDO_COUNT, used)
    assert value == pytest.approx(entropy(used[0], used[1]) + entropy(used[1], used[0]), abs=1e-9)
    assert value >= 0
    assert value == pytest.approx(population_stability_index(*counts[::-1].astype(int).tolist()))


def frames(rng: np.random.Generator, n_rows: int, shift: float = 0.0) -> pd.DataFrame:
    return pd.DataFrame(
        rng.normal(size=(n_rows, 20)) + shift * (np.arange(20) == 3), columns=[f"f{i}" for i in range(20)]
    )


def reports(n_current: int, shift: float = 0.0, n_batches: int = 150) -> list[DriftReport]:
    rng = np.random.default_rng(11)
    kinds = {f"f{i}": "number" for i in range(20)}
    profile = build_profile(frames(rng, 5_000), kinds, bins=10)
    judge = DriftSettings(min_rows=50)
    return [compare(profile, count_bins(frames(rng, n_current, shift), profile), judge) for _ in range(n_batches)]


def test_without_drift_small_batches_stay_quiet_where_the_plain_threshold_does_not() -> None:
    found = reports(100)
    plain = np.mean([any((c.value or 0) >= 0.2 for c in report.columns) for report in found])
    alarms = np.mean([bool(report.at_level("critical") or report.at_level("warn")) for report in found])
    assert plain > 0.4, "a plain PSI of 0.2 is reached by chance in most small batches"
    # a batch alarms with a probability of at most the false discovery rate; three standard errors of 150 batches
    assert alarms <= 0.01 + 3 * np.sqrt(0.01 * 0.99 / 150)


def test_a_real_shift_is_found_and_only_where_it_is() -> None:
    for report in reports(1_000, shift=0.8, n_batches=10):
        assert [column.column for column in report.at_level("critical")] == ["f3"]


def test_a_significant_but_small_shift_is_no_alarm() -> None:
    rng = np.random.default_rng(0)
    profile = build_profile(pd.DataFrame({"x": rng.normal(size=200_000)}), {"x": "number"}, bins=10)
    current = pd.DataFrame({"x": rng.normal(loc=0.1, size=200_000)})
    (column,) = compare(profile, count_bins(current, profile), DriftSettings()).columns
    assert column.p_adjusted is not None
    assert column.p_adjusted < 1e-6
    assert column.level == "ok"


def test_too_few_rows_are_a_state_of_their_own() -> None:
    rng = np.random.default_rng(0)
    profile = build_profile(frames(rng, 1_000), {"f0": "number"}, bins=10)
    report = compare(profile, count_bins(frames(rng, 10, 9.0), profile), DriftSettings(min_rows=50))
    assert {column.level for column in report.columns} == {"insufficient_data"}
    assert "10 rows are too few to judge, at least 50" in report.columns[0].message


def test_report_and_profile_survive_json_exactly() -> None:
    rng = np.random.default_rng(0)
    reference, current = (
        frames(rng, n, shift).assign(c=["a", "b"] * (n // 2)) for n, shift in ((1_000, 0), (500, 1.0))
    )
    profile = build_profile(reference, {"f0": "number", "f3": "number", "c": "category"}, bins=10)
    report = compare(profile, count_bins(current, profile), DriftSettings())
    for value in (profile, report):
        document = value.to_document()
        stored = json.dumps({**document, "partition": "2013-04"}, allow_nan=False)
        assert type(value).from_document(json.loads(stored)) == value
    assert report.largest_first()[0].column == "f3"
    assert "most in '" in report.largest_first()[0].message


EVEN = np.full(10, 0.1)
RARE = 1 / np.arange(1, 53) ** 1.5
"""Fifty categories, most of them rare: where Pearson's test alone finds 1 in 100 significant at 1 in 2,000."""


@pytest.mark.parametrize(("weights", "n_current"), [(EVEN, 80), (RARE, 200), (RARE, 2_000)])
def test_p_values_without_drift_are_uniform_also_in_small_batches_and_rare_categories(
    weights: np.ndarray, n_current: int
) -> None:
    rng = np.random.default_rng(5)
    draws = [rng.multinomial(n_rows, weights / weights.sum(), size=2_000) for n_rows in (5_000, n_current)]
    p_values = np.array([p_value_without_drift(*pair) for pair in zip(*draws, strict=True)])
    for level in (0.001, 0.01, 0.05, 0.5):
        error = 3 * np.sqrt(level * (1 - level) / 2_000)
        assert np.mean(p_values <= level) == pytest.approx(level, abs=error + 0.002)


def test_is_yurdakuls_statistic_where_there_are_many_rows() -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        reference, current = rng.multinomial(400_000, EVEN), rng.multinomial(200_000, EVEN)
        statistic = population_stability_index(reference, current) / (1 / 400_000 + 1 / 200_000)
        assert p_value_without_drift(reference, current) == pytest.approx(chi2.sf(statistic, df=9), rel=0.05)


@pytest.mark.parametrize(
    ("reference", "current"),
    [
        pytest.param([5_000, 0], [120, 80], id="missing for the first time"),
        pytest.param([2_500, 2_500, 0], [80, 80, 40], id="unseen category"),
        pytest.param([5_000, 0], [0, 200], id="all new"),
        pytest.param([2_500, 2_490, 10], [80, 90, 30], id="rare no longer"),
    ],
)
def test_what_is_new_is_significant_though_next_to_none_was_expected(reference: list[int], current: list[int]) -> None:
    assert p_value_without_drift(reference, current) < 1e-9


def test_one_new_row_is_not_significant() -> None:
    assert p_value_without_drift([5_000, 5_000, 0], [100, 99, 1]) > 0.02


def test_missing_values_and_a_changed_constant_are_drift() -> None:
    reference = pd.DataFrame({"gone": np.arange(1_000.0), "constant": 1.0, "same": 1.0})
    current = pd.DataFrame({"gone": np.full(500, np.nan), "constant": 0.0, "same": 1.0})
    profile = build_profile(reference, dict.fromkeys(reference, "number"), bins=10)
    gone, constant, same = compare(profile, count_bins(current, profile), DriftSettings()).columns
    assert (gone.level, constant.level, same.level) == ("critical", "critical", "ok")
    assert "most in '(missing)': 0.0% of the reference, 100.0% now" in gone.message
    assert "most in '< 1': 0.0% of the reference, 100.0% now" in constant.message
    assert same.value == 0


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ({"warn": 0.3}, "warn 0.3 must be below critical 0.2"),
        ({"metric": "population_stability"}, "Did you mean 'population_stability_index'"),
        ({"critical": float("nan")}, "finite"),
        ({"threshold": 1}, "Extra inputs"),
    ],
)
def test_wrong_block_is_refused(block: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        DriftSettings(**block)
