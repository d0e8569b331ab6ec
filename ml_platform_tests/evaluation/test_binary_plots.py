"""Plots are small and repeatable; their points are scikit-learn's."""

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import auc, roc_auc_score

from ml_platform.errors import DataError
from ml_platform.evaluation.binary_plots import MAX_POINTS, calibration_plot, calibration_points, roc_plot, roc_points

RNG = np.random.default_rng(2)
SCORES = RNG.random(5_000)
Y = (RNG.random(5_000) < SCORES).astype(int)
MODELS = {"candidate": SCORES, "baseline": np.full(5_000, 0.5)}


@pytest.mark.parametrize("plot", [roc_plot, calibration_plot])
def test_a_plot_is_a_small_png_with_the_same_bytes_each_time(plot) -> None:
    png = plot(Y, MODELS)
    assert png.startswith(b"\x89PNG")
    assert len(png) < 40_000
    assert png == plot(Y, MODELS)


def test_roc_points_are_few_and_enclose_the_same_area() -> None:
    points = roc_points(Y, SCORES)
    area = auc([p["false_positive_rate"] for p in points], [p["true_positive_rate"] for p in points])
    assert len(points) <= MAX_POINTS
    assert area == pytest.approx(roc_auc_score(Y, SCORES), abs=0.002)


def test_calibration_points_are_scikit_learns_and_hold_every_row() -> None:
    coarse = np.round(SCORES, 1)
    share, mean = calibration_curve(Y, coarse, n_bins=10, strategy="quantile")
    points = calibration_points(Y, coarse)
    np.testing.assert_allclose([p["share_of_positives"] for p in points], share)
    np.testing.assert_allclose([p["mean_score"] for p in points], mean)
    assert sum(p["n_rows"] for p in points) == 5_000


def test_a_constant_score_is_one_point() -> None:
    assert calibration_points([0, 1, 1, 0], [0.5] * 4) == [{"mean_score": 0.5, "share_of_positives": 0.5, "n_rows": 4}]


@pytest.mark.parametrize("points", [roc_points, calibration_points])
@pytest.mark.parametrize(("y", "scores"), [([], []), ([1, 1], [0.1, 0.2]), ([0, 1], [0.1, float("nan")])])
def test_what_cannot_be_plotted_is_a_clear_error(points, y: list[int], scores: list[float]) -> None:
    with pytest.raises(DataError):
        points(y, scores)
