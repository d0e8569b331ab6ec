"""Plots are small and repeatable, draw any name, and show the points that scikit-learn gives."""

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import accuracy_score, auc, roc_auc_score

from ml_platform.errors import DataError
from ml_platform.evaluation.plots import (
    MAX_CURVE_POINTS,
    MAX_DRAWN_ROWS,
    calibration_plot,
    calibration_points,
    confusion_plot,
    confusion_points,
    plots,
    points,
    prediction_points,
    roc_plot,
    roc_points,
)
from ml_platform.task import Output

RNG = np.random.default_rng(2)
N = 2_000

SCORES = RNG.random(5_000)
Y = (RNG.random(5_000) < SCORES).astype(int)
MODELS = {"candidate": SCORES, "baseline": np.full(5_000, 0.5)}

CLASSES = ("setosa", "versicolor", "blå")
CODES = RNG.integers(0, 3, N)
RAW = np.eye(3)[CODES] + RNG.random((N, 3))
PROBABILITIES = RAW / RAW.sum(axis=1, keepdims=True)

PRICES = np.exp(RNG.normal(size=N))
PREDICTED = PRICES + RNG.normal(size=N)
CASES = {
    "binary": (Output("binary"), (CODES > 0).astype(int), PROBABILITIES[:, 0], {"ROC curve", "Calibration"}),
    "multiclass": (Output("multiclass", CLASSES), CODES, PROBABILITIES, {"Confusion of the candidate"}),
    "regression": (
        Output("regression"),
        PRICES,
        PREDICTED,
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


@pytest.mark.parametrize("plot", [roc_plot, calibration_plot])
def test_a_plot_is_a_small_png_with_the_same_bytes_each_time(plot) -> None:
    png = plot(Y, MODELS)
    assert png.startswith(b"\x89PNG")
    assert len(png) < 40_000
    assert png == plot(Y, MODELS)


def test_roc_points_are_few_and_enclose_the_same_area() -> None:
    found = roc_points(Y, SCORES)
    area = auc([p["false_positive_rate"] for p in found], [p["true_positive_rate"] for p in found])
    assert len(found) <= MAX_CURVE_POINTS
    assert area == pytest.approx(roc_auc_score(Y, SCORES), abs=0.002)


def test_calibration_points_are_scikit_learns_and_hold_every_row() -> None:
    coarse = np.round(SCORES, 1)
    share, mean = calibration_curve(Y, coarse, n_bins=10, strategy="quantile")
    found = calibration_points(Y, coarse)
    np.testing.assert_allclose([p["share_of_positives"] for p in found], share)
    np.testing.assert_allclose([p["mean_score"] for p in found], mean)
    assert sum(p["n_rows"] for p in found) == 5_000


def test_a_constant_score_is_one_point() -> None:
    assert calibration_points([0, 1, 1, 0], [0.5] * 4) == [{"mean_score": 0.5, "share_of_positives": 0.5, "n_rows": 4}]


@pytest.mark.parametrize("points_of", [roc_points, calibration_points])
@pytest.mark.parametrize(("y", "scores"), [([], []), ([1, 1], [0.1, 0.2]), ([0, 1], [0.1, float("nan")])])
def test_what_cannot_be_plotted_is_a_clear_error(points_of, y: list[int], scores: list[float]) -> None:
    with pytest.raises(DataError):
        points_of(y, scores)


def test_confusion_counts_every_row_once_and_agrees_with_accuracy() -> None:
    rows = confusion_points(CODES, PROBABILITIES, CLASSES)
    assert len(rows) == 9
    assert sum(row["n_rows"] for row in rows) == N
    right = sum(row["n_rows"] for row in rows if row["actual"] == row["predicted"])
    assert right / N == accuracy_score(CODES, PROBABILITIES.argmax(axis=1))


@pytest.mark.parametrize("names", [("$5_$", "\\frac{", "a\nb"), ("日本", "", "x" * 99)])
def test_any_class_name_can_be_drawn(names: tuple[str, ...]) -> None:
    """`$5_$` is broken mathematics to matplotlib, which raised after the training."""
    assert confusion_plot(CODES, PROBABILITIES, names).startswith(b"\x89PNG")


def test_the_extreme_rows_of_a_regression_are_among_those_shown() -> None:
    rows = prediction_points(PRICES, PREDICTED)
    assert len(rows) <= MAX_DRAWN_ROWS
    assert {PRICES.min(), PRICES.max()} <= {row["actual"] for row in rows}
    with pytest.raises(DataError, match="1 of 2,000 predictions are missing or infinite"):
        prediction_points(PRICES, np.where(np.arange(N) == 5, np.nan, PREDICTED))
