"""Read the standard's library metrics: each has one meaning that can be run, and any other use of it is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from open_data_contract_standard.model import DataQuality

from ml_platform.choices import did_you_mean
from ml_platform.contract.rules import OneOf, Pattern, Rule
from ml_platform.contract.words import OPERATORS
from ml_platform.errors import ContractError

T = TypeVar("T")
RowCount = tuple[int, int | None]


@dataclass(frozen=True)
class ColumnMetrics:
    """What a column's metrics say: rules for each row, and the share (0 to 1) that may be missing."""

    rules: tuple[Rule, ...] = ()
    max_null_share: float | None = None


def read_column_metrics(metrics: Sequence[DataQuality], where: str) -> ColumnMetrics:
    """Return what the ``quality`` of a column says.

    Raises
    ------
    ContractError
        When a metric cannot be run, or is not stated in the one way that can.
    """
    readings = [_named(COLUMN_METRICS, metric, where) for metric in metrics]
    shares = [reading.max_null_share for reading in readings if reading.max_null_share is not None]
    if len(shares) > 1:
        raise ContractError(f"{where}: nullValues is stated {len(shares)} times.")
    return ColumnMetrics(tuple(rule for reading in readings for rule in reading.rules), shares[0] if shares else None)


def read_row_count(metrics: Sequence[DataQuality], where: str) -> RowCount:
    """Return the least and the greatest number of rows (None: no bound) that ``quality`` of a table allows.

    Raises
    ------
    ContractError
        When no rowCount is stated, when it would allow an empty table, or when another metric is.
    """
    counts = [_named(TABLE_METRICS, metric, where) for metric in metrics]
    if len(counts) != 1:
        raise ContractError(f"{where}: needs one rowCount metric, found {len(counts)}.")
    minimum, maximum = counts[0]
    if minimum < 1 or (maximum is not None and maximum < minimum):
        raise ContractError(f"{where}, rowCount: must ask for at least one row, not {minimum} to {maximum}.")
    return minimum, maximum


def _row_count(metric: DataQuality, where: str) -> RowCount:
    _refuse_arguments(metric, (), where)
    operator, value = _operator(metric, where)
    if metric.unit not in (None, "rows") or operator not in ROW_COUNTS:
        raise ContractError(f"{where}: is run with {', '.join(ROW_COUNTS)} and in rows, not '{operator}'.")
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(bound, int) and not isinstance(bound, bool) for bound in values):
        raise ContractError(f"{where}: {operator} must be a whole number of rows, not {value}.")
    return ROW_COUNTS[operator](*values)


def _null_share(metric: DataQuality, where: str) -> ColumnMetrics:
    _refuse_arguments(metric, (), where)
    operator, value = _operator(metric, where)
    if metric.unit != "percent" or operator != "mustBeLessOrEqualTo" or not 0 <= value < 100:
        raise ContractError(
            f"{where}: is run with unit: percent and mustBeLessOrEqualTo, at least 0 and below 100, "
            f"not {operator}: {value} with unit {metric.unit}. (For no missing values say required: true.)"
        )
    return ColumnMetrics(max_null_share=value / 100)


def _valid_values(metric: DataQuality, where: str) -> ColumnMetrics:
    _refuse_arguments(metric, ("validValues", "pattern"), where)
    operator, value = _operator(metric, where)
    arguments = metric.arguments or {}
    if (operator, value) != ("mustBe", 0) or not arguments:
        raise ContractError(
            f"{where}: is run with arguments and mustBe: 0, not {operator}: {value}. "
            "(The share of rows that may be set aside is maxQuarantineShare.)"
        )
    rules: list[Rule] = []
    if "validValues" in arguments:
        rules.append(OneOf(tuple(arguments["validValues"])))
    if "pattern" in arguments:
        rules.append(read_pattern(arguments["pattern"], where))
    return ColumnMetrics(tuple(rules))


def read_pattern(regex: object, where: str) -> Pattern:
    """Return the rule, or refuse what is not a regular expression."""
    try:
        re.compile(str(regex))
    except re.error as error:
        raise ContractError(f"{where}: the pattern '{regex}' is not a regular expression ({error}).") from error
    return Pattern(str(regex))


def _named(table: Mapping[str, Callable[[DataQuality, str], T]], metric: DataQuality, where: str) -> T:
    if metric.type not in (None, "library"):
        raise ContractError(f"{where}: the platform cannot run a quality rule of type '{metric.type}', only 'library'.")
    if metric.metric not in table:
        known = did_you_mean(str(metric.metric), table)
        raise ContractError(f"{where}: the platform cannot run metric '{metric.metric}' here. {known}")
    return table[metric.metric](metric, f"{where}, {metric.metric}")


def _operator(metric: DataQuality, where: str) -> tuple[str, Any]:
    stated = [operator for operator in OPERATORS if getattr(metric, operator) is not None]
    if len(stated) != 1:
        raise ContractError(f"{where}: needs one operator, found {', '.join(stated) or 'none'}.")
    return stated[0], getattr(metric, stated[0])


def _refuse_arguments(metric: DataQuality, known: tuple[str, ...], where: str) -> None:
    for argument in metric.arguments or {}:
        if argument not in known:
            raise ContractError(
                f"{where}: the platform cannot run argument '{argument}'. {did_you_mean(argument, known)}"
            )


ROW_COUNTS: Mapping[str, Callable[..., RowCount]] = MappingProxyType(
    {
        "mustBe": lambda rows: (rows, rows),
        "mustBeGreaterThan": lambda rows: (rows + 1, None),
        "mustBeGreaterOrEqualTo": lambda rows: (rows, None),
        "mustBeBetween": lambda least, most: (least, most),
    }
)
"""Operator → bounds. An operator without a lower bound would let an empty table pass."""
COLUMN_METRICS: Mapping[str, Callable[[DataQuality, str], ColumnMetrics]] = MappingProxyType(
    {"nullValues": _null_share, "invalidValues": _valid_values}
)
TABLE_METRICS: Mapping[str, Callable[[DataQuality, str], RowCount]] = MappingProxyType({"rowCount": _row_count})
