"""``ml-platform new``: a model that trains from a person's table, with the reason for every guess."""

import shlex
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console

from ml_platform.cli.new_model import put_in_place, validate_new
from ml_platform.cli.new_summary import Written, print_summary
from ml_platform.cli.project import Project
from ml_platform.errors import WrongCall
from ml_platform.scaffold.inferred_model import InferredModel
from ml_platform.scaffold.partitioning import PERIODS
from ml_platform.scaffold.read_query import is_url, without_password
from ml_platform.scaffold.render import render
from ml_platform.scaffold.roles import ColumnOptions
from ml_platform.scaffold.source import ReadOptions, read_source
from ml_platform.scaffold.stated import Stated
from ml_platform.spec import NAME
from ml_platform.stores.installation import Installation
from ml_platform.stores.raw import RawStore
from ml_platform.task import BINARY, MULTICLASS, REGRESSION

T = TypeVar("T")


@click.command()
@click.argument("name")
@click.option(
    "--from",
    "file",
    required=True,
    help="A file: CSV, Parquet, JSON lines (.jsonl) or a workbook (.xlsx). Or a database: sqlite:///shop.db, "
    "duckdb:///shop.duckdb, postgresql://user@host/shop.",
)
@click.option("--query", help="Of a database: the SELECT whose rows to use.")
@click.option("--sheet", help="Of a workbook with several sheets: the one to use.")
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
@click.option("--merge", multiple=True, metavar="CLASS=VALUE,…", help="Values of the target that count as a class.")
@click.option("--drop-value", multiple=True, help="A value of the target whose rows are not learned from.")
@click.option("--every", type=click.Choice(list(PERIODS)), help="Partitions of this length.")
@click.option("--window", type=click.IntRange(min=1), help="Number of partitions that a model is trained on.")
@click.option("--split-by", type=click.Choice(["time", "key_hash"]), help="How train and test rows are parted.")
@click.option("--owner", help="E-mail address or team:name; team:<name> when left out.")
@click.option("--encoding", help="Of a CSV file that is neither UTF-8 nor has a byte order mark.")
@click.option("--delimiter", help="Of a CSV file, when it is not found out.")
@click.option("--missing", multiple=True, help="A word that stands for a missing value, such as '?'.")
@click.option("--decimal-comma", is_flag=True, help="1,5 is a number, also where the comma parts cells.")
@click.option("--force", is_flag=True, help="Replace the model and the raw data of this name.")
def new(name: str, file: str, **options: Any) -> None:
    """Write a model NAME from a table: a contract, a defs.yaml, and the table under data/raw."""
    create_model(name, file, options, console=Console(), command=_as_called(click.get_current_context(), name, file))


def _as_called(context: click.Context, name: str, file: str) -> str:
    """Return the command as it was called, without the folder of the file and the password of the database."""
    words = ["ml-platform", "new", name, "--from", without_password(file) if is_url(file) else Path(file).name]
    for option in context.command.params:
        value = context.params.get(option.name or "")
        if option.opts[0] not in ("name", "--from", "--force") and value and value != option.default:
            for one in value if isinstance(value, tuple) else (value,):
                words += [option.opts[0]] if one is True else [option.opts[0], str(one)]
    return shlex.join(words)


def create_model(
    name: str, file: Path | str, options: dict[str, Any], *, console: Console, command: str
) -> InferredModel:
    """Read the table, infer the model, write it, and print what to run next.

    Of the command's `options` those left out are their defaults; `command` is named in the head of the files.

    Raises
    ------
    WrongCall, SpecError, DataError
        When something is in the way; nothing has been written then.
    """
    from ml_platform.scaffold.dry_run import DryRun, find_problems
    from ml_platform.scaffold.infer import infer_model
    from ml_platform.scaffold.trial_fit import try_fit

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
        stated=_only(Stated, options),
    )
    dry_run = DryRun(model)
    trial = try_fit(dry_run)
    texts = render(model, name=name, owner=options.get("owner") or f"team:{name}", command=command)
    raw = put_in_place(name, folder, texts, model.by_partition(), store)
    findings = [*find_problems(dry_run), *trial.findings]
    print_summary(model, Written(name, folder, raw), findings, trial.minutes, console)
    return model


def _only(kind: type[T], options: dict[str, Any]) -> T:
    """Return a dataclass filled from the options that it has."""
    return kind(**{field.name: options[field.name] for field in fields(kind) if field.name in options})  # type: ignore[arg-type]
