"""A candidate measured beside the baseline and the champion, on rows that none of them was trained on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ml_platform.errors import DataError
from ml_platform.evaluation.bootstrap import Estimate, Scored, has_classes, score

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Champion:
    """The model in production, as the rows of the evaluation see it.

    Attributes
    ----------
    version
        Its version in the registry.
    scores
        What it says about the same rows, in the same order.
    unseen
        Whether each row is one that it was not trained on. A comparison on rows that it has seen would flatter it.
    is_candidate
        Whether it is the very model that is being evaluated.
    """

    version: str
    scores: ArrayLike
    unseen: ArrayLike
    is_candidate: bool = False


@dataclass(frozen=True)
class Comparison:
    """A candidate and another model on the same rows.

    Attributes
    ----------
    n_rows, class_counts
        The rows of the comparison; rows per class, without any for a regression.
    candidate, other
        Each metric of each model.
    gain
        Candidate - other per metric, on the same resamples, oriented so that a positive one is a gain.
    """

    n_rows: int
    class_counts: Mapping[str, int]
    candidate: Mapping[str, Estimate]
    other: Mapping[str, Estimate]
    gain: Mapping[str, Estimate]

    def to_document(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "n_rows": self.n_rows,
            "class_counts": dict(self.class_counts),
            "candidate": _documents(self.candidate),
            "other": _documents(self.other),
            "gain": _documents(self.gain),
        }


@dataclass(frozen=True)
class Evaluation:
    """Everything that the gates, the model card and the plots of metrics are told about a candidate.

    Attributes
    ----------
    baseline
        The candidate against the baseline, on all rows.
    champion
        The candidate against the champion, on the rows that the champion has not seen; None where there is no champion,
        or where too few such rows are left to measure anything (`n_unseen` says how many).
    champion_version, champion_is_candidate
        Which champion; None and False where there is none.
    n_unseen
        Rows that the champion has not seen; None where there is no champion.
    confidence, resamples, seed
        How the intervals were made.
    """

    baseline: Comparison
    champion: Comparison | None
    champion_version: str | None
    champion_is_candidate: bool
    n_unseen: int | None
    confidence: float
    resamples: int
    seed: int

    @property
    def metrics(self) -> Mapping[str, Estimate]:
        """Each metric of the candidate on all rows."""
        return self.baseline.candidate

    def to_document(self) -> dict[str, Any]:
        """Return plain values for JSON: what the gates read."""
        return {
            "baseline": self.baseline.to_document(),
            "champion": self.champion.to_document() if self.champion else None,
            "champion_version": self.champion_version,
            "champion_is_candidate": self.champion_is_candidate,
            "n_unseen": self.n_unseen,
            "confidence": self.confidence,
            "resamples": self.resamples,
            "seed": self.seed,
        }


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
    """Measure the candidate on the test rows, against the baseline and, where it is fair, against the champion.

    Parameters
    ----------
    y, candidate, baseline
        Labels and scores of the same rows in the same order; see `Metric.function`.
    class_names
        What `class_counts` calls the codes 0, 1, …; their numbers when left out.

    Raises
    ------
    DataError
        As `evaluate`, and when the champion's arrays have another length.
    """
    options = _Options(tuple(metrics), resamples, confidence, seed, tuple(class_names))
    return Evaluation(
        baseline=_compare(y, candidate, baseline, options),
        champion=_against_champion(y, candidate, champion, options) if champion else None,
        champion_version=champion.version if champion else None,
        champion_is_candidate=champion.is_candidate if champion else False,
        n_unseen=int(_unseen(y, champion).sum()) if champion else None,
        confidence=confidence,
        resamples=resamples,
        seed=seed,
    )


@dataclass(frozen=True)
class _Options:
    metrics: tuple[str, ...]
    resamples: int
    confidence: float
    seed: int
    class_names: tuple[str, ...]

    def named(self, counts: Mapping[str, int]) -> dict[str, int]:
        return {self.class_names[int(code)] if self.class_names else code: count for code, count in counts.items()}

    def score(self, y: ArrayLike, scores: ArrayLike) -> Scored:
        return score(y, scores, metrics=self.metrics, resamples=self.resamples, seed=self.seed)


def _compare(y: ArrayLike, candidate: ArrayLike, other: ArrayLike, options: _Options) -> Comparison:
    ours, theirs = options.score(y, candidate), options.score(y, other)
    return Comparison(
        n_rows=ours.n_rows,
        class_counts=options.named(ours.class_counts),
        candidate=ours.estimates(options.confidence),
        other=theirs.estimates(options.confidence),
        gain=ours.gains_over(theirs, options.confidence),
    )


def _against_champion(y: ArrayLike, candidate: ArrayLike, champion: Champion, options: _Options) -> Comparison | None:
    import numpy as np

    unseen = _unseen(y, champion)
    labels = np.asarray(y)[unseen]
    if not len(labels) or _lost_a_class(np.asarray(y), labels, options.metrics):
        return None
    return _compare(labels, np.asarray(candidate)[unseen], np.asarray(champion.scores)[unseen], options)


def _lost_a_class(y: NDArray[Any], unseen: NDArray[Any], metrics: Sequence[str]) -> bool:
    import numpy as np

    return has_classes(metrics) and len(np.unique(unseen)) < len(np.unique(y))


def _unseen(y: ArrayLike, champion: Champion) -> NDArray[np.bool_]:
    import numpy as np

    unseen = np.asarray(champion.unseen, dtype=bool)
    n_scores, n_rows = len(np.asarray(champion.scores)), len(np.asarray(y))
    if not len(unseen) == n_scores == n_rows:
        found = f"{n_scores:,} scores and {len(unseen):,} marks of unseen rows"
        raise DataError(f"champion version {champion.version}: {found} for {n_rows:,} labels")
    return unseen


def _documents(estimates: Mapping[str, Estimate]) -> dict[str, dict[str, float]]:
    return {name: estimate.to_document() for name, estimate in estimates.items()}
