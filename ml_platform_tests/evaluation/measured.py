"""Models measured in one call, as tests need them."""

import numpy as np

from ml_platform.evaluation.bootstrap import Estimate, score


def evaluate(y, scores, *, metrics, resamples, confidence, seed) -> dict[str, Estimate]:
    """Each metric of one model with its interval."""
    return score(y, scores, metrics=metrics, resamples=resamples, seed=seed).estimates(confidence)


def paired_difference(y, a: np.ndarray, b: np.ndarray, metric: str, *, resamples, confidence, seed) -> Estimate:
    """How much better `a` is than `b` on the same rows and the same resamples."""
    first, second = (score(y, scores, metrics=[metric], resamples=resamples, seed=seed) for scores in (a, b))
    return first.gains_over(second, confidence)[metric]
