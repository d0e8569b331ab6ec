"""The target in each part: the balance of the classes, or the spread of the numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml_platform.exploration.rows import Rows


@dataclass(frozen=True)
class TargetPart:
    """The target in one part."""

    part: str
    n_rows: int
    counts: dict[str, int]
    """Rows of each class, by its name, also of those that have none; empty for a regression."""
    quantiles: tuple[float, ...]
    """Minimum, quartiles and maximum; empty for classes, and where there are no rows."""
    mean: float | None

    def share(self, name: str) -> float | None:
        """Return a class's share of the rows, or None without rows."""
        return self.counts[name] / self.n_rows if self.n_rows else None


def describe_target(rows: Rows) -> tuple[TargetPart, ...]:
    """Return the target in all rows and in each part."""
    whole = {"all": np.arange(len(rows)), **rows.parts}
    return tuple(_describe(rows, part, positions) for part, positions in whole.items())


def _describe(rows: Rows, part: str, positions: NDArray[np.intp]) -> TargetPart:
    if rows.task != "regression":
        counts = np.bincount(rows.class_codes[positions], minlength=len(rows.classes))
        return TargetPart(part, len(positions), dict(zip(rows.classes, counts.tolist(), strict=True)), (), None)
    values = rows.target[positions]
    if not len(values):
        return TargetPart(part, 0, {}, (), None)
    quantiles = tuple(map(float, np.quantile(values, [0, 0.25, 0.5, 0.75, 1])))
    return TargetPart(part, len(values), {}, quantiles, float(values.mean()))
