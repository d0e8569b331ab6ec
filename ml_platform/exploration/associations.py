"""How each feature goes with the target. An association is no cause, and a strong one may be a leak."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ml_platform.exploration.intervals import (
    MIN_ROWS,
    Estimate,
    correlation_ratio,
    cramers_v,
    pearson,
    spearman,
)
from ml_platform.exploration.rows import Rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Association:
    """One feature and the target, over the rows where the feature is known and finite.

    Attributes
    ----------
    estimate
        By what the features are ranked. Numbers: Spearman's correlation, for more than two classes the correlation
        ratio. Categories: Cramér's V, for a regression the correlation ratio.
    linear
        Pearson's correlation of a number, which with two classes is the point-biserial one; None for others.
    reason
        Why there is no estimate.
    """

    column: str
    n_rows: int
    estimate: Estimate | None
    linear: Estimate | None = None
    reason: str | None = None

    @property
    def strength(self) -> float:
        """Size of the association, 0 to 1; -1 where there is no estimate."""
        return abs(self.estimate.value) if self.estimate else -1.0


def associate(rows: Rows) -> tuple[Association, ...]:
    """Return each feature's association with the target, the strongest first."""
    found = [_number(rows, name) if kind == "number" else _category(rows, name) for name, kind in rows.kinds.items()]
    return tuple(sorted(found, key=lambda association: -association.strength))


def _number(rows: Rows, name: str) -> Association:
    import numpy as np

    known = np.isfinite(rows.numbers[name])
    values, target = rows.numbers[name][known], rows.target[known]
    if reason := _nothing_varies(values, target):
        return Association(name, len(values), None, reason=reason)
    if rows.task == "multiclass":
        return _in_groups(name, groups=target.astype(np.intp), values=values)
    measure = "point-biserial" if rows.task == "binary" else "Pearson"
    return Association(name, len(values), spearman(values, target), pearson(values, target, measure=measure))


def _category(rows: Rows, name: str) -> Association:
    import numpy as np

    column = rows.categories[name]
    codes, target = column.codes[column.known], rows.target[column.known]
    if reason := _nothing_varies(codes, target):
        return Association(name, len(codes), None, reason=reason)
    if rows.task == "regression":
        return _in_groups(name, groups=codes, values=target)
    classes = target.astype(np.intp)
    counts = np.zeros((len(column.levels), int(classes.max()) + 1), dtype=np.intp)
    np.add.at(counts, (codes, classes), 1)
    return Association(name, len(codes), cramers_v(counts))


def _in_groups(name: str, *, groups: NDArray[np.intp], values: NDArray[np.float64]) -> Association:
    import numpy as np

    if len(np.unique(groups)) == len(values):
        return Association(name, len(values), None, reason="every row is a group of its own")
    return Association(name, len(values), correlation_ratio(groups, values))


def _nothing_varies(values: NDArray[np.float64] | NDArray[np.intp], target: NDArray[np.float64]) -> str | None:
    if len(values) < MIN_ROWS:
        return f"{len(values):,} known rows are too few"
    if (values == values[0]).all():
        return "one value only"
    if (target == target[0]).all():
        return "the target has one value only in these rows"
    return None
