"""What each run of the demo came to, in a few lines, and what all of them came to, in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from ml_platform.evaluation.metrics import METRICS
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.stores import Stores

LARGEST = 3
"""Columns that are named, those that have drifted most first."""


def story(stores: Stores, model: str, verb: str, partition: str) -> list[str]:
    """Return what a run of a verb has made of a partition."""
    return [line for tell in STORIES[verb] for line in tell(stores, model, partition)]


def closing(stores: Stores, model: str, drifted: str, scored: str, *, asked: bool) -> str:
    """Return how the loop ended: whether `drifted` was answered by a retrain, what came of it, who serves `scored`."""
    serves = f"version {_report(stores, model, scored)['model_version']} serves {scored}"
    if not asked:
        return f"{drifted} asked for no retrain; {serves}."
    decision = stores.documents.read(ArtifactKey(model, "decision", drifted))
    verdict = "was promoted" if decision["promote"] else "lost to the champion"
    return f"{drifted} had drifted, so the sensor asked for a retrain; its candidate {verdict}, and {serves}."


def _rows(stores: Stores, model: str, partition: str) -> Iterator[str]:
    n_valid, n_quarantined = (
        stores.tables.require(ArtifactKey(model, f"{kind}_{model}", partition)).n_rows
        for kind in ("valid", "quarantine")
    )
    yield f"Contract: {n_valid:,} rows of {model} are valid, {n_quarantined:,} are quarantined."


def _decision(stores: Stores, model: str, partition: str) -> Iterator[str]:
    evaluation = stores.documents.read(ArtifactKey(model, "evaluation", partition))
    decision = stores.documents.read(ArtifactKey(model, "decision", partition))
    baseline, champion, version = evaluation["baseline"], evaluation["champion"], evaluation["champion_version"]
    metric = next(name for name in METRICS if name in baseline["candidate"])
    against = [f"base rate {baseline['other'][metric]['value']:.3f}"]
    if champion is not None:
        against.append(f"version {version} {champion['other'][metric]['value']:.3f}")
    measured = f"{baseline['candidate'][metric]['value']:.3f} on {baseline['n_rows']:,} unseen rows"
    yield f"Candidate: {METRICS[metric].title} {measured}; {', '.join(against)}."
    if decision["promote"]:
        yield f"PROMOTED: version {decision['version']} is champion."
        return
    yield f"REJECTED: version {version} stays champion."
    yield from (f"{one['gate']}: {one['reason']}." for one in decision["results"] if not one["passed"])


def _drift(stores: Stores, model: str, partition: str) -> Iterator[str]:
    report = _report(stores, model, partition)
    n_critical = Counter(column["level"] for column in report["columns"])["critical"]
    measured = [column for column in report["columns"] if column["value"] is not None]
    largest = sorted(measured, key=lambda column: -column["value"])[:LARGEST]
    yield f"Scored by version {report['model_version']}, and compared with what that was trained on."
    named = ", ".join(f"{one['column']} {one['value']:.2f}" for one in largest)
    yield f"Drift: {n_critical} of {len(report['columns'])} columns are critical; largest PSI: {named}."


def _report(stores: Stores, model: str, partition: str) -> dict[str, Any]:
    report: dict[str, Any] = stores.documents.read(ArtifactKey(model, "drift", partition))
    return report


STORIES: dict[str, tuple[Callable[[Stores, str, str], Iterator[str]], ...]] = {
    "ingest": (_rows,),
    "train": (_rows, _decision),
    "score": (_rows, _drift),
}
"""By verb."""
