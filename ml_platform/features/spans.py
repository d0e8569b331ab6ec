"""Sums over the rows that count for each prediction: a row counts from one instant to another, in its group."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Positions = NDArray[np.intp]
Instants = NDArray[np.datetime64]


class Points:
    """The predictions, ordered by group and time."""

    def __init__(self, groups: Positions, asked_at: Instants) -> None:
        self.groups = groups
        self.instants = np.sort(asked_at)
        places = self._places(groups, np.searchsorted(self.instants, asked_at))
        self.order = np.argsort(places, kind="stable")
        self.places = places[self.order]

    def spans(self, groups: Positions, first: Instants, last: Instants) -> tuple[Positions, Positions]:
        """Return, per row, the range of predictions of its group that are made from `first` to `last` inclusive."""
        starts = self._places(groups, np.searchsorted(self.instants, first, "left"))
        ends = self._places(groups, np.searchsorted(self.instants, last, "right"))
        return np.searchsorted(self.places, starts), np.searchsorted(self.places, ends)

    def _places(self, groups: Positions, ranks: Positions) -> Positions:
        return groups * (len(self.instants) + 1) + ranks


def covering_sums(n_points: int, first: Positions, end: Positions, values: Numbers) -> Numbers:
    """Return, for each point, the sum of the values whose range ``first <= point < end`` covers it.

    A segment tree: a value is added to the O(log n) nodes that make up its range, and a point sums the nodes above it.
    Nothing is ever subtracted, so an outlier leaves no rounding error in windows that do not hold it.
    """
    tree = np.zeros(2 * n_points)
    low, high = first + n_points, end + n_points
    while (unfinished := low < high).any():
        low, high, values = low[unfinished], high[unfinished], values[unfinished]
        low_is_right_child, high_is_right_child = low % 2 == 1, high % 2 == 1
        np.add.at(tree, low[low_is_right_child], values[low_is_right_child])
        np.add.at(tree, high[high_is_right_child] - 1, values[high_is_right_child])
        low, high = (low + 1) // 2, high // 2
    sums, node = np.zeros(n_points), np.arange(n_points, 2 * n_points)
    while node.any():
        sums += tree[node]  # node 0 is nobody's parent and stays 0
        node //= 2
    return sums
