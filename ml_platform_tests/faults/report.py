"""docs/reliability.md, made from what a run of the table has shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from ml_platform_tests.faults.recovery import Fault, Observed, Step

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"

HEAD = """\
# Reliability

What goes wrong, what you see, and what makes it good. Every row is a test in `ml_platform_tests/faults/`. The fault
happens to real commands of a small model, which was trained, promoted and scored before. Then three questions are
asked.

1. Can all earlier results be read, to the last digit? What the fault itself has damaged raises an error, and is never
   read differently.
2. Does `ml-platform verify` name what is damaged, and nothing else?
3. Is everything as if nothing had happened, after the last column was done? No run and no slot in a pool is left over.

Beside the table, `test_commit_points.py` kills a training and a scoring once at **every** commit point of the database,
the object store and MLflow, and `test_random_bits.py` flips random bits of both databases.

`python -m ml_platform_tests.faults` runs the table and writes this page; do not edit it.
"""

COLUMNS = ("fault", "how the test does it", "what you see", "what `verify` says", "what makes it good")


def render(rows: Sequence[Sequence[str]]) -> str:
    """Return the page."""
    lines = [COLUMNS, ["---"] * len(COLUMNS), *rows]
    return "\n".join([HEAD, *("| " + " | ".join(line) + " |" for line in lines), ""])


def read_rows(page: str) -> dict[str, list[str]]:
    """Return the rows of a page, by fault."""
    cells = [line[2:-2].split(" | ") for line in page.splitlines() if line.startswith("| ")]
    return {row[0]: row for row in cells[2:]}


def row(one: Observed) -> list[str]:
    """Return what was seen of a fault, a cell per column."""
    fault = one.fault
    named = [_shown(said) for said in one.differences if re.search(fault.named or "$^", said)]
    blind = [f"not checked: {_shown(said)}" for said in one.not_checked[:1]]
    cells = [fault.name, fault.how, _seen(one), _first(named + blind) or "nothing is damaged", _steps(fault)]
    return [cell.replace("|", "\\|") for cell in cells]


def _seen(one: Observed) -> str:
    """Return what the command printed that matters."""
    if one.said.exit_code == -9:
        return "`Killed`; the run shows as failed when the next one begins"
    found = [line.strip() for line in one.said.text.splitlines() if re.search(one.fault.says, line)]
    return f"`{_shown(found[0])}`" if one.fault.says and found else "nothing"


def _first(said: Sequence[str]) -> str:
    more = f" (and {len(said) - 1} more)" if len(said) > 1 else ""
    return f"`{said[0]}`{more}" if said else ""


def _steps(fault: Fault) -> str:
    return ", then ".join(_step(step) for step in fault.repair)


def _step(step: Step) -> str:
    if callable(step):
        return (step.__doc__ or "").splitlines()[0].rstrip(".")
    return f"`ml-platform {' '.join(step)}`"


def _shown(text: str) -> str:
    """Return a message without what differs from run to run: folders, ports, ids and hashes."""
    text = re.sub(r"(sqlite:///)?/[^ '\"]*?/clinic/", r"\1", text)
    text = re.sub(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b(m-)?[0-9a-f]{12,}\b", "…", text)
    return re.sub(r"(127\.0\.0\.1:|port=)\d+", r"\g<1>5000", text).replace("`", "'")
