"""A candidate compared with the baseline and the champion, on rows that none of them was trained on."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ml_platform.errors import DataError
from ml_platform.evaluation.bootstrap import Estimate, of_classes, score


@dataclass(frozen=True)
class Champion:
    """The model in production."""

    version: str
    """Its version in the registry."""
    scores: ArrayLike
    """Its scores of the evaluated rows, in the same order."""
    unseen: ArrayLike
    """Whether each row is one that it was not trained on: a comparison on rows that it has seen would flatter it."""
    is_candidate: bool = False
    """Whether it is the very model that is being evaluated."""


@dataclass(frozen=True)
class Comparison:
    """A candidate and another model on the same rows."""

    n_rows: int
    class_counts: Mapping[str, int]
    """The rows of the comparison; rows per class, empty for a regression."""
    candidate: Mapping[str, Estimate]
    other: Mapping[str, Estimate]
    """Each metric of each model."""
    gain: Mapping[str, Estimate]
    """Candidate - other per metric, on the same resamples, oriented so that a positive one is a gain."""


@dataclass(frozen=True)
class Evaluation:
    """The evidence about a candidate, for gates, plots and the model card."""

    baseline: Comparison
    """The candidate against the baseline, on all rows."""
    champion: Comparison | None
    """The candidate against the champion, on the rows that the champion has not seen; None where there is no champion,
    or where too few such rows are left to measure anything (`n_unseen` says how many)."""
    champion_version: str | None
    champion_is_candidate: bool
    """Which champion; None and False where there is none."""
    n_unseen: int | None
    """Rows that the champion has not seen; None where there is no champion."""
    confidence: float
    resamples: int
    seed: int
    """How the intervals were made."""

    def to_document(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


def evaluate_candidate(
    y: ArrayLike,
    candidate: ArrayLike,
    baseline: ArrayLike,
    champion: Champion | None = None,
    *,
    metrics: Sequence[str],
    resamples: int,
    confidence: float,
    seed: int,
    class_names: Sequence[str] = (),
) -> Evaluation:
    """Measure the candidate on the test rows, against the baseline and, on unseen rows, against the champion.

    Parameters
    ----------
    y, candidate, baseline
        Labels and scores of the same rows in the same order; see `Metric.function` and `score`.
    class_names
        What `class_counts` calls the codes 0, 1, …; their numbers when left out.
    """
    labels = np.asarray(y)
    measure = partial(score, metrics=metrics, resamples=resamples, seed=seed)

    def compare(rows: Any, other: ArrayLike) -> Comparison:
        ours = measure(labels[rows], np.asarray(candidate)[rows])
        theirs = measure(labels[rows], np.asarray(other)[rows])
        return Comparison(
            n_rows=ours.n_rows,
            class_counts=_class_counts(labels[rows], class_names) if of_classes(metrics) else {},
            candidate=ours.estimates(confidence),
            other=theirs.estimates(confidence),
            gain=ours.gains_over(theirs, confidence),
        )

    unseen = _unseen_rows(labels, champion) if champion else None
    comparable = unseen is not None and _hold_every_class(labels, unseen, metrics)
    return Evaluation(
        baseline=compare(slice(None), baseline),
        champion=compare(unseen, champion.scores) if champion and comparable else None,
        champion_version=champion.version if champion else None,
        champion_is_candidate=champion.is_candidate if champion else False,
        n_unseen=None if unseen is None else int(unseen.sum()),
        confidence=confidence,
        resamples=resamples,
        seed=seed,
    )


def _unseen_rows(labels: NDArray[Any], champion: Champion) -> NDArray[np.bool_]:
    unseen = np.asarray(champion.unseen, dtype=bool)
    n_scores = len(np.asarray(champion.scores))
    if not len(unseen) == n_scores == len(labels):
        found = f"{n_scores:,} scores and {len(unseen):,} marks of unseen rows"
        raise DataError(f"champion version {champion.version}: {found} for {len(labels):,} labels")
    return unseen


def _hold_every_class(labels: NDArray[Any], rows: NDArray[np.bool_], metrics: Sequence[str]) -> bool:
    """Return whether there are such rows, with every class among them where the metrics are about classes."""
    kept = labels[rows]
    return bool(len(kept)) and not (of_classes(metrics) and len(np.unique(kept)) < len(np.unique(labels)))


def _class_counts(labels: NDArray[Any], class_names: Sequence[str]) -> dict[str, int]:
    codes, counts = np.unique(labels.astype(int), return_counts=True)
    return {class_names[code] if class_names else str(code): int(n) for code, n in zip(codes, counts, strict=True)}
