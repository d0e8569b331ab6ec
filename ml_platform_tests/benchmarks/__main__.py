"""``python -m ml_platform_tests.benchmarks`` measures, and writes docs/benchmarks.json and the .md made from it.

A benchmark is a module of this package with a function ``measure(*, quick: bool) -> dict``. The first line of its
docstring is the title, the rest says what is measured; ``MEANINGS``, where there is one, what its figures mean.
"""

from __future__ import annotations

import json
import pkgutil
import time
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from ml_platform_tests import benchmarks
from ml_platform_tests.benchmarks.machine import machine, versions
from ml_platform_tests.benchmarks.report import render

DOCS = Path(__file__).parents[2] / "docs"
NOT_BENCHMARKS = {"__main__", "machine", "report", "test_report"}
NAMES = sorted({module.name for module in pkgutil.iter_modules(benchmarks.__path__)} - NOT_BENCHMARKS)


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(NAMES), metavar="[NAME]...")
@click.option("--quick", is_flag=True, help="Small sizes: shows that the benchmarks run, not how fast anything is.")
@click.option("--folder", type=click.Path(path_type=Path), default=DOCS, show_default="docs")
def main(names: tuple[str, ...], quick: bool, folder: Path) -> None:
    """Run benchmarks (default: all); the figures of those that are not run stay as they are."""
    place = {"machine": machine(), "versions": versions()}
    figures = stored_figures(folder / "benchmarks.json", place) if names else {}
    failed = []
    for name in names or NAMES:
        try:
            figures[name] = measure(name, quick=quick)
        except Exception:  # hours of the others would be lost
            traceback.print_exc()
            failed.append(name)
    write({**place, "benchmarks": dict(sorted(figures.items()))}, folder)
    if failed:
        raise click.ClickException(f"failed: {', '.join(failed)}; the figures of the others are written")


def stored_figures(file: Path, place: Mapping[str, Any]) -> dict[str, Any]:
    """Return the benchmarks in a file, which must be of this machine and these versions.

    Raises
    ------
    click.ClickException
        When they are not: beside new figures they would seem to be.
    """
    if not file.exists():
        return {}
    document: dict[str, Any] = json.loads(file.read_text())
    differing = [what for what, value in place.items() if document[what] != value]
    if differing:
        raise click.ClickException(
            f"{file} has figures of other {' and '.join(differing)}; run all benchmarks, or name another --folder"
        )
    found: dict[str, Any] = document["benchmarks"]
    return found


def write(document: Mapping[str, Any], folder: Path) -> None:
    """Write both files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "benchmarks.json").write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    (folder / "benchmarks.md").write_text(render(document))
    click.echo(f"{folder / 'benchmarks.json'} and benchmarks.md beside it")


def measure(name: str, *, quick: bool) -> dict[str, Any]:
    """Run one benchmark, and say when, how long it took and at what size."""
    module = import_module(f"ml_platform_tests.benchmarks.{name}")
    title, _, about = (module.__doc__ or name).partition("\n")
    click.echo(f"{name}: {title}")
    started = time.monotonic()
    figures = module.measure(quick=quick)
    seconds = round(time.monotonic() - started, 1)
    click.echo(f"{name}: {seconds} s")
    return {
        "title": title.rstrip("."),
        "about": " ".join(about.split()),
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "took_seconds": seconds,
        "quick": quick,
        "meanings": getattr(module, "MEANINGS", {}),
        "figures": figures,
    }


if __name__ == "__main__":
    main()
