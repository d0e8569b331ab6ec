"""GATES: what a candidate must show before it is promoted. A gate that cannot be decided fails."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any

from pydantic import Field

from ml_platform.promotion.evidence import ComparisonEvidence, Evidence

Margin = Annotated[float, Field(ge=0, allow_inf_nan=False)]
"""A difference in the unit of the metric. It cannot be negative: such a gate would pass worse models."""

Rows = Annotated[int, Field(ge=2)]

Most = Annotated[float, Field(allow_inf_nan=False)]
"""A value of the metric."""

CREDIBLE = {"roc_auc": 0.995, "macro_roc_auc": 0.9995, "r2_score": 0.999}
"""Metric → the most that a model is believed. Honest classes are often told apart better than a yes and a no: ten
handwritten digits reach a mean AUC of 0.999."""


@dataclass(frozen=True)
class GateResult:
    """Whether a gate passed, and why, in a sentence with its figures."""

    gate: str
    passed: bool
    reason: str
    figures: Mapping[str, Any] = field(default_factory=dict)
    """`metric`, `n_rows`, the intervals `candidate`, `other` and `gain`, and `required`: what the lower end of the gain
    must be above. Empty where nothing could be compared."""


def beats_baseline(
    evidence: Evidence, *, metric: str, margin: Margin = 0.0, min_rows: Rows = 100, min_per_class: Rows = 20
) -> GateResult:
    """Pass when the candidate is better than the baseline, beyond chance.

    The lower end of the paired interval of the gain must lie above the margin: with a 95% interval, a candidate that is
    no better than the margin passes in about 2.5% of evaluations.

    Parameters
    ----------
    margin
        Required gain, in the unit of the metric.
    min_rows, min_per_class
        With fewer rows the bootstrap interval means little, and the gate fails.
    """
    found = evidence.baseline
    if undecidable := _undecidable(found, metric, min_rows, min_per_class):
        return GateResult("beats_baseline", False, undecidable)
    gain = found.gain[metric]
    reason = f"{metric} {found.candidate[metric]}, baseline {found.other[metric]}: gain {gain} on {found.n_rows:,} rows"
    required = f"the lower end of the gain must be above {margin:g}"
    return GateResult("beats_baseline", gain.low > margin, f"{reason}; {required}", _figures(found, metric, margin))


def not_worse_than_champion(
    evidence: Evidence, *, metric: str, tolerance: Margin, min_rows: Rows = 100, min_per_class: Rows = 20
) -> GateResult:
    """Pass when the candidate is at most the tolerance worse than the champion, beyond chance (non-inferiority).

    The lower end of the paired interval of the gain must lie above -tolerance: with a 95% interval, a candidate that is
    worse by the whole tolerance passes in about 2.5% of evaluations. Only rows that the champion was not trained on
    count. Without a champion, and for the champion itself, there is nothing to be worse than.

    The tolerance is the accepted loss of a model trained on newer data, in the unit of the metric; 0 requires a
    significant gain. The other options are those of `beats_baseline`.
    """
    result = partial(GateResult, "not_worse_than_champion")
    version, found = evidence.champion_version, evidence.champion
    if version is None:
        return result(True, "there is no champion yet")
    if evidence.champion_is_candidate:
        return result(True, f"the candidate is the champion, version {version}")
    if not evidence.n_unseen:
        trained = f"champion version {version} was trained on every row of the comparison"
        return result(False, f"{trained}, which would flatter it")
    if found is None:
        unseen = f"only {evidence.n_unseen:,} rows that champion version {version} has not seen"
        return result(False, f"{unseen}, too few to compare")
    if undecidable := _undecidable(found, metric, min_rows, min_per_class):
        return result(False, f"champion version {version}: {undecidable}")
    gain = found.gain[metric]
    figures = f"{metric} {found.candidate[metric]}, champion version {version} {found.other[metric]}"
    rows = f"gain {gain} on {found.n_rows:,} rows that it has not seen"
    reason = f"{figures}: {rows}; the lower end of the gain must be above {-tolerance:g}"
    return result(gain.low > -tolerance, reason, _figures(found, metric, -tolerance))


def too_good_to_be_true(
    evidence: Evidence, *, metric: str, most: Most | None = None, min_rows: Rows = 100, min_per_class: Rows = 20
) -> GateResult:
    """Pass when the candidate is not better than one can believe: behind such a value there nearly always is a leak.

    `most` is the greatest value that is believed, of CREDIBLE where it is left out. State it where the target is easy.
    The other options are those of `beats_baseline`.
    """
    passed, reason = _credible(
        evidence, metric, CREDIBLE.get(metric) if most is None else most, min_rows, min_per_class
    )
    return GateResult("too_good_to_be_true", passed, reason)


def _credible(
    evidence: Evidence, metric: str, most: float | None, min_rows: int, min_per_class: int
) -> tuple[bool, str]:
    found = evidence.baseline
    if most is None:
        return (
            False,
            f"no value of {metric} is known to be too good: give the gate 'most', or one of {', '.join(CREDIBLE)}",
        )
    if undecidable := _undecidable(found, metric, min_rows, min_per_class):
        return False, undecidable
    if found.candidate[metric].value <= most:
        return True, f"{metric} {found.candidate[metric]} is at most {most:g}"
    return False, (
        f"{metric} {found.candidate[metric]} is above {most:g}: does a feature know the outcome? Look at the "
        "strongest in the leakage report; if it is honest, state the gate's 'most'"
    )


def _figures(found: ComparisonEvidence, metric: str, required: float) -> dict[str, Any]:
    compared = {"candidate": found.candidate[metric], "other": found.other[metric], "gain": found.gain[metric]}
    intervals = {name: interval.model_dump() for name, interval in compared.items()}
    return {"metric": metric, "n_rows": found.n_rows, **intervals, "required": required}


def _undecidable(found: ComparisonEvidence, metric: str, min_rows: int, min_per_class: int) -> str | None:
    """Return why a comparison cannot be decided, or None."""
    if metric not in found.gain or metric not in found.candidate or metric not in found.other:
        return f"{metric} was not evaluated (evaluated: {', '.join(found.gain) or 'nothing'})"
    if found.n_rows < min_rows:
        return f"{found.n_rows:,} rows are too few to decide on, at least {min_rows:,} are needed"
    small = {name: count for name, count in found.class_counts.items() if count < min_per_class}
    if small:
        counts = ", ".join(f"{count:,} of class {name}" for name, count in small.items())
        return f"only {counts} among {found.n_rows:,} rows, at least {min_per_class:,} are needed"
    if not all(interval.is_finite for interval in (found.gain[metric], found.candidate[metric], found.other[metric])):
        return f"{metric} is not a number"
    if not found.gain[metric].low <= found.gain[metric].value <= found.gain[metric].high:
        return f"the interval of the gain in {metric} does not hold its value: {found.gain[metric]}"
    return None


GATES: dict[str, Callable[..., GateResult]] = {
    "beats_baseline": beats_baseline,
    "not_worse_than_champion": not_worse_than_champion,
    "too_good_to_be_true": too_good_to_be_true,
}

REQUIRED = ("beats_baseline", "not_worse_than_champion")
"""Gates that every model has."""
