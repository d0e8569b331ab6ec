"""``ml-platform new``: from a person's table to a model that trains, with every guess said aloud."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ml_platform.errors import SpecError
from ml_platform.spec import NAME
from ml_platform.task import BINARY, MULTICLASS, REGRESSION, Task

if TYPE_CHECKING:
    from rich.console import Console

    from ml_platform.scaffold.propose import Proposal

ROWS_TO_DECIDE = 100
COLOURS = {"target": "bold", "key": "cyan", "time": "cyan", "left out": "yellow"}


@click.command()
@click.argument("name")
@click.option("--from", "file", required=True, type=click.Path(path_type=Path), help="A CSV or Parquet file.")
@click.option("--target", required=True, help="The column to predict.")
@click.option("--task", type=click.Choice([BINARY, MULTICLASS, REGRESSION]), help="What is predicted, if not guessed.")
@click.option("--key", multiple=True, help="A column that names a row; repeat it for several.")
@click.option("--time", help="The column with the time that a row is about: the table is cut by it.")
@click.option("--time-format", help="How to read it, such as '%d/%m/%Y', where that cannot be seen.")
@click.option(
    "--timezone", default="UTC", show_default=True, help="The time zone of times without one, and of partitions."
)
@click.option("--protected", multiple=True, help="A column that the model must treat fairly; it is no input.")
@click.option("--keep", multiple=True, help="A column to use as an input against the guess.")
@click.option("--drop", multiple=True, help="A column not to use as an input.")
@click.option("--owner", help="E-mail address or team:name; team:<name> when left out.")
@click.option("--encoding", help="Of a CSV file that is neither UTF-8 nor has a byte order mark.")
@click.option("--delimiter", help="Of a CSV file, when it is not found out.")
@click.option("--missing", multiple=True, help="A word that stands for a missing value, such as '?'.")
@click.option("--decimal-comma", is_flag=True, help="1,5 is a number, also where the comma parts cells.")
@click.option("--force", is_flag=True, help="Replace the model and the raw data of this name.")
def new(name: str, file: Path, **options: object) -> None:
    """Propose a model NAME from a table: a contract, a defs.yaml, and the data under data/raw as Parquet."""
    from rich.console import Console

    command = _said(click.get_current_context(), name, file)
    create_model(name, file, console=Console(), command=command, **options)  # type: ignore[arg-type]  # click has read them


def _said(context: click.Context, name: str, file: Path) -> str:
    """Return the command as it was called, without the folder of the file."""
    words = ["ml-platform", "new", name, "--from", file.name]
    for option in context.command.params:
        value = context.params.get(option.name or "")
        if option.opts[0] in ("name", "--from", "--force") or value == option.default or not value:
            continue
        for one in value if isinstance(value, tuple) else (value,):
            words += [option.opts[0]] if one is True else [option.opts[0], str(one)]
    return shlex.join(words)


def create_model(
    name: str,
    file: Path,
    *,
    target: str,
    console: Console,
    command: str,
    task: Task | None = None,
    key: tuple[str, ...] = (),
    time: str | None = None,
    time_format: str | None = None,
    timezone: str = "UTC",
    protected: tuple[str, ...] = (),
    keep: tuple[str, ...] = (),
    drop: tuple[str, ...] = (),
    owner: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    missing: tuple[str, ...] = (),
    decimal_comma: bool = False,
    force: bool = False,
) -> Proposal:
    """Read, look, propose, write, and say what to run next.

    Parameters
    ----------
    command
        What was called, for the head of the files.

    Raises
    ------
    SpecError, DataError
        When something is in the way; nothing has been written then.
    """
    from ml_platform.cli.new_model import put_in_place, validate_new
    from ml_platform.cli.project import Project
    from ml_platform.scaffold.propose import propose
    from ml_platform.scaffold.render import render
    from ml_platform.scaffold.roles import Stated
    from ml_platform.scaffold.source import Reading, read_source
    from ml_platform.stores.installation import Installation
    from ml_platform.stores.raw import RawStore

    if not NAME.fullmatch(name):
        raise SpecError(f"'{name}' cannot name a model: lower-case letters, digits and _, at most 63, a letter first")
    project, home = Project.here(), Installation.from_environment()
    folder, store = project.defs / name, RawStore(home.raw_url, home.dvc_lock)
    validate_new(name, folder, store, force=force)
    reading = Reading(encoding, delimiter, missing, decimal_comma, time, time_format)
    source = read_source(file, reading)
    stated = Stated(target, key, time, protected, keep, drop)
    proposal = propose(source, stated, task=task, timezone=timezone, time_format=time_format)
    texts = render(proposal, name=name, owner=owner or f"team:{name}", command=command)
    raw = put_in_place(name, folder, texts, proposal.pieces(), store)
    say(proposal, name, folder, raw, console)
    return proposal


def say(proposal: Proposal, name: str, folder: Path, raw: list[Path], console: Console) -> None:
    """Print what was guessed of each column and why, what was written, and what to run next."""
    from rich.markup import escape
    from rich.table import Table

    n_rows = proposal.table.num_rows
    console.print(f"[bold]{escape(proposal.source.file.name)}[/]: {n_rows:,} rows, {len(proposal.roles)} columns")
    table = Table("column", "type", "use", "why", box=None, header_style="dim")
    for column, role in proposal.roles.items():
        kind = proposal.facts[column].kind if column in proposal.facts else ""
        colour = COLOURS.get(role.use, "")
        why = "; ".join([role.reason, *proposal.source.notes.get(column, ())])
        mark = "[yellow]?[/] " if role.suspicious else ""
        table.add_row(escape(column), kind, f"[{colour}]{role.use}[/]" if colour else role.use, mark + escape(why))
    for column, reason in proposal.source.dropped.items():
        table.add_row(escape(column), "", "[yellow]not used[/]", escape(reason))
    console.print(table)
    console.print(f"[bold]task[/] {proposal.target.task}: {escape(proposal.target.reason)}", *_positive(proposal))
    n_test = int(proposal.test_share * proposal.n_window_rows)
    if n_test < ROWS_TO_DECIDE:
        console.print(
            f"[yellow]few rows[/] about {n_test} will be tested on, and the gates ask for "
            f"{ROWS_TO_DECIDE}: the model is trained and evaluated, but not promoted"
        )
    console.print(f"[bold]wrote[/] {folder}/defs.yaml and contract.yaml, {len(raw)} file(s) from {raw[0]} on")
    console.print("[bold]next[/] read both files, settle what is marked TODO; then")
    for line in next_commands(proposal, name):
        console.print(f"  {line}", highlight=False, soft_wrap=True)


def next_commands(proposal: Proposal, name: str) -> list[str]:
    """Return the commands that check the files, train the model, score with it, and show all that."""
    train = score = ""
    if proposal.cut:
        run = proposal.cut.run()
        train, score = f" --partition {run[-2] if len(run) > 1 else run[-1]}", f" --partition {run[-1]}"
    return [
        "dg check yaml",
        f"ml-platform train {name}{train}",
        f"ml-platform run {name}_score{score}",
        "ml-platform dev",
    ]


def _positive(proposal: Proposal) -> list[str]:
    from rich.markup import escape

    positive = proposal.target.positive
    return [] if positive is None else [f"(positive: {escape(repr(positive))})"]
