"""``python -m ml_platform_tests.faults`` lets every fault of the table happen, and writes docs/reliability.md."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from ml_platform_tests.faults.recovery import Earlier, observe
from ml_platform_tests.faults.report import PAGE, render
from ml_platform_tests.faults.table import FAULTS


@click.command()
def main() -> None:
    """Run the table of faults and write its page."""
    with tempfile.TemporaryDirectory() as folder:
        earlier = Earlier.make(Path(folder))
        observed = []
        for number, fault in enumerate(FAULTS):
            click.echo(fault.name)
            observed.append(observe(fault, earlier, Path(folder) / str(number) / "clinic"))
    PAGE.write_text(render(observed))


if __name__ == "__main__":
    main()
