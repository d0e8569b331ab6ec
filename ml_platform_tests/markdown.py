"""The commands that the documentation tells people to type."""

from __future__ import annotations

import re
from pathlib import Path

CONSOLE = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)


def section(document: Path, heading: str) -> str:
    """Return the text under a heading of the second level.

    Raises
    ------
    LookupError
        When the document has no such heading.
    """
    parts = re.split(r"^## (.*)\n", document.read_text(encoding="utf-8"), flags=re.MULTILINE)
    texts = dict(zip(parts[1::2], parts[2::2], strict=True))
    if heading not in texts:
        raise LookupError(f"{document.name} has no section '{heading}', but {', '.join(texts)}")
    return texts[heading]


def commands(text: str) -> list[str]:
    """Return the lines after a ``$`` in the console blocks of a text."""
    lines = [line for block in CONSOLE.findall(text) for line in block.splitlines()]
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
