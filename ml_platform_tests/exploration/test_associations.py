"""Each task measures each kind of feature in its own way, and what cannot be measured says why."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ml_platform.exploration.associations import associate
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


@pytest.mark.parametrize(
    ("task", "number", "category", "linear"),
    [
        ("binary", "Spearman", "Cramér's V", "point-biserial"),
        ("multiclass", "correlation ratio", "Cramér's V", None),
        ("regression", "Spearman", "correlation ratio", "Pearson"),
    ],
)
def test_measures_by_task(task: Task, number: str, category: str, linear: str | None) -> None:
    target = {"binary": CODES > 0, "multiclass": CODES, "regression": CODES + RNG.normal(size=N)}[task].astype(float)
    found = {a.column: a for a in associate(window(columns(target), target, task=task, classes=("p", "q", "r")))}
    measures = {name: a.estimate and a.estimate.measure for name, a in found.items()}
    assert measures == {
        "noise": number,
        "weak": number,
        "leak": number,
        "word": category,
        "empty": None,
        "constant": None,
    }
    said = found["leak"].linear
    assert (said and said.measure) == linear
    assert found["noise"].strength < 0.2 < found["weak"].strength + 0.1
    assert found["leak"].strength > 0.75
    assert list(found)[-2:] == ["empty", "constant"]
    assert found["empty"].reason == "0 known rows are too few"
    assert found["constant"].reason == "one value only"


def test_one_class_and_a_category_per_row_say_why_nothing_is_measured() -> None:
    names = pd.Series([f"row {place}" for place in range(N)], dtype=object)
    (one,) = associate(window({"x": RNG.normal(size=N)}, np.zeros(N)))
    assert one.reason == "the target has one value only in these rows"
    (unique,) = associate(window({"c": names}, RNG.normal(size=N), task="regression"))
    assert unique.reason == "every row is a group of its own"


def test_infinite_and_missing_values_are_not_counted() -> None:
    values = RNG.normal(size=N)
    clean, dirty = values[20:], np.concatenate([np.full(10, np.inf), np.full(10, np.nan), values[20:]])
    target = (values > 0).astype(float)
    (expected,) = associate(window({"x": clean}, target[20:]))
    (found,) = associate(window({"x": dirty}, target))
    assert found == expected
