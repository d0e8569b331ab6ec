"""An alarm is a large change that is not chance: rare without drift, certain with it, and never from a few rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ml_platform.drift.binning import build_profile
from ml_platform.drift.compare import compare
from ml_platform.drift.count import count_bins
from ml_platform.drift.report import DriftReport
from ml_platform.drift.settings import DriftSettings


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
    alarms = np.mean([any(c.level in ("warning", "critical") for c in report.columns) for report in found])
    assert plain > 0.4, "a plain PSI of 0.2 is reached by chance in most small batches"
    # a batch alarms with a probability of at most the false discovery rate; three standard errors of 150 batches
    assert alarms <= 0.01 + 3 * np.sqrt(0.01 * 0.99 / 150)


def test_a_real_shift_is_found_and_only_where_it_is() -> None:
    for report in reports(1_000, shift=0.8, n_batches=10):
        assert [column.column for column in report.columns if column.level == "critical"] == ["f3"]


def test_a_significant_but_small_shift_is_no_alarm() -> None:
    rng = np.random.default_rng(0)
    profile = build_profile(pd.DataFrame({"x": rng.normal(size=200_000)}), {"x": "number"}, bins=10)
    current = pd.DataFrame({"x": rng.normal(loc=0.1, size=200_000)})
    (column,) = compare(profile, count_bins(current, profile), DriftSettings()).columns
    assert column.p_adjusted is not None
    assert column.p_adjusted < 1e-6
    assert column.level == "ok"


@pytest.mark.parametrize(
    ("n_reference", "n_current", "message"),
    [
        (1_000, 10, "f0: 10 rows are too few to judge, at least 50 are needed"),
        (10, 1_000, "f0: 10 rows of the reference are too few to judge, at least 50 are needed"),
    ],
)
def test_too_few_rows_are_a_state_of_their_own(n_reference: int, n_current: int, message: str) -> None:
    rng = np.random.default_rng(0)
    profile = build_profile(frames(rng, n_reference), {"f0": "number"}, bins=10)
    (column,) = compare(profile, count_bins(frames(rng, n_current) + 9.0, profile), DriftSettings(min_rows=50)).columns
    assert (column.level, column.value, column.message) == ("too_few_rows", None, message)


def test_missing_values_and_a_changed_constant_are_drift() -> None:
    reference = pd.DataFrame({"gone": np.arange(1_000.0), "constant": 1.0, "same": 1.0})
    current = pd.DataFrame({"gone": np.full(500, np.nan), "constant": 0.0, "same": 1.0})
    profile = build_profile(reference, dict.fromkeys(map(str, reference), "number"), bins=10)
    gone, constant, same = compare(profile, count_bins(current, profile), DriftSettings()).columns
    assert (gone.level, constant.level, same.level) == ("critical", "critical", "ok")
    assert "most in '(missing)': 0.0% of the reference, 100.0% now" in gone.message
    assert "most in '< 1': 0.0% of the reference, 100.0% now" in constant.message
    assert same.value == 0


def test_a_small_partition_without_any_known_category_is_drift() -> None:
    reference = pd.DataFrame({"c": ["a", "b"] * 2_500})
    profile = build_profile(reference, {"c": "category"}, bins=10)
    for value in ("new", None):
        current = pd.DataFrame({"c": pd.Series([value] * 200, dtype=object)})
        assert compare(profile, count_bins(current, profile), DriftSettings()).columns[0].level == "critical"


def test_constant_columns_have_p_1_and_leave_the_correction_of_the_others_as_it_is() -> None:
    """With p 0 each constant would count as a discovery, and let a chance find among the others pass."""
    rng = np.random.default_rng(2)
    names = [f"f{i}" for i in range(20)]

    def report(n_constants: int, seed: int) -> DriftReport:
        constants = {f"constant{i}": 1.0 for i in range(n_constants)}
        reference, current = (frames(np.random.default_rng(seed + n), n).assign(**constants) for n in (5_000, 100))
        profile = build_profile(reference, dict.fromkeys([*names, *constants], "number"), bins=10)
        return compare(profile, count_bins(current, profile), DriftSettings(min_rows=50))

    for seed in rng.integers(0, 10**6, 40).tolist():
        alone, among = ({c.column: c for c in found.columns} for found in (report(0, seed), report(10, seed)))
        assert all(among[f"constant{i}"].p_value == 1 for i in range(10))
        assert all(among[name].p_adjusted >= alone[name].p_adjusted for name in names)
