"""The index is the published one, its significance holds under simulation, and a real shift is found."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import entropy

from ml_platform.drift.compare import DriftReport, compare
from ml_platform.drift.count import count_bins
from ml_platform.drift.profile import Profile, build_profile
from ml_platform.drift.psi import PSEUDO_COUNT, p_value_without_drift, population_stability_index
from ml_platform.drift.settings import DriftSettings


def test_a_worked_example_by_hand() -> None:
    # shares 0.2/0.3/0.5 against 0.3/0.3/0.4: 0.1 ln 1.5 + 0 + (-0.1) ln 0.8
    assert population_stability_index([20, 30, 50], [300, 300, 400]) == pytest.approx(
        0.1 * np.log(1.5) - 0.1 * np.log(0.8), rel=1e-12
    )


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
    profile = build_profile(frames(rng, 1_000), {"f0": "number", "f3": "number"}, bins=10)
    report = compare(profile, count_bins(frames(rng, 500, 1.0), profile), DriftSettings())
    assert Profile.from_document(profile.to_document()) == profile
    assert DriftReport.from_document({**report.to_document(), "partition": "2013-04"}) == report
    assert report.largest_first()[0].column == "f3"
    assert "most in '" in report.largest_first()[0].message


def test_p_values_without_drift_are_uniform_also_in_small_batches() -> None:
    rng = np.random.default_rng(5)
    p_values = [
        p_value_without_drift(rng.multinomial(2_000, [0.1] * 10), rng.multinomial(80, [0.1] * 10)) for _ in range(2_000)
    ]
    for level in (0.01, 0.05, 0.5):
        error = 3 * np.sqrt(level * (1 - level) / 2_000)
        assert np.mean(np.array(p_values) <= level) == pytest.approx(level, abs=error + 0.002)
