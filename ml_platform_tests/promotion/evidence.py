"""Evidence made from real arrays, by the same code that the graph runs."""

import numpy as np

from ml_platform.evaluation.evaluation import Champion, evaluate_candidate
from ml_platform.promotion.evidence import Evidence

N_ROWS = 2_000


def truth(seed: int = 1, n_rows: int = N_ROWS) -> tuple[np.ndarray, np.ndarray]:
    """Labels, and the probabilities that they were drawn from."""
    rng = np.random.default_rng(seed)
    probability = 1 / (1 + np.exp(-rng.normal(-1, 1.2, n_rows)))
    return (rng.random(n_rows) < probability).astype(int), probability


def noisy(probability: np.ndarray, amount: float, seed: int = 2) -> np.ndarray:
    """The same scores, worse by some noise on the logit."""
    logit = np.log(probability / (1 - probability))
    return 1 / (1 + np.exp(-(logit + np.random.default_rng(seed).normal(0, amount, len(logit)))))


def gathered(y: np.ndarray, candidate: np.ndarray, champion: Champion | None = None, seed: int = 3) -> Evidence:
    """What the gates are told about a candidate whose baseline is the share of positives."""
    baseline = np.full(len(y), float(np.mean(y)))
    metrics = ["roc_auc", "brier_score"]
    options = {"metrics": metrics, "resamples": 200, "confidence": 0.95, "seed": seed}
    found = evaluate_candidate(y, candidate, baseline, champion, **options)
    return Evidence.from_document(found.to_document())


def champion(scores: np.ndarray, *, n_unseen: int = N_ROWS, is_candidate: bool = False) -> Champion:
    """A champion that has seen all rows but the last `n_unseen`."""
    unseen = np.arange(len(scores)) >= len(scores) - n_unseen
    return Champion("7", scores, unseen, is_candidate)
