"""What a run has come to, in at most four lines: the verdict with its figures, the worst columns, where to look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from ml_platform.pipeline.model import Model
from ml_platform.stores.stores import Stores

WORST = 5
"""Columns or rules that are named, the worst first."""

GATES = 2
"""Gates that are told with their figures, failed ones first; the others are counted."""

SERVED = "ml-platform dev serves it"


def outcome_lines(stores: Stores, model: Model, verb: str, partition: str | None) -> list[str]:
    """Return what a verb that succeeded has made of a partition."""
    return list(LINES[verb](stores, model, partition))


def _contract(stores: Stores, model: Model, partition: str | None) -> Iterator[str]:
    keys = [model.table_artifact("validation", table, partition) for table in model.spec.tables]
    results = [stores.documents.read(key) for key in keys]
    checks = [(one["table"], check) for one in results for check in one["check_results"]]
    n_held = sum(check["passed"] for _, check in checks)
    rows, quarantined = (sum(one[name] for one in results) for name in ("n_rows", "n_quarantined"))
    yield (
        f"VALID: {n_held} of {len(checks)} contract checks passed; "
        f"{quarantined:,} of {rows:,} rows of {', '.join(model.spec.tables)} quarantined"
    )
    broken = sorted((found for found in checks if found[1]["n_failed"]), key=lambda found: -found[1]["n_failed"])
    if broken:
        named = (f"{table} {check['check']} {check['n_failed']:,}" for table, check in broken[:WORST])
        yield f"  failing rows: {', '.join(named)}"
    page = model.table_artifact("contract", model.spec.entity.table, partition)
    yield f"  contract: {stores.reports.address(page)} ({SERVED})"


def _features(stores: Stores, model: Model, partition: str | None) -> Iterator[str]:
    yield from _contract(stores, model, partition)
    features = stores.tables.require(model.artifact("features", partition))
    yield f"  features: {features.n_rows:,} rows of {len(model.kinds)} features"


def _decision(stores: Stores, model: Model, partition: str | None) -> Iterator[str]:
    decision = stores.documents.read(model.artifact("decision", partition))
    champion = stores.ledger(model.name).champion()
    if decision["promote"]:
        before = champion.previous_champion if champion else None
        yield f"PROMOTED: version {decision['version']} is champion" + (f", after version {before}" if before else "")
    else:
        yield f"REJECTED: {f'version {champion.version} stays champion' if champion else 'there is no champion'}"
    results = sorted(decision["results"], key=lambda one: bool(one["passed"]))
    more = len(results) - GATES
    for number, one in enumerate(results[:GATES], start=1):
        others = f"; and {more} more" if more > 0 and number == GATES else ""
        yield f"  {one['gate']} {'passed' if one['passed'] else 'FAILED'}: {one['reason']}{others}"
    run_id = stores.documents.read(model.artifact("candidate", partition))["run_id"]
    if link := stores.mlflow.run_link(model.name, run_id):
        yield f"  MLflow: {link} ({SERVED})"


def _drift(stores: Stores, model: Model, partition: str | None) -> Iterator[str]:
    artifact = model.artifact("drift", partition)
    report = stores.documents.read(artifact)
    levels = Counter(column["level"] for column in report["columns"])
    yield f"{drift_verdict(levels)}; scored by version {report['model_version']}"
    if worst := worst_columns(report):
        yield f"  largest {report['metric'].replace('_', ' ')}: {worst}"
    yield f"  report: {stores.reports.address(artifact)} ({SERVED})"


def drift_verdict(levels: Counter[str]) -> str:
    """Return how far a partition has drifted, worst level first: ``DRIFT critical: 9 of 23 columns, 2 warning``."""
    worst = next(level for level in ("critical", "warning", "too_few_rows", "ok") if levels[level] or level == "ok")
    if worst == "ok":
        return f"DRIFT ok in all {levels.total()} columns"
    others = "".join(f", {levels[level]} warning" for level in ("warning",) if worst == "critical" and levels[level])
    return f"DRIFT {worst.replace('_', ' ')} in {levels[worst]} of {levels.total()} columns{others}"


def worst_columns(report: dict[str, Any]) -> str:
    """Return the columns of a drift report that have drifted most, each with its value."""
    measured = [column for column in report["columns"] if column["value"] is not None]
    worst = sorted(measured, key=lambda column: -column["value"])[:WORST]
    return ", ".join(f"{one['column']} {one['value']:.2f}" for one in worst)


def _exploration(stores: Stores, model: Model, partition: str | None) -> Iterator[str]:
    yield f"EXPLORED: {stores.reports.address(model.artifact('exploration', partition))} ({SERVED})"


LINES: dict[str, Callable[[Stores, Model, str | None], Iterator[str]]] = {
    "validate": _contract,
    "ingest": _features,
    "train": _decision,
    "score": _drift,
    "explore": _exploration,
}
"""By verb."""
