"""Read a CSV file as text: encoding, delimiter, rows. Nothing is repaired silently; an error names the line."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ml_platform.errors import DataError

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
SAMPLE_ROWS = 200
SHOWN_LINES = 5


@dataclass(frozen=True)
class TextTable:
    """The cells of a CSV file, spaces around them removed."""

    header: tuple[str, ...]
    """Names of the columns; none is empty or repeated."""
    columns: tuple[list[str], ...]
    """The cells of each column, in the order of the file."""
    lines: list[int]
    """Number of the line in which each row begins, from 1."""
    delimiter: str


def read_csv(path: Path, *, encoding: str | None = None, delimiter: str | None = None) -> TextTable:
    """Read a CSV file whose first line names the columns. An error names the file, the lines and what is wrong."""
    text = decode(path, encoding)
    if delimiter is None:
        delimiter = find_delimiter(text, path)
    elif delimiter not in (first := text.lstrip().partition("\n")[0]):
        stated = f"{delimiter!r}, the stated delimiter (--delimiter, or delivery.delimiter in defs.yaml)"
        raise DataError(f"{path}, line 1: has no {stated}; it seems to have {find_delimiter(first, path)!r}")
    rows = _rows(text, delimiter, path)
    _, header = next(rows, (1, []))
    names = _header(header, path)
    lines: list[int] = []
    cells: list[list[str]] = []
    ragged: list[tuple[int, int]] = []
    for line, row in rows:
        if len(row) != len(names):
            ragged.append((line, len(row)))
        lines.append(line)
        cells.append(row)
    if ragged:
        raise DataError(_say_ragged(path, len(names), ragged, len(cells), delimiter))
    if not cells:
        raise DataError(f"{path} has a header of {len(names)} columns and no rows")
    columns = tuple([cell.strip() for cell in column] for column in zip(*cells, strict=True))
    return TextTable(names, columns, lines, delimiter)


def decode(path: Path, encoding: str | None) -> str:
    """Return the text of a file: UTF-8, what its byte order mark says, or the stated encoding."""
    content = path.read_bytes()
    if not content.strip():
        raise DataError(f"{path} is empty")
    if encoding is None:
        encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except LookupError as error:
        raise DataError(f"'{encoding}' is not an encoding; one is utf-8, another cp1252") from error
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        around = content[max(error.start - 15, 0) : error.start + 15].decode("cp1252", errors="replace")
        raise DataError(
            f"{path}, line {line}: byte 0x{content[error.start]:02x} is not {encoding.removesuffix('-sig')}. Read as "
            f"cp1252 (Windows, Western Europe) it says {around.strip()!r}; if that is right: --encoding cp1252"
        ) from error
    if (place := text.find("\0")) >= 0:
        line = text.count("\n", 0, place) + 1
        raise DataError(f"{path}, line {line}: holds a NUL character; is it UTF-16? Then: --encoding utf-16-le")
    return text


def find_delimiter(text: str, path: Path) -> str:
    """Return the delimiter that gives the first rows the most cells, as many in each as in the header."""
    counts: dict[str, list[int]] = {}
    for delimiter in DELIMITERS:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
        try:
            counts[delimiter] = [len(row) for row, _ in zip(reader, range(SAMPLE_ROWS), strict=False) if row]
        except csv.Error:
            continue
    # A few wrong rows do not make another delimiter win: then the wrong rows are named.
    best = max(counts, key=lambda name: (_agreement(counts[name]), counts[name][0]), default=",")
    if not counts or counts[best][0] < 2:
        known = ", ".join(DELIMITERS.values())
        raise DataError(
            f"{path}, line 1: one column only, by any of these delimiters: {known}. Another one? --delimiter CHARACTER"
        )
    return best


def _agreement(counts: list[int]) -> float:
    """Return the share of rows with as many cells as the header; 0 where the header is one cell."""
    return sum(count == counts[0] for count in counts) / len(counts) if counts[0] > 1 else 0.0


def _rows(text: str, delimiter: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank, and the line in which it begins."""
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    except TypeError as error:
        raise DataError(f"the delimiter must be one character, not {delimiter!r}") from error
    line = 1
    try:
        for row in reader:
            if row and (len(row) > 1 or row[0].strip()):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        if "unexpected end" in str(error) or "field larger" in str(error):
            raise DataError(f"{path}, line {line}: a quote that is opened in this row is never closed") from error
        raise DataError(
            f"{path}, line {reader.line_num}: {error}. A quote within a quoted cell is written twice"
        ) from error


def _header(cells: list[str], path: Path) -> tuple[str, ...]:
    names = [cell.strip() for cell in cells]
    if names and all(_is_number(name) for name in names):
        raise DataError(f"{path}, line 1: holds numbers ({', '.join(names[:5])}); the first line must name the columns")
    # Without a name is the index column that pandas and R write.
    names = [name or f"column_{place}" for place, name in enumerate(names, start=1)]
    if twice := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
        places = {name: [str(place) for place, other in enumerate(names, start=1) if other == name] for name in twice}
        said = "; ".join(f"'{name}' in columns {', '.join(at)}" for name, at in places.items())
        raise DataError(f"{path}, line 1: a name is there more than once: {said}. Rename one of each")
    return tuple(names)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _say_ragged(path: Path, n_names: int, ragged: list[tuple[int, int]], n_rows: int, delimiter: str) -> str:
    examples = ", ".join(f"line {line} has {count}" for line, count in ragged[:SHOWN_LINES])
    more = f" and {len(ragged) - SHOWN_LINES:,} more" if len(ragged) > SHOWN_LINES else ""
    name = DELIMITERS.get(delimiter, delimiter)
    return (
        f"{path}: {len(ragged):,} of {n_rows:,} rows do not have the {n_names} cells of the header "
        f"(delimiter: {name}): {examples}{more}. A cell that holds the delimiter must be quoted"
    )
