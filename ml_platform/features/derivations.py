"""A model's own functions, from the ``features.py`` beside its YAML, and the check that they look at one row only."""

from __future__ import annotations

import importlib.util
import inspect
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ml_platform.choices import choose
from ml_platform.errors import DataError, SpecError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

Derivation = Callable[..., Any]
"""``derivation(*columns) -> Series``: each value from the same row of the columns, on their index."""

ALONE = 8
"""Rows of either kind that a derivation is checked on one at a time, see `_samples`."""
SHUFFLED = 1_000
"""At most so many rows are checked in another order."""


def load_derivations(path: Path | None, names: Iterable[str]) -> dict[str, Derivation]:
    """Import a model's ``features.py`` by its path, and return the functions named in the YAML.

    Raises
    ------
    SpecError
        When the file is missing or cannot be imported, or has no public function of that name.
    """
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


def derive(name: str, derivation: Derivation, columns: Mapping[str, pd.Series]) -> pd.Series:
    """Return a derived feature, having checked that each value depends on its own row alone.

    It must, because a served row comes alone: a mean, a rank or the row before would not be there.

    Parameters
    ----------
    name
        The feature's, for messages.
    columns
        Its sources in order, all on the same index. The derivation gets copies of these and nothing else.

    Raises
    ------
    DataError
        When the derivation fails, returns something else than one value per row, or looks at other rows.
    """
    sources = list(columns.values())
    everything = _call(name, derivation, sources)
    for positions in _samples(sources, everything):
        again = _call_again(name, derivation, [source.iloc[positions].reset_index(drop=True) for source in sources])
        if not _same(everything.iloc[positions], again):
            row = {column: source.iloc[positions[0]] for column, source in columns.items()}
            which = f"the row {row}" if len(positions) == 1 else f"{len(positions):,} rows in another order"
            raise DataError(
                f"feature '{name}': {derivation.__name__} is not row-wise. From {which} alone it makes something else "
                f"than from all {len(everything):,} rows"
            )
    return everything


def _call(name: str, derivation: Derivation, sources: list[pd.Series]) -> pd.Series:
    import pandas as pd

    what = f"feature '{name}': {derivation.__name__}"
    try:
        values = derivation(*(source.copy() for source in sources))
    except Exception as error:
        given = ", ".join(f"{source.name} ({source.dtype})" for source in sources)
        raise DataError(f"{what} failed on {given}: {type(error).__name__}: {error}") from error
    if not isinstance(values, pd.Series) or not values.index.equals(sources[0].index):
        got = f"{len(values):,} values" if hasattr(values, "__len__") else repr(values)
        raise DataError(
            f"{what} must return a Series on the index of its columns ({len(sources[0]):,} rows), not {got}"
        )
    return values


def _call_again(name: str, derivation: Derivation, sources: list[pd.Series]) -> pd.Series:
    """Call without the warnings that a mean of one missing value would give: they are not about the user's data."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _call(name, derivation, sources)


def _samples(sources: list[pd.Series], derived: pd.Series) -> list[NDArray[np.intp]]:
    """Return the positions to try again: half the rows shuffled, then some one by one.

    These are some with missing values, which are often filled from others, and some evenly spread over what was derived
    with both its ends, where comparisons with other rows show.
    """
    import numpy as np
    import pandas as pd

    n_rows = len(derived)
    if not n_rows:
        return []
    incomplete = np.flatnonzero(np.logical_or.reduce([source.isna().to_numpy() for source in sources]))
    sortable = derived.astype(str) if derived.dtype == object else derived
    ordered = np.argsort(pd.factorize(sortable, sort=True)[0], kind="stable")
    spread = ordered[np.linspace(0, n_rows - 1, ALONE).astype(np.intp)]
    alone = np.unique([*incomplete[:ALONE], *spread])
    half = np.random.default_rng(0).permutation(n_rows)[: min(SHUFFLED, (n_rows + 1) // 2)]
    return [half, *(np.array([position]) for position in alone)]


def _same(expected: pd.Series, found: pd.Series) -> bool:
    """Compare values; numbers may differ in the last digits, since numpy computes long and short arrays differently."""
    import numpy as np
    import pandas as pd

    missing = expected.isna().to_numpy()
    if not np.array_equal(missing, found.isna().to_numpy()):
        return False
    before, after = expected[~missing], found[~missing]
    if pd.api.types.is_float_dtype(before.dtype) and pd.api.types.is_float_dtype(after.dtype):
        return bool(np.isclose(before.to_numpy("float64"), after.to_numpy("float64"), rtol=1e-9, atol=0).all())
    return bool((before.to_numpy() == after.to_numpy()).all())
