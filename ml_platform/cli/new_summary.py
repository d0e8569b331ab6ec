"""What `ml-platform new` prints."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ml_platform.scaffold.dry_run import Finding
from ml_platform.scaffold.inferred_model import InferredModel

COLOURS = {"target": "bold", "key": "cyan", "time": "cyan", "left out": "yellow"}


@dataclass(frozen=True)
class Written:
    """Where a new model lies."""

    name: str
    folder: Path
    raw: list[Path]


def print_summary(
    model: InferredModel, written: Written, findings: Sequence[Finding], minutes: float | None, console: Console
) -> None:
    """Print what may leak, each column's use and its reason, what would fail later, and what to run next."""
    n_rows = model.table.num_rows
    console.print(f"[bold]{escape(model.source.file.name)}[/]: {n_rows:,} rows, {len(model.roles)} columns")
    suspects = [role for role in model.roles.values() if role.leaks or role.suspected_as]
    if suspects:
        console.print("[bold yellow]look at these first[/] they may know the outcome, so they are no inputs:")
        for role in suspects:
            console.print(f"  [bold]{escape(role.column)}[/] {escape(role.reason)}", soft_wrap=True)
    print_columns(model, console)
    target, positive = model.target, model.target.positive
    said = "" if positive is None else f" (positive: {escape(repr(positive))})"
    console.print(f"[bold]task[/] {target.task}: {escape(target.reason)}{said}")
    print_findings(findings, minutes, console)
    n_features = sum(role.use in ("number", "category") for role in model.roles.values())
    console.print(
        f"[bold]WROTE[/] {escape(written.name)}, {n_features} of {len(model.roles)} columns as features: "
        f"{written.folder}/defs.yaml and contract.yaml, {len(written.raw)} file(s) from {written.raw[0]} on",
        soft_wrap=True,
    )
    console.print("[bold]next[/] read both files, settle what is marked TODO; then")
    console.print(f"  {' && '.join(next_commands(model, written.name))}", highlight=False, soft_wrap=True)


def print_findings(findings: Sequence[Finding], minutes: float | None, console: Console) -> None:
    """Print what a dry run has found."""
    for finding in findings:
        console.print(f"[yellow]dry run[/] {escape(finding.problem)}", soft_wrap=True)
        if finding.proposal:
            console.print(f"  [bold]{escape(finding.proposal)}[/]", soft_wrap=True)
    if minutes is not None:
        about = "about a minute" if minutes < 1.5 else f"about {minutes:.0f} minutes"
        console.print(f"[bold]training[/] takes {about}, by a trial fit" + ("" if findings else "; nothing failed"))


def print_columns(model: InferredModel, console: Console) -> None:
    """Print each column's use and its reason."""
    table = Table("column", "type", "use", "why", box=None, header_style="dim")
    for column, role in model.roles.items():
        kind = model.profiles[column].kind if column in model.profiles else ""
        use = f"[{COLOURS[role.use]}]{role.use}[/]" if role.use in COLOURS else role.use
        why = "; ".join([role.reason, *model.source.notes.get(column, ())])
        mark = "[yellow]?[/] " if role.suspicious else ""
        table.add_row(escape(column), kind, use, mark + escape(why))
    for column, reason in model.source.dropped.items():
        table.add_row(escape(column), "", "[yellow]not used[/]", escape(reason))
    console.print(table)


def next_commands(model: InferredModel, name: str) -> list[str]:
    """Return the commands that check the files, train the model, score with it, and show all that."""
    train = score = ""
    if model.partitioning:
        run = model.partitioning.longest_run()
        train, score = f" --partition {run[-2] if len(run) > 1 else run[-1]}", f" --partition {run[-1]}"
    return [
        "dg check defs",
        f"ml-platform train {name}{train}",
        f"ml-platform run {name}_score{score}",
        "ml-platform dev",
    ]
