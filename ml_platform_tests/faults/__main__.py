"""``python -m ml_platform_tests.faults`` lets every fault of the table happen, and writes docs/reliability.md."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from ml_platform_tests.faults.recovery import Earlier, observe
from ml_platform_tests.faults.report import PAGE, read_rows, render, row
from ml_platform_tests.faults.table import FAULTS


@click.command()
@click.argument("words", nargs=-1)
def main(words: tuple[str, ...]) -> None:
    """Run the faults whose name has one of the words (default: all); the rows of the others stay as they are."""
    rows = read_rows(PAGE.read_text()) if words else {}
    with tempfile.TemporaryDirectory() as folder:
        earlier = Earlier.make(Path(folder))
        for number, fault in enumerate(FAULTS):
            if not words or any(word in fault.name for word in words):
                click.echo(fault.name)
                rows[fault.name] = row(observe(fault, earlier, Path(folder) / str(number) / "clinic"))
    PAGE.write_text(render([rows[fault.name] for fault in FAULTS]))


if __name__ == "__main__":
    main()
