"""Metrics with bootstrap intervals, and paired differences between two models on the same rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ml_platform.choices import choose
from ml_platform.errors import DataError
from ml_platform.evaluation.checked import checked
from ml_platform.evaluation.metrics import METRICS, Metric
from ml_platform.evaluation.vectorised import Resampled
from ml_platform.task import REGRESSION

Array = NDArray[np.float64]

CELLS_AT_ONCE = 1_000_000
"""Weights held in memory at a time (8 MB), and the most that one cumulative sum has to walk."""

MAX_REDRAWS = 1_000
"""Draws spent on one resample that keeps missing a class before the data is called too small."""


@dataclass(frozen=True)
class Estimate:
    """A value with its confidence interval, and the number of rows behind it."""

    value: float
    low: float
    high: float
    n_rows: int


@dataclass(frozen=True)
class Scored:
    """One model on one set of rows: each metric's value, and its value on each resample."""

    values: dict[str, float]
    resampled: dict[str, Array]
    n_rows: int

    def estimates(self, confidence: float) -> dict[str, Estimate]:
        """Return each metric with its percentile interval."""
        return {
            name: _interval(value, self.resampled[name], confidence, self.n_rows) for name, value in self.values.items()
        }

    def gains_over(self, other: "Scored", confidence: float) -> dict[str, Estimate]:
        """Return this model - the other, per metric, oriented so that a positive difference is a gain."""
        gains = {}
        for name, value in self.values.items():
            sign = METRICS[name].sign
            gain = sign * (value - other.values[name])
            resampled = sign * (self.resampled[name] - other.resampled[name])
            gains[name] = _interval(gain, resampled, confidence, self.n_rows)
        return gains


def score(y: ArrayLike, scores: ArrayLike, *, metrics: Sequence[str], resamples: int, seed: int) -> Scored:
    """Measure one model on the rows and on each resample.

    The intervals are percentile intervals of the nonparametric bootstrap over rows (Efron and Tibshirani 1993, An
    Introduction to the Bootstrap, section 13.3). A resample in which a class is missing is drawn again, so the interval
    is conditional on every class being present. Rows are taken as independent: where they come in bunches, such as the
    flights of one stormy day, the true interval is wider.

    Parameters
    ----------
    y, scores
        As in `Metric.function`, the same rows in the same order; what cannot be measured is a DataError, see `checked`.
    seed
        The same seed and number of rows give the same resamples, whichever model is measured. So what makes rows easy
        or hard for two models cancels in their difference, and its interval is narrower than of independent resamples.
    """
    chosen = {name: choose(METRICS, name, "metric") for name in metrics}
    classes = of_classes(metrics)
    y_checked, scores_checked = checked(y, scores, classes=classes)
    resampled = {name: _resampled(metric, y_checked, scores_checked) for name, metric in chosen.items()}
    parts: dict[str, list[Array]] = {name: [] for name in chosen}
    for weights in resample_weights(y_checked, resamples, seed, classes=classes):
        for name, values in resampled.items():
            parts[name].append(values(weights))
    return Scored(
        values={name: metric.function(y_checked, scores_checked) for name, metric in chosen.items()},
        resampled={name: np.concatenate(part) for name, part in parts.items()},
        n_rows=len(y_checked),
    )


def of_classes(metrics: Sequence[str]) -> bool:
    """Return whether the metrics are about classes, so that labels are codes, and none may be absent."""
    return not any(REGRESSION in choose(METRICS, name, "metric").tasks for name in metrics)


def _resampled(metric: Metric, y: Array, scores: Array) -> Resampled:
    """Return the metric for many weightings of the rows: its vectorised form, or its function for each."""
    if metric.vectorised:
        return metric.vectorised(y, scores)
    return lambda weights: np.array([metric.function(y, scores, sample_weight=weight) for weight in weights])


def resample_weights(y: Array, resamples: int, seed: int, *, classes: bool) -> Iterator[Array]:
    """Yield how often each row was drawn, in blocks of shape ``(at most resamples, n_rows)``.

    Drawn from the seed, the number of rows and (only to draw again where a class is missing) `y`: never from the
    scores, so that every model meets the same resamples.
    """
    rng = np.random.default_rng(seed)
    codes = y.astype(np.intp) if classes else None
    per_block = max(1, CELLS_AT_ONCE // len(y))
    for start in range(0, resamples, per_block):
        rows = min(per_block, resamples - start)
        yield np.stack([_draw(rng, len(y), codes) for _ in range(rows)])


def _draw(rng: np.random.Generator, n_rows: int, codes: NDArray[np.intp] | None) -> Array:
    for _ in range(MAX_REDRAWS):
        counts = np.bincount(rng.integers(0, n_rows, n_rows), minlength=n_rows).astype(float)
        if codes is None or np.bincount(codes, weights=counts).all():
            return counts
    raise DataError(f"{n_rows} rows are too few to resample: a class is missing from {MAX_REDRAWS} resamples in a row")


def _interval(value: float, resampled: Array, confidence: float, n_rows: int) -> Estimate:
    tail = (1 - confidence) / 2
    low, high = np.quantile(resampled, [tail, 1 - tail])
    return Estimate(value, float(low), float(high), n_rows)
