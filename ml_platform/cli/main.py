"""``ml-platform``: the commands, each imported when it is called."""

from __future__ import annotations

import atexit
import gc
import os
import sys
import warnings
from contextlib import suppress
from importlib import import_module

import click

from ml_platform.errors import Interrupted, PlatformError
from ml_platform.stores.unwritable import why_unwritable

STOPPED = 130
"""Exit code after Ctrl-C or SIGTERM, as shells have it."""

GARBAGE_THRESHOLDS = (100_000, 50, 1_000)
"""How often Python looks for garbage. At its own thresholds (700, 10, 10) that is a fifth of a training run, over
imported modules that all stay."""

OF_A_MODEL = ("add", "new", "rebuild", "refresh", "run", "train")
OF_WHAT_IS_STORED = ("asset", "lineage", "reports", "vacuum", "verify")
OF_THE_INSTALLATION = ("demo", "dev", "fetch")
COMMANDS = sorted(OF_A_MODEL + OF_WHAT_IS_STORED + OF_THE_INSTALLATION)
"""Each is a module of this package, and the command in it."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called: Dagster alone takes two seconds."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in order."""
        return COMMANDS

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"ml_platform.cli.{cmd_name}"), cmd_name)
        return command


@click.group(cls=LazyGroup)
def cli() -> None:
    """One YAML file per model becomes its whole production loop."""


def main() -> None:
    """Run the command line; what a person can repair ends in one message and exit code 1."""
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    # Dagster's own code calls parameters of Dagster that are in beta.
    warnings.filterwarnings("ignore", message=r"(Parameter|Class|Function) .* is currently in beta")
    try:
        cli()
    except Interrupted as stopped:
        click.echo(f"stopped: {stopped}", err=True)
        os._exit(STOPPED)  # without waiting for the thread that still trains
    except PlatformError as error:
        click.echo(f"error: {error}", err=True)
        _leave(1)
    except SystemExit as ended:
        _leave(ended.code if isinstance(ended.code, int) else 0)
    except Exception as error:  # such as Dagster's or MLflow's on a full disk
        said = f"{type(error).__name__}: {error}"
        if (why := why_unwritable(said)) is None:
            raise
        click.echo(f"error: {why}\n  {said.splitlines()[0]}", err=True)
        _leave(1)


def _leave(code: int) -> None:
    """End the process without taking its modules apart, which costs a second: what has to be written is written."""
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(BrokenPipeError):  # nobody reads any more
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
