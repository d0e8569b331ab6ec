"""The confusion plot counts every row once, and draws any class name."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score

from ml_platform.evaluation.multiclass_plots import confusion_plot, confusion_points

RNG = np.random.default_rng(3)
N = 2_000
CODES = RNG.integers(0, 3, N)
RAW = np.eye(3)[CODES] + RNG.random((N, 3))
PROBABILITIES = RAW / RAW.sum(axis=1, keepdims=True)


def test_confusion_counts_every_row_once_and_agrees_with_accuracy() -> None:
    rows = confusion_points(CODES, PROBABILITIES, ("setosa", "versicolor", "blå"))
    assert len(rows) == 9
    assert sum(row["n_rows"] for row in rows) == N
    right = sum(row["n_rows"] for row in rows if row["actual"] == row["predicted"])
    assert right / N == accuracy_score(CODES, PROBABILITIES.argmax(axis=1))


@pytest.mark.parametrize("names", [("$5_$", "\\frac{", "a\nb"), ("日本", "", "x" * 99)])
def test_any_class_name_can_be_drawn(names: tuple[str, ...]) -> None:
    """`$5_$` is broken mathematics to matplotlib, which raised after the training."""
    assert confusion_plot(CODES, PROBABILITIES, names).startswith(b"\x89PNG")
