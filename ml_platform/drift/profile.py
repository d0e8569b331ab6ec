"""The reference as it is stored: the bins of each column, frozen at training, with the number of rows in each."""

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from pydantic import TypeAdapter


@dataclass(frozen=True)
class ColumnBins:
    """The bins of one column, with the reference's rows in each.

    The bins of a number are ``(-inf, e0], (e0, e1], …, (ek, inf)``; those of a category are its frequent values, one
    for its rare values together, and one for unseen values. One for missing values comes last.
    """

    name: str
    kind: str
    """``number`` or ``category``."""
    edges: tuple[float, ...] = ()
    """Of a number: increasing; empty when the reference holds no number."""
    categories: tuple[str, ...] = ()
    rare: tuple[str, ...] = ()
    """Of a category: the frequent and the rare values, each in alphabetical order."""
    counts: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    """What the bins are called where their values are personal; empty elsewhere, and in what is stored."""

    @property
    def has_values_below_minimum(self) -> bool:
        """Whether the first bin is for numbers below the reference's minimum, which has a bin of its own."""
        return len(self.edges) > 1 and self.edges[0] == math.nextafter(self.edges[1], -math.inf)

    @property
    def labels(self) -> tuple[str, ...]:
        """Name each bin, in the order of `counts`."""
        if self.names:
            return self.names
        if self.kind == "category":
            return (*self.categories, "(rare)", "(unseen)", "(missing)")
        upper = [f"≤ {edge:.4g}" for edge in self.edges]
        if self.has_values_below_minimum:
            upper[0] = f"< {self.edges[1]:.4g}"
        return (*upper, f"> {self.edges[-1]:.4g}" if self.edges else "(any)", "(missing)")


@dataclass(frozen=True)
class Profile:
    """A frozen reference."""

    n_rows: int
    columns: tuple[ColumnBins, ...]

    def hide(self, names: Collection[str], write: Callable[[str], str]) -> "Profile":
        """Return the profile with these columns' categories called as `write` has it, and bins of numbers by place."""
        columns = (_hidden(column, write) if column.name in names else column for column in self.columns)
        return replace(self, columns=tuple(columns))

    def to_document(self) -> dict[str, Any]:
        """Return plain values for JSON, which keeps every float exactly."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Profile":
        """Read what `to_document` wrote."""
        return TypeAdapter(cls).validate_python(document)


def _hidden(bins: ColumnBins, write: Callable[[str], str]) -> ColumnBins:
    if bins.kind == "category":
        n_named = len(bins.categories)
        return replace(bins, names=(*map(write, bins.categories), *bins.labels[n_named:]))
    *values, missing = bins.labels
    return replace(bins, names=(*(f"bin {place}" for place in range(1, len(values) + 1)), missing))
