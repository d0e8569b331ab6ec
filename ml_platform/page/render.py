"""A template becomes a page: everything that comes from the data is escaped, and numbers are written one way."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

NOTHING = "\N{EN DASH}"
SHELL = Path(__file__).parent
"""Folder of ``shell.html.jinja``, which the other templates extend."""

HOME = "../../"
"""From the page of a partition (``<model>/<page>/<partition>.html``) to the index of all models."""


def render(folder: Path, template: str, **values: Any) -> str:
    """Return the page that a template of a folder makes of values.

    The template extends ``shell.html.jinja``, which needs `title`, and `crumbs`: text and address of the pages above.
    """
    return _environment(folder).get_template(template).render(**values)


def crumbs(model: str) -> list[tuple[str, str]]:
    """Return the pages above the page of a partition."""
    return [("Reports", HOME), (model, "../")]


@cache
def _environment(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([folder, SHELL]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(count=_written(","), share=_written(".1%"), number=_written(",.4g"))
    environment.filters.update(size=_size, sentence=_sentence)
    return environment


def _written(form: str) -> Callable[[float | None], str]:
    return lambda value: NOTHING if value is None else format(value, form)


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:.1f} MB" if n_bytes >= 1e6 else f"{n_bytes / 1e3:.0f} kB"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}".rstrip(".") + "."
