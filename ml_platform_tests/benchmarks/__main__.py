"""``python -m ml_platform_tests.benchmarks`` measures, and writes docs/benchmarks.json and the .md made from it.

A benchmark is a module of this package with a function ``measure(*, quick: bool) -> dict``. The first line of its
docstring is the title, the rest says what is measured.
"""

from __future__ import annotations

import json
import pkgutil
import time
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
    file = folder / "benchmarks.json"
    document = json.loads(file.read_text()) if file.exists() and names else {}
    figures = document.get("benchmarks", {})
    for name in names or NAMES:
        figures[name] = measure(name, quick=quick)
    document = {"machine": machine(), "versions": versions(), "benchmarks": dict(sorted(figures.items()))}
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    (folder / "benchmarks.md").write_text(render(document))
    click.echo(f"{file} and benchmarks.md beside it")


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
        "figures": figures,
    }


if __name__ == "__main__":
    main()
