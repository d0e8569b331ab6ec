"""What a contract says of a column's values, by the kind of the column."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.stats import spearmanr

from ml_platform.scaffold.calendar_sets import full_set
from ml_platform.scaffold.profile import ColumnProfile
from ml_platform.scaffold.roles import Role

MAX_VALID_VALUES = 50
LONGER = 2
MARGIN = 0.1
TINY, HUGE = 1e-300, 1e300
"""Near the ends of the range of 64-bit floats, bounds are what was seen."""
LONG_TAIL = 3
"""The greatest value is this much further from the median than the least is."""
LARGER = 10
"""Amounts with a long tail may be this many times the greatest that was seen."""
FEWEST_PARTITIONS = 4
TREND = 0.8
"""Rank correlation of the partitions' medians with their order."""
PILED_UP, FEWEST_AT_END = 0.01, 5
"""Share and number of the rows at the end of a scale that no value passes."""


@dataclass(frozen=True)
class ValueRule:
    """A set, a range of numbers, or a length of text; what is None or empty is not stated."""

    reason: str
    valid_values: tuple[Any, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    max_length: int | None = None

    @property
    def options(self) -> dict[str, Any]:
        """The rule as ``logicalTypeOptions``; empty for a set."""
        stated = {"minimum": self.minimum, "maximum": self.maximum, "maxLength": self.max_length}
        return {option: value for option, value in stated.items() if value is not None}

    def expectation(self, column: str) -> dict[str, Any]:
        """Return a range or a length as an expectation of Great Expectations, which may be a warning."""
        stated: dict[str, float | None]
        if self.max_length is not None:
            name, stated = "expect_column_value_lengths_to_be_between", {"max_value": self.max_length}
        else:
            name, stated = "expect_column_values_to_be_between", {"min_value": self.minimum, "max_value": self.maximum}
        return {"type": name, "kwargs": {"column": column} | {k: v for k, v in stated.items() if v is not None}}

    def n_broken(self, column: pa.ChunkedArray) -> int:
        """Return how many values break the rule; missing ones do not."""
        values = column.drop_null()
        if self.max_length is not None:
            return int(pc.sum(pc.greater(pc.utf8_length(values), self.max_length)).as_py() or 0)
        if self.valid_values:
            return len(values) - int(pc.sum(pc.is_in(values, pa.array(self.valid_values, values.type))).as_py() or 0)
        found = values.to_numpy()
        outside = np.zeros(len(found), dtype=bool)
        if self.minimum is not None:
            outside |= found < self.minimum
        if self.maximum is not None:
            outside |= found > self.maximum
        return int(outside.sum())


def learn_rule(
    profile: ColumnProfile, role: Role, partitions: Sequence[pa.ChunkedArray], *, is_class: bool
) -> ValueRule | None:
    """Return the rule on a column that the model uses; None where there is nothing to say of its values.

    Parameters
    ----------
    profile
        Of all values.
    partitions
        The values of each partition, in order.
    is_class
        Whether the column is a target of classes.
    """
    is_protected = "protected" in role.reason
    if role.use in ("key", "time") or (role.use == "left out" and not is_protected):
        return None
    if is_class and profile.kind != "boolean":
        return ValueRule("the classes", profile.values)
    is_set = role.use == "category" or is_protected
    if profile.kind == "string":
        return _text(profile, is_set=is_set)
    if profile.kind in ("integer", "number"):
        return _set_of_numbers(profile, is_set=is_set) or _range(profile, partitions)
    return None


def _text(profile: ColumnProfile, *, is_set: bool) -> ValueRule:
    if names := full_set(profile):
        return ValueRule("months or weekdays, all of them", names)
    if is_set and profile.n_distinct <= MAX_VALID_VALUES:
        return ValueRule(f"these {profile.n_distinct}", profile.values)
    return ValueRule(f"at most {profile.longest} characters", max_length=LONGER * profile.longest)


def _set_of_numbers(profile: ColumnProfile, *, is_set: bool) -> ValueRule | None:
    if parts := full_set(profile):
        return ValueRule(f"{parts[0]} to {parts[-1]}, as its name says", parts)
    if profile.n_distinct <= 2 and set(profile.values) <= {0, 1}:
        return ValueRule("a flag", tuple(type(profile.values[0])(value) for value in (0, 1)))
    if profile.n_distinct == 2:
        return ValueRule("these 2", profile.values)
    if is_set and profile.kind == "integer" and profile.n_distinct <= MAX_VALID_VALUES:
        return ValueRule(f"these {profile.n_distinct}", profile.values)
    return None


def _range(profile: ColumnProfile, partitions: Sequence[pa.ChunkedArray]) -> ValueRule | None:
    """Return bounds with some room; none on a side towards which the values go on."""
    whole = profile.kind == "integer"
    minimum: float | None
    maximum: float | None
    minimum, maximum = widened(profile.least, profile.most, whole=whole)
    values = pa.chunked_array([chunk for column in partitions for chunk in column.chunks], partitions[0].type)
    found, reason = values.drop_null().to_numpy(), f"{profile.least} to {profile.most}"
    trend = _trend(partitions)
    if whole and _piled_up(found, profile.most):
        maximum, reason = profile.most, f"{reason}, where the scale ends"
    elif trend > 0:
        maximum, reason = None, f"{reason}, and grows"
    elif profile.most > 1 and profile.most - np.median(found) > LONG_TAIL * (np.median(found) - profile.least):
        maximum = None if whole else min(LARGER * profile.most, HUGE)
        reason = f"{reason}, with a long tail"
    if trend < 0:
        minimum, reason = 0 if profile.least >= 0 else None, f"{reason}, and falls"
    return None if minimum is None and maximum is None else ValueRule(reason, (), minimum, maximum)


def _trend(partitions: Sequence[pa.ChunkedArray]) -> int:
    """Return 1 where the values grow from partition to partition, -1 where they fall, else 0."""
    medians = [float(np.median(known)) for column in partitions if len(known := column.drop_null().to_numpy())]
    if len(medians) < FEWEST_PARTITIONS or len(set(medians)) < 2:
        return 0
    correlation = float(spearmanr(range(len(medians)), medians).statistic)
    return int(np.sign(correlation)) if abs(correlation) >= TREND else 0


def _piled_up(values: NDArray[Any], end: float) -> bool:
    """Return whether a scale ends there: many rows have this value, and more than have the one before it."""
    at_end, others = values == end, values[values != end]
    if at_end.sum() < max(PILED_UP * len(values), FEWEST_AT_END) or not len(others):
        return False
    return bool(at_end.sum() >= 2 * (others == others.max()).sum()) and len(np.unique(others)) >= FEWEST_AT_END


def widened(least: float, most: float, *, whole: bool) -> tuple[float, float]:
    """Return bounds that hold both, each a tenth of the span further out and rounded outwards.

    What is never negative stays so, and what lies in 0 to 1, as a share does, keeps these bounds.
    """
    if not whole and least >= 0 and most <= 1:
        return 0.0, 1.0
    span = (most - least) or 1
    if span < TINY or max(abs(least), abs(most)) > HUGE:
        return least, most
    step = 10.0 ** math.floor(math.log10(span)) / 2
    low = math.floor((least - MARGIN * span) / step) * step
    high = math.ceil((most + MARGIN * span) / step) * step
    if least >= 0:
        low = max(low, 0)
    low, high = min(low, least), max(high, most)
    return (math.floor(low), math.ceil(high)) if whole else (_short(low, least, -1), _short(high, most, 1))


def _short(bound: float, seen: float, side: int) -> float:
    """Return the bound in few digits, as long as what was seen stays inside."""
    short = float(f"{bound:.6g}")
    return short if (short - seen) * side >= 0 else bound
