"""Read a file with a JSON object per line. An error names the line."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from ml_platform.errors import DataError

NUMBERS = {int, float}
ROOM = 2**63
"""Above it, whole numbers do not fit into 64 bits."""


def read_json_lines(file: Path) -> pa.Table:
    """Return the objects as rows; a key that an object lacks is missing there. Nested values stay nested."""
    lines: list[int] = []
    rows: list[dict[str, Any]] = []
    for line, text in enumerate(_text(file).splitlines(), start=1):
        if text.strip():
            lines.append(line)
            rows.append(_object(text, f"{file}, line {line}"))
    if not rows:
        raise DataError(f"{file} holds no JSON object")
    names = dict.fromkeys(name for row in rows for name in row)
    return pa.table({name: _column([row.get(name) for row in rows], lines, f"{file}: '{name}'") for name in names})


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(f"{file}: byte {error.start:,} is not UTF-8, in which JSON is written") from error


def _object(text: str, where: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise DataError(f"{where}: is not JSON ({error.msg}). Each line must be one object") from error
    if not isinstance(found, dict):
        raise DataError(f"{where}: is JSON, but not an object with a value per column")
    return found


def _column(values: Sequence[Any], lines: Sequence[int], where: str) -> pa.Array:
    kinds: dict[type, int] = {}
    for value, line in zip(values, lines, strict=True):
        if value is not None:
            kinds.setdefault(type(value), line)
    if len(kinds) > 1 and not kinds.keys() <= NUMBERS:
        said = " and ".join(f"{kind.__name__} in line {line}" for kind, line in kinds.items())
        raise DataError(f"{where} holds values of different types: {said}")
    if kinds.keys() <= NUMBERS and float in kinds:
        return pa.array([None if value is None else float(value) for value in values], pa.float64())
    if int in kinds and (large := [value for value in values if value is not None and abs(value) >= ROOM]):
        raise DataError(f"{where} holds {large[0]}, which 64 bits cannot hold. Write it as text")
    return pa.array(values)
