"""An exploration without the values of personal columns."""

from collections.abc import Callable, Collection
from dataclasses import replace

from ml_platform.exploration.columns import Column
from ml_platform.exploration.distributions import GATHERED, Distribution
from ml_platform.exploration.explore import Exploration
from ml_platform.exploration.label_issues import Suspect

Write = Callable[[str], str]


def hide(exploration: Exploration, names: Collection[str], write: Write) -> Exploration:
    """Return the exploration with each category and key of these columns as `write` has it, and none of their numbers.

    What is counted and measured of the columns stays.
    """
    issues = exploration.label_issues
    return replace(
        exploration,
        columns=tuple(_column(one, write) if one.name in names else one for one in exploration.columns),
        distributions=tuple(
            _distribution(one, write) if one.column in names else one for one in exploration.distributions
        ),
        label_issues=replace(issues, worst=tuple(_suspect(one, names, write) for one in issues.worst)),
    )


def _column(column: Column, write: Write) -> Column:
    outliers = column.outliers and replace(column.outliers, low=None, high=None)
    top = tuple((write(name), share) for name, share in column.top)
    return replace(column, quantiles=(), top=top, outliers=outliers, hidden=True)


def _distribution(distribution: Distribution, write: Write) -> Distribution:
    """Return categories under other names; of a number nothing, since the edges of its bins are values."""
    if distribution.kind == "number":
        return replace(distribution, edges=(), bins=(), shares={}, outcomes={})
    return replace(distribution, bins=tuple(one if one in GATHERED else write(one) for one in distribution.bins))


def _suspect(suspect: Suspect, names: Collection[str], write: Write) -> Suspect:
    return replace(suspect, key={name: write(value) if name in names else value for name, value in suspect.key.items()})
