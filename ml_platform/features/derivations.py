"""The functions that features name in `derive`: those of the calendar, and a model's own from its ``features.py``.

What they may do, see `derive`.
"""

import importlib.util
import inspect
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

from ml_platform.choices import choose
from ml_platform.errors import SpecError

PREFIX = "calendar."
"""Before the name of a part of the calendar, see CALENDAR."""

Derivation = Callable[..., Any]
"""``derivation(*columns) -> Series``: each value from the same row of the columns, on their index."""


def load_derivations(path: Path | None, names: Iterable[str], *, timezone: str = "UTC") -> dict[str, Derivation]:
    """Return the functions named in the YAML; a name that neither the calendar nor ``features.py`` has is a SpecError.

    `path` is that of ``features.py``, which is imported if it is needed; `timezone` that of times without an offset.
    """
    names = list(dict.fromkeys(names))
    of_calendar = [name for name in names if name.startswith(PREFIX)]
    known = _of_calendar(of_calendar, timezone) if of_calendar else {}
    return known | _own(path, [name for name in names if name not in known])


def _of_calendar(names: list[str], timezone: str) -> dict[str, Derivation]:
    from ml_platform.features.calendar import CALENDAR, in_timezone

    parts = {name: name.removeprefix(PREFIX) for name in names}
    for part in parts.values():
        choose(CALENDAR, part, "derive: calendar")
    return {name: in_timezone(part, timezone) for name, part in parts.items()}


def _own(path: Path | None, names: list[str]) -> dict[str, Derivation]:
    if not names:
        return {}
    if path is None or not path.exists():
        raise SpecError(f"features are derived by {', '.join(names)}, but {path or 'features.py'} does not exist")
    functions = _public_functions(_import(path))
    return {name: choose(functions, name, f"{path}: function") for name in names}


def _import(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"{path.parent.name}_features", path)
    if spec is None or spec.loader is None:
        raise SpecError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise SpecError(f"{path} cannot be imported: {type(error).__name__}: {error}") from error
    return module


def _public_functions(module: ModuleType) -> dict[str, Derivation]:
    functions = inspect.getmembers(module, inspect.isfunction)
    return {name: f for name, f in functions if f.__module__ == module.__name__ and not name.startswith("_")}
