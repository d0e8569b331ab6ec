"""What a run has come to, in a few lines: the decision with its figures, or the drift of a scored partition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.stores import Stores

WORST = 5
"""Columns that are named, those that have drifted most first."""


def outcome_lines(stores: Stores, model: str, verb: str, partition: str | None) -> list[str]:
    """Return what a verb that succeeded has made of a partition; nothing where its steps say it all."""
    lines = LINES.get(verb)
    return list(lines(stores, model, partition)) if lines else []


def _decision(stores: Stores, model: str, partition: str | None) -> Iterator[str]:
    decision = stores.documents.read(ArtifactKey(model, "decision", partition))
    champion = stores.ledger(model).champion()
    if decision["promote"]:
        yield f"PROMOTED: version {decision['version']} is champion"
    else:
        yield f"REJECTED: {f'version {champion.version} stays champion' if champion else 'there is no champion'}"
    yield from decision["reasons"]


def _drift(stores: Stores, model: str, partition: str | None) -> Iterator[str]:
    artifact = ArtifactKey(model, "drift", partition)
    report = stores.documents.read(artifact)
    levels = Counter(column["level"].replace("_", " ") for column in report["columns"])
    counts = ", ".join(f"{n} {level}" for level, n in sorted(levels.items()))
    yield f"scored by version {report['model_version']}; drift of {levels.total()} columns: {counts}"
    measured = [column for column in report["columns"] if column["value"] is not None]
    worst = sorted(measured, key=lambda column: -column["value"])[:WORST]
    if worst:
        yield f"largest {report['metric']}: " + ", ".join(f"{one['column']} {one['value']:.2f}" for one in worst)
    yield f"report: {stores.reports.address(artifact)}"


LINES: dict[str, Callable[[Stores, str, str | None], Iterator[str]]] = {"train": _decision, "score": _drift}
"""By verb."""
