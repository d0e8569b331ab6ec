"""Where an error of a model lies in its YAML: the file, the line, and the lines around it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from ml_platform.errors import At, SpecError

AROUND = 1
"""Lines that are shown before and after the one that is wrong."""


@contextmanager
def located(file: Path) -> Iterator[None]:
    """Add file and line to a SpecError that says where in the model's YAML it lies, if there is such a file."""
    try:
        yield
    except SpecError as error:
        if not error.at or not file.exists():
            raise
        raise spec_error(file, [(error.at, str(error))]) from error


def spec_error(file: Path, problems: Iterable[tuple[At, str]]) -> SpecError:
    """Return the error that names each problem, given by its place below ``attributes``, with its line."""
    lines = file.read_text(encoding="utf-8").splitlines()
    tree = yaml.compose("\n".join(lines), Loader=yaml.SafeLoader)
    said = []
    for at, message in problems:
        number = _line(tree, ("attributes", *at))
        said.append("\n".join([f"{file}:{number + 1}: {message}", *_excerpt(lines, number)]))
    return SpecError("\n".join(said))


def _line(tree: Any, at: At) -> int:
    """Return the line, from 0, of the last key or item on the way that the file has."""
    node, line = tree, 0
    for step in at:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == step), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            found = (node.value[step], node.value[step])
        else:
            found = None
        if found is None:
            return line
        line, node = found[0].start_mark.line, found[1]
    return line


def _excerpt(lines: Sequence[str], number: int) -> Iterator[str]:
    for at in range(max(0, number - AROUND), min(len(lines), number + AROUND + 1)):
        yield f"  {'>' if at == number else ' '} {at + 1:>4} | {lines[at]}"
