"""Each task has its own plots, with the points behind them."""

import numpy as np
import pytest

from ml_platform.evaluation.plots import plots, points
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
def test_plots_are_small_and_the_same_bytes_each_time(case: str) -> None:
    output, y, scores, titles = CASES[case]
    models = {"candidate": scores, "champion": scores}
    found = plots(output, y, models)
    assert set(found) == titles
    assert found == plots(output, y, models)
    assert all(len(rows) > 1 for rows in points(output, y, scores).values())
    assert all(png.startswith(b"\x89PNG") and len(png) < 60_000 for png in found.values())
