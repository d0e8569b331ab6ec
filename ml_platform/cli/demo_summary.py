"""What the demo found, from what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from ml_platform.evaluation.metrics import METRICS
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.stores import Stores

LARGEST = 5
COLORS = {"ok": "green", "warning": "yellow", "critical": "red", "too_few_rows": "dim"}


def print_summary(console: Console, stores: Stores, model: str) -> None:
    """Print rows, models, drift, decisions, and where to look further."""
    console.print(rows(stores, model))
    console.print(models(stores, model))
    console.print(drift(stores, model))
    console.print(decisions(stores, model))
    console.print(further(model), markup=False, highlight=False)


def rows(stores: Stores, model: str) -> Table:
    """Return how many rows kept the contract, per table and stored partition."""
    table = Table("table", "partition", "valid", "quarantined", title="Contracts")
    for asset in filter(lambda name: name.startswith("valid_"), stores.manifests.assets(model)):
        name = asset.removeprefix("valid_")
        for partition in stores.tables.partitions(model, asset) or (None,):
            manifests = (
                stores.tables.require(ArtifactKey(model, one, partition)) for one in (asset, f"quarantine_{name}")
            )
            table.add_row(name, partition or "whole", *(f"{manifest.n_rows:,}" for manifest in manifests))
    return table


def models(stores: Stores, model: str) -> Table:
    """Return a metric of candidate, baseline and champion on the test rows of each training."""
    columns = ("as of", "metric", "candidate", "baseline", "champion then", "test rows")
    table = Table(*columns, title="On unseen rows, with 95% intervals")
    for partition in stores.documents.partitions(model, "evaluation"):
        evaluation = stores.documents.read(ArtifactKey(model, "evaluation", partition))
        against, champion = evaluation["baseline"], evaluation["champion"]
        metric = next(name for name in METRICS if name in against["candidate"])
        found = [_interval(against[model][metric]) for model in ("candidate", "other")]
        then = f"v{evaluation['champion_version']}: {_interval(champion['other'][metric])}" if champion else "-"
        table.add_row(partition, METRICS[metric].title, *found, then, f"{against['n_rows']:,}")
    return table


def drift(stores: Stores, model: str) -> Table:
    """Return the columns that moved most, per scored partition."""
    table = Table("scored", "by", "largest PSI", title="Drift against the reference of the model that scored")
    for partition in stores.documents.partitions(model, "drift"):
        report = stores.documents.read(ArtifactKey(model, "drift", partition))
        measured = [column for column in report["columns"] if column["value"] is not None]
        largest = sorted(measured, key=lambda column: -column["value"])[:LARGEST]
        said = (f"[{COLORS[one['level']]}]{one['column']} {one['value']:.2f}[/]" for one in largest)
        table.add_row(partition, f"v{report['model_version']}", ", ".join(said))
    return table


def decisions(stores: Stores, model: str) -> Table:
    """Return the ledger: who was promoted or rejected, and why."""
    table = Table("as of", "decision", "why", title="Decisions", show_lines=True)
    for entry in stores.ledger(model).entries():
        if entry.action != "registered":
            version = f" v{entry.version}" if entry.version else ""
            table.add_row(entry.partition, f"{entry.action}{version}", "\n".join(entry.reasons))
    return table


def further(model: str) -> str:
    """Return the commands with which a person goes on."""
    return f"""\
Look further:
  make dev                                             the graph, the runs and the reports in a browser
  .venv/bin/ml-platform asset check --select group:{model} --partition 2013-01
  .venv/bin/ml-platform run {model}_score --partition 2013-06
  .venv/bin/ml-platform run employment_train --partition 2015"""


def _interval(estimate: Mapping[str, Any]) -> str:
    return f"{estimate['value']:.3f} ({estimate['low']:.3f} … {estimate['high']:.3f})"
