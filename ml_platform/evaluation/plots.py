"""The plots of an evaluation by task, and the points behind them for DVC."""

from collections.abc import Mapping
from typing import Any

from numpy.typing import ArrayLike

from ml_platform.evaluation.binary_plots import calibration_plot, calibration_points, roc_plot, roc_points
from ml_platform.evaluation.multiclass_plots import confusion_plot, confusion_points
from ml_platform.evaluation.regression_plots import prediction_plot, prediction_points, residual_plot
from ml_platform.task import MULTICLASS, REGRESSION, Output

CANDIDATE = "candidate"


def plots(output: Output, y: ArrayLike, scores: Mapping[str, ArrayLike]) -> dict[str, bytes]:
    """Return PNGs by title; `scores` holds each model's scores by its name, the candidate's among them."""
    if output.task == MULTICLASS:
        return {"Confusion of the candidate": confusion_plot(y, scores[CANDIDATE], output.classes)}
    if output.task == REGRESSION:
        return {
            "Predicted against actual": prediction_plot(y, scores[CANDIDATE]),
            "Residuals": residual_plot(y, scores),
        }
    return {"ROC curve": roc_plot(y, scores), "Calibration": calibration_plot(y, scores)}


def points(output: Output, y: ArrayLike, scores: ArrayLike) -> dict[str, list[dict[str, Any]]]:
    """Return the rows behind a model's plots by name."""
    if output.task == MULTICLASS:
        return {"confusion": [*confusion_points(y, scores, output.classes)]}
    if output.task == REGRESSION:
        return {"predictions": [*prediction_points(y, scores)]}
    return {"roc": [*roc_points(y, scores)], "calibration": [*calibration_points(y, scores)]}
