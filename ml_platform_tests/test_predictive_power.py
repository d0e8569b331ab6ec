"""Predictive power is the AUC of scikit-learn, 0.5 without any, 1 for a copy, and its interval holds the truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import somersd
from sklearn.metrics import roc_auc_score

from ml_platform.predictive_power import auc_of, auc_standard_error, encoded_auc, powers, predictive_power

N = 600


def test_standard_error_of_the_paper() -> None:
    # Hanley and McNeil (1982): 51 abnormal and 58 normal images, area 0.893, standard error 0.032.
    assert auc_standard_error(0.893, 51, 58) == pytest.approx(0.032, abs=1e-3)


def test_of_two_values_it_is_the_auc_whichever_they_are() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 20, N).astype(float), rng.integers(0, 2, N)
    assert auc_of(x, y + 0.5, "").auc == pytest.approx(roc_auc_score(y, x))


def test_of_numbers_it_is_somers_d_on_the_scale_of_an_auc() -> None:
    rng = np.random.default_rng(0)
    y = rng.integers(0, 9, N).astype(float)
    x = np.round(y + 3 * rng.normal(size=N))
    assert auc_of(x, y, "").auc == pytest.approx((1 + somersd(y, x).statistic) / 2)


def test_intervals_cover_the_truth() -> None:
    """The AUC of two normal distributions 1 apart is 0.76."""
    covered = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        y = rng.integers(0, 2, 300)
        found = predictive_power(pd.Series(y + rng.normal(size=300)), "number", y.astype(float))
        covered.append(found.low <= 0.7602 <= found.high)
    assert 0.91 < np.mean(covered) < 0.996


@pytest.mark.parametrize("kind", ["number", "category"])
def test_noise_tells_nothing(kind: str) -> None:
    rng = np.random.default_rng(1)
    values = pd.Series(rng.integers(0, 40, N)).astype(float if kind == "number" else str)
    found = [encoded_auc(values, kind, rng.permutation(np.arange(N) % 2).astype(float)).auc for _ in range(40)]
    assert np.mean(found) == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize(
    ("values", "kind", "view"),
    [
        (lambda y: -y, "number", "its value"),
        (lambda y: np.where(y == 1, np.nan, 3.0), "number", "whether it is missing"),
        (lambda y: np.where(y == 1, None, "x"), "category", "whether it is missing"),
        (lambda y: np.where(y == 1, 0.0, np.resize([-1.0, 1.0], N)), "number", "its target encoding, out of fold"),
        (lambda y: np.where(y == 1, "b", np.resize(["a", "c"], N)), "category", "its target encoding, out of fold"),
    ],
)
def test_a_copy_in_any_form_tells_everything(values, kind: str, view: str) -> None:
    y = np.random.default_rng(0).integers(0, 2, N).astype(float)
    found = predictive_power(pd.Series(values(y)), kind, y)
    assert (found.auc, found.view) == (1.0, view)


def test_a_category_seen_once_tells_nothing_of_itself() -> None:
    y = np.random.default_rng(0).integers(0, 2, N).astype(float)
    assert predictive_power(pd.Series(np.arange(N)).astype(str), "category", y).auc < 0.55


def test_each_of_several_classes_is_measured_by_name() -> None:
    codes = np.arange(N) % 3
    found = powers(pd.Series(codes == 2), "category", codes, ["a", "b", "c"])
    assert [power.view.rpartition(", ")[2] for power in found] == [f"for class '{c}' against the others" for c in "abc"]
    assert [power.auc == 1 for power in found] == [False, False, True]


@pytest.mark.parametrize(
    ("values", "target"),
    [
        ([], []),
        ([1.0] * 5, [0.0, 1.0, 0.0, 1.0, 0.0]),
        ([1.0] * 50, [1.0] * 50),
        ([1.0] * 50, [0.0] * 45 + [1.0] * 5),
    ],
    ids=["no rows", "few rows", "constant target", "rare class"],
)
def test_too_few_rows_or_a_constant_target_measure_nothing(values: list[float], target: list[float]) -> None:
    assert predictive_power(pd.Series(values, dtype=float), "number", np.array(target)) is None


@pytest.mark.parametrize("value", [np.nan, 1.0, np.inf])
def test_a_column_of_one_value_tells_nothing(value: float) -> None:
    y = np.arange(100.0) % 2
    assert predictive_power(pd.Series([value] * 100), "number", y).auc == pytest.approx(0.5, abs=0.1)
