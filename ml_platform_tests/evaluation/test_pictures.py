"""Each task has its own pictures, with the points behind them."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score

from ml_platform.errors import DataError
from ml_platform.evaluation.number_plots import MAX_POINTS
from ml_platform.evaluation.pictures import plots, points
from ml_platform.task import Output

RNG = np.random.default_rng(3)
N = 2_000

CLASSES = ("setosa", "versicolor", "blå")
CODES = RNG.integers(0, 3, N)
PROBABILITIES = (np.eye(3)[CODES] + RNG.random((N, 3))) / (1 + 3)
PROBABILITIES = PROBABILITIES / PROBABILITIES.sum(axis=1, keepdims=True)

PRICES = np.exp(RNG.normal(size=N))
CASES = {
    "binary": (Output("binary"), (CODES > 0).astype(int), PROBABILITIES[:, 0], {"ROC curve", "Calibration"}),
    "multiclass": (Output("multiclass", CLASSES), CODES, PROBABILITIES, {"Confusion of the candidate"}),
    "regression": (
        Output("regression"),
        PRICES,
        PRICES + RNG.normal(size=N),
        {"Predicted against actual", "Residuals"},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_pictures_are_small_and_the_same_bytes_each_time(case: str) -> None:
    output, y, scores, titles = CASES[case]
    models = {"candidate": scores, "champion": scores}
    found = plots(output, y, models)
    assert set(found) == titles
    assert found == plots(output, y, models)
    assert all(png.startswith(b"\x89PNG") and len(png) < 60_000 for png in found.values())


def test_confusion_counts_every_row_once_and_agrees_with_accuracy() -> None:
    output, y, scores, _ = CASES["multiclass"]
    (rows,) = points(output, y, scores).values()
    assert len(rows) == 9
    assert sum(row["n_rows"] for row in rows) == N
    right = sum(row["n_rows"] for row in rows if row["actual"] == row["predicted"])
    assert right / N == accuracy_score(y, scores.argmax(axis=1))


def test_the_extreme_rows_of_a_regression_are_among_those_shown() -> None:
    output, y, scores, _ = CASES["regression"]
    (rows,) = points(output, y, scores).values()
    assert len(rows) <= MAX_POINTS
    assert {y.min(), y.max()} <= {row["actual"] for row in rows}
    with pytest.raises(DataError, match="1 of 2,000 predictions are missing or infinite"):
        points(output, y, np.where(np.arange(N) == 5, np.nan, scores))
