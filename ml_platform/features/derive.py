"""Derive a feature, and check that each of its values depends on its own row alone."""

import warnings
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml_platform.errors import DataError
from ml_platform.features.derivations import Derivation

ALONE = 8
"""Rows of either kind that a derivation is checked on one at a time, see `_samples`."""
SHUFFLED = 1_000
"""At most so many rows are checked in another order."""


def derive(name: str, derivation: Derivation, columns: Mapping[str, pd.Series]) -> pd.Series:
    """Return a derived feature. It is a DataError when the derivation fails, or is not row-wise.

    Each value must depend on its own row alone, because a row is served alone: without the mean, the rank or the row
    before. `columns` are its sources in order, all on the same index; the derivation gets copies and nothing else.
    """
    sources = list(columns.values())
    everything = _call(name, derivation, sources)
    for positions in _samples(sources, everything):
        rows = [source.iloc[positions].reset_index(drop=True) for source in sources]
        with warnings.catch_warnings(action="ignore"):  # the mean of one missing value: not about the user's data
            again = _call(name, derivation, rows)
        if not _same(everything.iloc[positions], again):
            row = {column: source.iloc[positions[0]] for column, source in columns.items()}
            which = f"the row {row}" if len(positions) == 1 else f"{len(positions):,} rows in another order"
            raise DataError(
                f"feature '{name}': {derivation.__name__} is not row-wise. From {which} alone it returns other values "
                f"than from all {len(everything):,} rows"
            )
    return everything


def _call(name: str, derivation: Derivation, sources: list[pd.Series]) -> pd.Series:
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


def _samples(sources: list[pd.Series], derived: pd.Series) -> list[NDArray[np.intp]]:
    """Return the positions to try again: half the rows shuffled, then some one by one.

    One by one are tried rows with missing values, which are often filled from other rows, and rows evenly spread over
    the derived values with both extremes, where comparisons with other rows show.
    """
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
    missing = expected.isna().to_numpy()
    if not np.array_equal(missing, found.isna().to_numpy()):
        return False
    before, after = expected[~missing], found[~missing]
    if pd.api.types.is_float_dtype(before.dtype) and pd.api.types.is_float_dtype(after.dtype):
        return bool(np.isclose(before.to_numpy("float64"), after.to_numpy("float64"), rtol=1e-9, atol=0).all())
    return bool((before.to_numpy() == after.to_numpy()).all())
