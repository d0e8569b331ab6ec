"""The plots of a regression show its extremes, and reject what cannot be drawn."""

import numpy as np
import pytest

from ml_platform.errors import DataError
from ml_platform.evaluation.regression_plots import MAX_POINTS, prediction_points

RNG = np.random.default_rng(3)
N = 2_000
PRICES = np.exp(RNG.normal(size=N))
PREDICTED = PRICES + RNG.normal(size=N)


def test_the_extreme_rows_of_a_regression_are_among_those_shown() -> None:
    rows = prediction_points(PRICES, PREDICTED)
    assert len(rows) <= MAX_POINTS
    assert {PRICES.min(), PRICES.max()} <= {row["actual"] for row in rows}
    with pytest.raises(DataError, match="1 of 2,000 predictions are missing or infinite"):
        prediction_points(PRICES, np.where(np.arange(N) == 5, np.nan, PREDICTED))
