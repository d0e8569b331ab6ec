"""``ml-platform``: the commands, each imported when it is called."""

from __future__ import annotations

import atexit
import gc
import os
import sys
import traceback
import warnings
from contextlib import suppress
from datetime import UTC, datetime

import click

from ml_platform.cli.group import LazyGroup
from ml_platform.cli.typed import program, say
from ml_platform.errors import Interrupted, PlatformError, WrongCall
from ml_platform.stores.installation import Installation
from ml_platform.stores.unwritable import why_unwritable

FAILED, WRONG_CALL = 1, 2

STOPPED = 130
"""Exit code after Ctrl-C or SIGTERM, as shells have it."""

GARBAGE_THRESHOLDS = (100_000, 50, 1_000)
"""How often Python looks for garbage. At its own thresholds (700, 10, 10) that is a fifth of a training run, over
imported modules that all stay."""

COMMANDS = {
    "add": "Deliver the next rows of MODEL, corrections of stored rows, or outcomes that are known now.",
    "asset": "List, check, materialize and wipe assets.",
    "demo": "Run the loop of the model flights on real data, as far as it has not been run.",
    "dev": "Open Dagster's UI, MLflow's UI and the reports, all three on loopback, until Ctrl-C.",
    "fetch": "Download the raw data of the reference models into data/raw.",
    "lineage": "Show the provenance of a prediction, or what is downstream of a partition.",
    "new": "Write a model NAME from a table: a contract, a defs.yaml, and the table under data/raw.",
    "rebuild": "Retrain a registered version of MODEL from its recorded inputs, and compare the two.",
    "refresh": "Recompute the stale partitions of MODEL.",
    "reports": "Serve the report site until Ctrl-C.",
    "run": "Run JOB, such as flights_ingest, flights_train or flights_score, on a partition.",
    "status": "Show the champion, the drift and the last decision of MODEL, and what to run next.",
    "train": "Train MODEL as of a partition, and promote or reject the candidate.",
    "vacuum": "Remove older versions of tables that nothing needs any more.",
    "verify": "Hash everything that is stored again, and name what is not as recorded.",
}
"""What each command does. Each is a module of this package, and the command in it."""


@click.group(cls=LazyGroup, package="ml_platform.cli", sentences=COMMANDS)
def cli() -> None:
    """One YAML file per model becomes its whole production loop."""


def main() -> None:
    """Run the command line.

    What a person can repair ends in one sentence and exit code 1, a wrong call in one and 2.
    """
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    # Dagster's own code calls parameters of Dagster that are in beta.
    warnings.filterwarnings("ignore", message=r"(Parameter|Class|Function) .* is currently in beta")
    try:
        code = cli(prog_name=program(), standalone_mode=False)
    except Interrupted as stopped:
        say(f"stopped: {stopped}", err=True)
        os._exit(STOPPED)  # without waiting for the thread that still trains
    except SystemExit as ended:
        code = ended.code
    except click.Abort:
        code = STOPPED
    except Exception as error:
        code = tell_error(error)
    _leave(code if isinstance(code, int) else 0)


def tell_error(error: Exception) -> int:
    """Print an error in one sentence and return the exit code; the stack of one that nobody expected goes to a file."""
    match error:
        case click.exceptions.NoArgsIsHelpError():
            error.show()
            return WRONG_CALL
        case click.UsageError():
            said = error.format_message()
            tell(f"{said if said.endswith(('.', '?')) else f'{said}.'} Run: {_path(error)} --help")
            return WRONG_CALL
        case click.ClickException():
            tell(error.format_message())
            return error.exit_code
        case PlatformError():
            tell(str(error))
            return WRONG_CALL if isinstance(error, WrongCall) else FAILED
    said = f"{type(error).__name__}: {error}".splitlines()[0]
    if (why := why_unwritable(f"{type(error).__name__}: {error}")) is not None:  # such as Dagster's on a full disk
        tell(f"{why}\n  {said}")
    else:
        tell(f"{said}\n  Nobody expected this error. {write_stack(error)}")
    return FAILED


def write_stack(error: Exception) -> str:
    """Write the stack of an error to a file and say which; return the stack itself when there is no place for it."""
    stack = "".join(traceback.format_exception(error))
    try:
        folder = Installation.from_environment().logs
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{datetime.now(tz=UTC):%Y-%m-%dT%H%M%S}_error.log"
        file.write_text(stack, encoding="utf-8")
    except (OSError, PlatformError):
        return f"Its stack:\n{stack}"
    return f"Its stack is in {file}"


def tell(message: str) -> None:
    """Print an error."""
    say(f"error: {message}", err=True)


def _path(error: click.UsageError) -> str:
    """Return the command that was called in a wrong way."""
    return error.ctx.command_path if error.ctx else program()


def _leave(code: int) -> None:
    """End the process without taking its modules apart, which costs a second: what has to be written is written."""
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(BrokenPipeError):  # nobody reads any more
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
