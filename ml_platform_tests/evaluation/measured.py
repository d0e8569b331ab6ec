"""Models measured in one call, and every metric with rows to measure, as tests need them."""

import numpy as np
import pytest

from ml_platform.evaluation.bootstrap import Estimate, score
from ml_platform.evaluation.metrics import METRICS
from ml_platform.task import BINARY, MULTICLASS


def evaluate(y, scores, *, metrics, resamples, confidence, seed) -> dict[str, Estimate]:
    """Each metric of one model with its interval."""
    return score(y, scores, metrics=metrics, resamples=resamples, seed=seed).estimates(confidence)


def paired_difference(y, a: np.ndarray, b: np.ndarray, metric: str, *, resamples, confidence, seed) -> Estimate:
    """How much better `a` is than `b` on the same rows and the same resamples."""
    first, second = (score(y, scores, metrics=[metric], resamples=resamples, seed=seed) for scores in (a, b))
    return first.gains_over(second, confidence)[metric]


EVERY = [
    pytest.param(metric, task, id=f"{name}-{task}") for name, metric in METRICS.items() for task in sorted(metric.tasks)
]
N_CLASSES = 3


def rows(task: str, rng: np.random.Generator, n_rows: int, levels: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows in which every class appears, with scores of few levels so that many are tied."""
    coarse = rng.integers(0, levels + 1, n_rows) / levels
    if task == BINARY:
        return np.append([0.0, 1.0], rng.integers(0, 2, n_rows - 2)), coarse
    if task == MULTICLASS:
        y = np.append([0.0, 1.0, 2.0], rng.integers(0, N_CLASSES, n_rows - N_CLASSES))
        raw = rng.integers(1, levels + 2, (n_rows, N_CLASSES)).astype(float)
        return y, raw / raw.sum(axis=1, keepdims=True)
    return rng.normal(size=n_rows), coarse


def perfect(task: str, y: np.ndarray) -> np.ndarray:
    return np.eye(N_CLASSES)[y.astype(int)] if task == MULTICLASS else y
