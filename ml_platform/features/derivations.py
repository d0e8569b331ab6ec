"""A model's own functions, from the ``features.py`` beside its YAML. What they may do, see `derive`."""

import importlib.util
import inspect
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

from ml_platform.choices import choose
from ml_platform.errors import SpecError

Derivation = Callable[..., Any]
"""``derivation(*columns) -> Series``: each value from the same row of the columns, on their index."""


def load_derivations(path: Path | None, names: Iterable[str]) -> dict[str, Derivation]:
    """Import a model's ``features.py`` by its path, and return the functions named in the YAML; else a SpecError."""
    names = list(dict.fromkeys(names))
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
