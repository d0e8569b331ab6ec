"""The rows that are explored, each column read in one way by everything that looks at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from ml_platform.choices import did_you_mean
from ml_platform.errors import DataError
from ml_platform.task import Task

MISSING = -1
"""Code of a category that is missing."""


@dataclass(frozen=True, eq=False)
class Categories:
    """A column of categories: `codes` are places in `levels`, which are in alphabetical order, or MISSING."""

    codes: NDArray[np.intp]
    levels: tuple[str, ...]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Whether each row has a category."""
        known: NDArray[np.bool_] = self.codes != MISSING
        return known

    @cached_property
    def counts(self) -> NDArray[np.intp]:
        """Rows of each level."""
        return np.bincount(self.codes[self.known], minlength=len(self.levels))

    @cached_property
    def by_frequency(self) -> NDArray[np.intp]:
        """Codes of the levels, the most frequent first, equal ones in alphabetical order."""
        return np.argsort(-self.counts, kind="stable")


@dataclass(frozen=True, eq=False)
class Rows:
    """Labelled rows of a training window. Rows that do not fit together are a DataError."""

    frame: pd.DataFrame
    """At least the columns of `kinds` and `key`."""
    target: NDArray[np.float64]
    """Float for each row: the place of its class (0 or 1, 0 … k - 1), or the number to predict. None is missing."""
    parts: Mapping[str, NDArray[np.intp]]
    """``train``, ``validation`` and ``test`` → positions of rows; a part may be empty."""
    kinds: Mapping[str, str]
    """Feature → ``number`` or ``category``."""
    key: Sequence[str]
    """Columns that name a row."""
    task: Task
    seed: int
    """Of every sample and every model."""
    classes: Sequence[str] = ()
    """Names of the classes, by code; none for a regression."""

    def __post_init__(self) -> None:
        for name in (*self.kinds, *self.key):
            if name not in self.frame:
                raise DataError(f"column '{name}' cannot be explored. {did_you_mean(name, map(str, self.frame))}")
        if len(self.target) != len(self.frame) or not np.isfinite(self.target).all():
            raise DataError(f"{len(self.target):,} labels for {len(self.frame):,} rows, or some that are missing")

    def __len__(self) -> int:
        return len(self.frame)

    @cached_property
    def numbers(self) -> dict[str, NDArray[np.float64]]:
        """Return the columns of numbers: NaN is missing, infinities stay. What cannot be read is a DataError."""
        return {name: _numbers(self.frame[name]) for name, kind in self.kinds.items() if kind == "number"}

    @cached_property
    def categories(self) -> dict[str, Categories]:
        """Return the columns of categories."""
        return {name: _categories(self.frame[name]) for name, kind in self.kinds.items() if kind == "category"}

    def series(self, name: str) -> pd.Series:
        """Return a column as predictive power is measured of it: numbers, or codes of categories; missing is NaN."""
        if name in self.numbers:
            return pd.Series(self.numbers[name])
        column = self.categories[name]
        return pd.Series(np.where(column.known, column.codes, np.nan))

    @property
    def class_codes(self) -> NDArray[np.intp]:
        """The code of each row's class."""
        return self.target.astype(np.intp)

    def sample(self, positions: NDArray[np.intp], size: int) -> NDArray[np.intp]:
        """Return at most `size` of some positions, drawn by the seed, in order."""
        if len(positions) <= size:
            return np.sort(positions)
        return np.sort(np.random.default_rng(self.seed).choice(positions, size, replace=False))

    @cached_property
    def encoded(self) -> NDArray[np.float64]:
        """Return the features as trees take them: numbers by rank, categories by rank of frequency, missing as -1.

        A tree splits ranks where it would split the values, also where those are infinite. Shape: (rows, features), in
        the order of `kinds`.
        """
        columns = [
            np.nan_to_num(rankdata(self.numbers[name], "dense", nan_policy="omit") - 1, nan=MISSING)
            if kind == "number"
            else _by_frequency(self.categories[name])
            for name, kind in self.kinds.items()
        ]
        return np.column_stack(columns)


def _numbers(column: pd.Series) -> NDArray[np.float64]:
    try:
        return pd.to_numeric(column).to_numpy(dtype=np.float64, na_value=np.nan)
    except (ValueError, TypeError) as error:
        raise DataError(f"column '{column.name}' is declared a number, but {error}") from error


def _categories(column: pd.Series) -> Categories:
    known = column.notna().to_numpy()
    codes = np.full(len(column), MISSING, dtype=np.intp)
    codes[known], levels = pd.factorize(column[known].astype(str).to_numpy(dtype=object), sort=True)
    return Categories(codes, tuple(map(str, levels)))


def _by_frequency(column: Categories) -> NDArray[np.float64]:
    rank = np.empty(len(column.levels) + 1)
    rank[column.by_frequency] = np.arange(len(column.levels))
    rank[MISSING] = MISSING
    return rank[column.codes]
