"""Intervals cover as often as they say; differences are paired; bad input is one clear error."""

import math

import numpy as np
import pytest

from ml_platform.errors import SpecError
from ml_platform.evaluation.bootstrap import resample_weights, score
from ml_platform.evaluation.metrics import METRICS
from ml_platform_tests.evaluation.measured import evaluate, paired_difference

BINARY = ["roc_auc", "average_precision", "brier_score", "log_loss"]
SIMULATIONS = 250


def logistic_rows(seed: int, n_rows: int = 300) -> tuple[np.ndarray, np.ndarray]:
    """Scores that are the true probabilities, with labels drawn from them."""
    rng = np.random.default_rng(seed)
    probability = 1 / (1 + np.exp(-rng.normal(0, 1.5, n_rows)))
    return (rng.random(n_rows) < probability).astype(int), probability


def times_covered(low: np.ndarray, high: np.ndarray, truth: float) -> int:
    return int(((low <= truth) & (truth <= high)).sum())


def assert_nominal(covered: int, confidence: float) -> None:
    """Within four binomial standard errors, and two points for the percentile method at 300 rows."""
    margin = 4 * math.sqrt(confidence * (1 - confidence) / SIMULATIONS) + 0.02
    assert abs(covered / SIMULATIONS - confidence) <= margin


@pytest.mark.parametrize("metric", BINARY)
def test_an_interval_covers_the_true_value_as_often_as_it_says(metric: str) -> None:
    y, p = logistic_rows(0, 400_000)
    truth = METRICS[metric].function(y, p)
    options = {"metrics": [metric], "resamples": 200, "confidence": 0.9}
    found = [evaluate(*logistic_rows(seed), **options, seed=10**7 + seed)[metric] for seed in range(1, SIMULATIONS + 1)]
    covered = times_covered(np.array([e.low for e in found]), np.array([e.high for e in found]), truth)
    assert_nominal(covered, 0.9)


def test_a_paired_interval_covers_the_true_difference_and_is_narrower_than_an_unpaired_one() -> None:
    def rows(seed: int, n_rows: int = 300) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        y, p = logistic_rows(seed, n_rows)
        noisy = 1 / (1 + np.exp(-(np.log(p / (1 - p)) + np.random.default_rng(seed + 10**6).normal(0, 0.7, n_rows))))
        return y, p, noisy

    y, a, b = rows(0, 400_000)
    truth = METRICS["roc_auc"].function(y, a) - METRICS["roc_auc"].function(y, b)
    options = {"resamples": 200, "confidence": 0.9}
    found = [
        paired_difference(*rows(seed), "roc_auc", **options, seed=10**7 + seed) for seed in range(1, SIMULATIONS + 1)
    ]
    low, high = np.array([e.low for e in found]), np.array([e.high for e in found])
    assert_nominal(times_covered(low, high, truth), 0.9)
    y, a, _ = rows(1)
    alone = evaluate(y, a, metrics=["roc_auc"], **options, seed=1)["roc_auc"]
    assert np.median(high - low) < 0.8 * (alone.high - alone.low)


def test_the_same_seed_gives_the_same_interval_and_another_seed_another() -> None:
    y, p = logistic_rows(3)
    first, again, other = (
        evaluate(y, p, metrics=BINARY, resamples=100, confidence=0.95, seed=seed) for seed in (7, 7, 8)
    )
    assert first == again
    assert first["roc_auc"].value == other["roc_auc"].value
    assert first["roc_auc"].low != other["roc_auc"].low


def test_every_model_and_metric_meets_the_same_resamples() -> None:
    y, p = logistic_rows(4)
    together = score(y, p, metrics=BINARY, resamples=100, seed=5)
    alone = score(y, p, metrics=["brier_score"], resamples=100, seed=5)
    np.testing.assert_array_equal(together.resampled["brier_score"], alone.resampled["brier_score"])
    assert paired_difference(y, p, p, "log_loss", resamples=100, confidence=0.95, seed=5).high == 0


def test_blocks_do_not_change_what_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    y, p = logistic_rows(6)
    whole = score(y, p, metrics=BINARY, resamples=100, seed=5)
    monkeypatch.setattr("ml_platform.evaluation.bootstrap.CELLS_AT_ONCE", 700)
    parts = score(y, p, metrics=BINARY, resamples=100, seed=5)
    for name in BINARY:
        np.testing.assert_allclose(whole.resampled[name], parts.resampled[name], rtol=1e-12)


@pytest.mark.parametrize("metric", BINARY)
def test_a_gain_is_positive_when_the_first_model_is_better_whichever_way_the_metric_points(metric: str) -> None:
    y, p = logistic_rows(9, 2_000)
    gain = paired_difference(y, p, np.full_like(p, 0.5), metric, resamples=100, confidence=0.95, seed=1)
    assert 0 < gain.low <= gain.value <= gain.high


def test_a_resample_without_one_of_the_classes_is_drawn_again() -> None:
    y = np.array([1.0] + [0.0] * 19)
    weights = np.concatenate(list(resample_weights(y, 500, 1, classes=True)))
    assert weights.shape == (500, 20)
    assert (weights.sum(axis=1) == 20).all()
    assert (weights[:, 0] > 0).all()
    free = np.concatenate(list(resample_weights(y, 500, 1, classes=False)))
    assert (free[:, 0] == 0).any()


def test_an_unknown_metric_gets_a_guess() -> None:
    with pytest.raises(SpecError, match="Did you mean 'roc_auc'"):
        evaluate([0, 1], [0.1, 0.9], metrics=["roc_acu"], resamples=100, confidence=0.95, seed=1)
