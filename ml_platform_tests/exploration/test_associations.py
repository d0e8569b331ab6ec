"""Each feature is ranked by its predictive power, and what cannot be measured says why."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from ml_platform.exploration.associations import associate
from ml_platform.predictive_power import powers
from ml_platform.task import Task
from ml_platform_tests.exploration.windows import window

RNG = np.random.default_rng(0)
N = 300
CODES = RNG.integers(0, 3, N)


def columns(target: np.ndarray) -> dict[str, object]:
    return {
        "noise": RNG.normal(size=N),
        "weak": target + 3 * RNG.normal(size=N),
        "leak": -target + 0.01 * RNG.normal(size=N),
        "word": pd.Series(np.array(["a", "b", "c"])[CODES], dtype=object),
        "empty": np.nan,
        "constant": 1.0,
    }


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_features_are_ranked_on_one_scale_in_every_task(task: Task) -> None:
    target = {"binary": CODES > 0, "multiclass": CODES, "regression": CODES + RNG.normal(size=N)}[task].astype(float)
    made = columns(target)
    rows = window(made, target, task=task, classes=("p", "q", "r"))
    found = {a.column: a for a in associate(rows)}
    aucs = [a.auc for a in found.values() if a.auc is not None]
    assert aucs == sorted(aucs, reverse=True)
    assert found["leak"].auc > 0.97
    assert found["leak"].auc > found["weak"].auc > found["noise"].auc - 0.05
    assert found["noise"].auc < 0.6
    assert found["word"].auc > 0.7
    assert list(found)[-2:] == ["empty", "constant"]
    assert (found["empty"].reason, found["constant"].reason) == ("no value at all", "one value only")
    most = max(powers(pd.Series(made["leak"]), "number", target, rows.classes), key=lambda power: power.auc)
    assert (found["leak"].auc, found["leak"].low, found["leak"].view) == (most.auc, most.low, most.view)


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_the_correlation_of_a_number_shows_the_direction(task: Task) -> None:
    target = (CODES > 0 if task == "binary" else CODES).astype(float)
    made = columns(target)
    found = {a.column: a for a in associate(window(made, target, task=task, classes=("p", "q", "r")))}
    expected = None if task == "multiclass" else pytest.approx(spearmanr(made["leak"], target).statistic)
    assert found["leak"].spearman == expected
    assert task == "multiclass" or found["leak"].spearman < -0.7
    assert [found[name].spearman for name in ("word", "empty", "constant")] == [None] * 3


def test_one_class_and_few_rows_say_why_nothing_is_measured() -> None:
    (one,) = associate(window({"x": RNG.normal(size=N)}, np.zeros(N)))
    assert one.reason == "the target has one value only"
    (few,) = associate(window({"x": [1.0, 2.0, 3.0]}, [0, 1, 0]))
    assert few.reason == "too few rows"


def test_a_name_per_row_tells_nothing() -> None:
    names = pd.Series([f"row {place}" for place in range(N)], dtype=object)
    (unique,) = associate(window({"c": names}, RNG.normal(size=N), task="regression"))
    assert unique.auc < 0.55


def test_infinite_values_are_the_largest_and_missing_ones_are_not_counted_in_the_correlation() -> None:
    values = RNG.normal(size=N)
    target = (values > 0).astype(float)
    dirty = np.where(values > 2, np.inf, np.where(np.arange(N) < 20, np.nan, values))
    (found,) = associate(window({"x": dirty}, target))
    assert (found.n_rows, found.auc) == (int((~np.isnan(dirty)).sum()), 1.0)
    known = ~np.isnan(dirty)
    assert found.spearman == pytest.approx(spearmanr(np.minimum(dirty, 3)[known], target[known]).statistic)
