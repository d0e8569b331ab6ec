"""Parts that are alike cannot be told apart, parts that differ can, and the feature that gives them away is named."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ml_platform.exploration.shift import compare_parts
from ml_platform.predictive_power import auc_standard_error
from ml_platform_tests.exploration.windows import window

N = 900


def frame(seed: int) -> dict[str, object]:
    rng = np.random.default_rng(seed)
    return {
        "x": rng.normal(size=N),
        "c": pd.Series(rng.choice(np.array(["a", "b", None]), N), dtype=object),
        "target_too": rng.normal(size=N),
    }


def test_without_shift_the_auc_is_a_half() -> None:
    found = [shift for seed in range(8) for shift in compare_parts(window(frame(seed), [0, 1] * (N // 2)))]
    aucs = [shift.auc for shift in found]
    assert np.mean(aucs) == pytest.approx(0.5, abs=0.025)
    assert np.std(aucs) < 1.7 * auc_standard_error(0.5, N // 3, N // 3)
    assert np.mean([shift.low <= 0.5 <= shift.high for shift in found]) > 0.8
    assert abs(np.mean([auc for shift in found for _, auc in shift.alone]) - 0.5) < 0.02


@pytest.mark.parametrize("planted", ["x", "c"])
def test_a_planted_shift_is_found_and_its_feature_named(planted: str) -> None:
    columns = pd.DataFrame(frame(1))
    last = columns.index >= 2 * N // 3
    columns.loc[last, planted] = columns.loc[last, planted] + 6 if planted == "x" else "new"
    validation, test = compare_parts(window(columns, [0, 1] * (N // 2)))
    assert test.auc > 0.99
    assert test.alone[0] == (planted, pytest.approx(1, abs=0.01))
    assert validation.auc < 0.6


def test_missing_values_that_come_up_are_a_shift() -> None:
    columns = pd.DataFrame(frame(1))
    columns.loc[columns.index >= 2 * N // 3, "x"] = np.nan
    assert compare_parts(window(columns, [0, 1] * (N // 2)))[1].alone[0][0] == "x"


def test_the_target_is_not_looked_at() -> None:
    late = np.arange(N) >= 2 * N // 3
    assert compare_parts(window(frame(1), late)) == compare_parts(window(frame(1), ~late))


def test_an_empty_part_is_not_compared() -> None:
    parts = {"train": range(600), "validation": range(600, N), "test": []}
    validation, test = compare_parts(window(frame(1), [0, 1] * (N // 2), parts=parts))
    assert validation.auc is not None
    assert (test.auc, test.reason) == (None, "0 rows of test and 600 of train; 50 of each are needed")
