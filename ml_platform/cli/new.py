"""``ml-platform new``: a model that trains from a person's table, with the reason for every guess."""

import shlex
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ml_platform.cli.new_model import put_in_place, validate_new
from ml_platform.cli.project import Project
from ml_platform.errors import WrongCall
from ml_platform.scaffold.inferred_model import InferredModel
from ml_platform.scaffold.render import render
from ml_platform.scaffold.roles import ColumnOptions
from ml_platform.scaffold.source import ReadOptions, read_source
from ml_platform.spec import NAME
from ml_platform.stores.installation import Installation
from ml_platform.stores.raw import RawStore
from ml_platform.task import BINARY, MULTICLASS, REGRESSION

T = TypeVar("T")

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
def new(name: str, file: Path, **options: Any) -> None:
    """Write a model NAME from a table: a contract, a defs.yaml, and the table under data/raw."""
    create_model(name, file, options, console=Console(), command=_as_called(click.get_current_context(), name, file))


def _as_called(context: click.Context, name: str, file: Path) -> str:
    """Return the command as it was called, without the folder of the file."""
    words = ["ml-platform", "new", name, "--from", file.name]
    for option in context.command.params:
        value = context.params.get(option.name or "")
        if option.opts[0] not in ("name", "--from", "--force") and value and value != option.default:
            for one in value if isinstance(value, tuple) else (value,):
                words += [option.opts[0]] if one is True else [option.opts[0], str(one)]
    return shlex.join(words)


def create_model(name: str, file: Path, options: dict[str, Any], *, console: Console, command: str) -> InferredModel:
    """Read the table, infer the model, write it, and print what to run next.

    Of the command's `options` those left out are their defaults; `command` is named in the head of the files.

    Raises
    ------
    WrongCall, SpecError, DataError
        When something is in the way; nothing has been written then.
    """
    from ml_platform.scaffold.infer import infer_model

    if not NAME.fullmatch(name):
        raise WrongCall(f"'{name}' cannot name a model: lower-case letters, digits and _, at most 63, a letter first")
    project, installation = Project.here(), Installation.from_environment()
    folder, store = project.defs / name, RawStore(installation.raw_url, installation.dvc_lock)
    validate_new(name, folder, store, force=options.get("force", False))
    model = infer_model(
        read_source(file, _only(ReadOptions, options)),
        _only(ColumnOptions, options),
        task=options.get("task"),
        timezone=options.get("timezone", "UTC"),
        time_format=options.get("time_format"),
    )
    texts = render(model, name=name, owner=options.get("owner") or f"team:{name}", command=command)
    raw = put_in_place(name, folder, texts, model.by_partition(), store)
    print_summary(model, name, folder, raw, console)
    return model


def _only(kind: type[T], options: dict[str, Any]) -> T:
    """Return a dataclass filled from the options that it has."""
    return kind(**{field.name: options[field.name] for field in fields(kind) if field.name in options})  # type: ignore[arg-type]


def print_summary(model: InferredModel, name: str, folder: Path, raw: list[Path], console: Console) -> None:
    """Print each column's use and its reason, what was written, and what to run next."""
    n_rows = model.table.num_rows
    console.print(f"[bold]{escape(model.source.file.name)}[/]: {n_rows:,} rows, {len(model.roles)} columns")
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
    target, positive = model.target, model.target.positive
    said = "" if positive is None else f" (positive: {escape(repr(positive))})"
    console.print(f"[bold]task[/] {target.task}: {escape(target.reason)}{said}")
    n_test = int(model.test_share * model.n_window_rows)
    if n_test < ROWS_TO_DECIDE:
        console.print(
            f"[yellow]few rows[/] about {n_test} will be tested on, and the gates ask for "
            f"{ROWS_TO_DECIDE}: the model is trained and evaluated, but not promoted"
        )
    n_inputs = sum(role.use in ("number", "category") for role in model.roles.values())
    console.print(
        f"[bold]WROTE[/] {escape(name)}, {n_inputs} of {len(model.roles)} columns as features: {folder}/defs.yaml and "
        f"contract.yaml, {len(raw)} file(s) from {raw[0]} on",
        soft_wrap=True,
    )
    console.print("[bold]next[/] read both files, settle what is marked TODO; then")
    console.print(f"  {' && '.join(next_commands(model, name))}", highlight=False, soft_wrap=True)


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
