"""Reads the standard's library metrics. Where one says what each row must be, rows that break it go to quarantine.

That is so for ``invalidValues`` with ``mustBe: 0``. Every other use is a count with a limit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from open_data_contract_standard.model import DataQuality

from ml_platform.choices import did_you_mean
from ml_platform.contract.odcs.options import read_pattern
from ml_platform.contract.odcs.rule import read_limit, rule_check, rule_description, severity
from ml_platform.contract.rules import NoneOf, OneOf, Required, Rule
from ml_platform.contract.table_rules import CountRule, DuplicateRule, Limit, RowCountRule, TableRule
from ml_platform.errors import ContractError

UNITS = (None, "rows", "percent")
INTERVALS: Mapping[str, Callable[..., tuple[int, int | None]]] = MappingProxyType(
    {
        "mustBe": lambda rows: (rows, rows),
        "mustBeGreaterThan": lambda rows: (rows + 1, None),
        "mustBeGreaterOrEqualTo": lambda rows: (rows, None),
        "mustBeLessThan": lambda rows: (1, rows - 1),
        "mustBeLessOrEqualTo": lambda rows: (1, rows),
        "mustBeBetween": lambda least, most: (least, most),
    }
)
"""Operator on a number of rows → the least and the greatest number; no rows at all are never right."""
CALLED = {"nullValues": "missing", "missingValues": "missing", "invalidValues": "invalid"}


@dataclass
class ColumnMetrics:
    """What the quality rules of a column say.

    ``rules`` hold for each row; ``max_null_share`` (0 to 1) for the column; ``table_rules`` are checks of their own.
    """

    rules: list[Rule] = field(default_factory=list)
    max_null_share: float | None = None
    table_rules: list[TableRule] = field(default_factory=list)

    @property
    def counted(self) -> list[Rule]:
        """The rules that are counted."""
        return [part for rule in self.table_rules if isinstance(rule, CountRule) for part in rule.parts]

    @property
    def bounds_nulls(self) -> bool:
        """Whether something says how many values may be missing."""
        return self.max_null_share is not None or any(
            isinstance(rule, CountRule) and rule.parts == (Required(),) for rule in self.table_rules
        )


@dataclass
class TableMetrics:
    """What the quality rules of a table say: the bounds of its number of rows, and checks of their own."""

    min_rows: int = 1
    max_rows: int | None = None
    table_rules: list[TableRule] = field(default_factory=list)
    n_row_counts: int = 0


def read_column_metric(rule: DataQuality, column: str, into: ColumnMetrics, where: str) -> None:
    """Add what a library metric of a column says.

    Raises
    ------
    ContractError
        When there is no such metric, or it cannot be run as stated.
    """
    where = f"{where}, {_known(rule, COLUMN_METRICS, where)}"
    arguments, parts = COLUMN_METRICS[str(rule.metric)]
    _validate_arguments(rule, arguments, where)
    limit, percent = _measure(rule, where)
    if rule.metric == "duplicateValues":
        into.table_rules.append(_duplicates(rule, column, (column,), where))
        return
    rules = parts(rule.arguments or {}, where)
    blocks = severity(rule, where) == "error"
    if rule.metric == "invalidValues" and blocks and limit == Limit("mustBe", (0,)):
        into.rules += rules
    elif rule.metric == "nullValues" and blocks and percent and into.max_null_share is None and _is_share(limit):
        into.max_null_share = float(Decimal(str(limit.values[0])) / 100)  # 12.3 / 100 is not 0.123
    else:
        called = CALLED[str(rule.metric)]
        says = f"The number of {called} values of {column} must {limit}{' percent of the rows' if percent else ''}."
        check, description = rule_check(rule, column), rule_description(rule, says)
        into.table_rules.append(
            CountRule(check, column, severity(rule, where), description, called, tuple(rules), limit, percent)
        )


def read_table_metric(rule: DataQuality, columns: tuple[str, ...], into: TableMetrics, where: str) -> None:
    """Add what a library metric of a table says; raises as ``read_column_metric`` does."""
    where = f"{where}, {_known(rule, TABLE_METRICS, where)}"
    _validate_arguments(rule, TABLE_METRICS[str(rule.metric)], where)
    limit, percent = _measure(rule, where)
    if rule.metric == "rowCount":
        if percent or not all(isinstance(value, int) for value in limit.values):
            raise ContractError(f"{where}: is a whole number of rows, not {limit.values} in {rule.unit}.")
        _row_count(rule, limit, into, where)
        return
    named = (rule.arguments or {}).get("properties")
    if not isinstance(named, list) or not named:
        raise ContractError(f"{where}: needs arguments.properties, a list of columns.")
    for name in named:
        if name not in columns:
            raise ContractError(f"{where}: the contract has no column '{name}'. {did_you_mean(str(name), columns)}")
    into.table_rules.append(_duplicates(rule, None, tuple(named), where))


def _row_count(rule: DataQuality, limit: Limit, into: TableMetrics, where: str) -> None:
    into.n_row_counts += 1
    if severity(rule, where) != "error" or limit.operator not in INTERVALS:
        description = rule_description(rule, f"The number of rows must {limit}.")
        into.table_rules.append(RowCountRule(rule_check(rule, None), None, severity(rule, where), description, limit))
        return
    least, most = INTERVALS[limit.operator](*limit.values)
    if least < 1 or (most is not None and most < least):
        raise ContractError(f"{where}: must ask for at least one row, not {least} to {most}.")
    into.min_rows = max(into.min_rows, least)
    into.max_rows = most if into.max_rows is None else into.max_rows if most is None else min(into.max_rows, most)


def _duplicates(rule: DataQuality, column: str | None, columns: tuple[str, ...], where: str) -> DuplicateRule:
    limit, percent = _measure(rule, where)
    named = ", ".join(columns)
    says = f"The number of values of {named} that are there more than once must {limit}"
    description = rule_description(rule, f"{says}{' percent of the rows' if percent else ''}.")
    return DuplicateRule(rule_check(rule, column), column, severity(rule, where), description, columns, limit, percent)


def _missing_parts(arguments: Mapping[str, Any], where: str) -> list[Rule]:
    values = arguments.get("missingValues")
    if not isinstance(values, list):
        raise ContractError(f"{where}: needs arguments.missingValues, a list of what stands for a missing value.")
    there = tuple(value for value in values if value is not None)
    return [Required(), *([NoneOf(there)] if there else [])]


def _invalid_parts(arguments: Mapping[str, Any], where: str) -> list[Rule]:
    rules: list[Rule] = []
    if "validValues" in arguments:
        if not isinstance(arguments["validValues"], list):
            raise ContractError(f"{where}: arguments.validValues must be a list, not {arguments['validValues']!r}.")
        rules.append(OneOf(tuple(value for value in arguments["validValues"] if value is not None)))
    if "pattern" in arguments:
        rules.append(read_pattern(arguments["pattern"], where))
    if not rules:
        raise ContractError(f"{where}: needs arguments: validValues or pattern.")
    return rules


def _measure(rule: DataQuality, where: str) -> tuple[Limit, bool]:
    limit = read_limit(rule, where)
    if rule.unit not in UNITS:
        raise ContractError(f"{where}: is counted in rows or percent, not in '{rule.unit}'.")
    percent = rule.unit == "percent"
    if percent and not all(0 <= value <= 100 for value in limit.values):
        raise ContractError(f"{where}: a percentage is from 0 to 100, not {limit.values}.")
    return limit, percent


def _is_share(limit: Limit) -> bool:
    return limit.operator == "mustBeLessOrEqualTo" and bool(limit.values[0] < 100)


def _known(rule: DataQuality, table: Mapping[str, Any], where: str) -> str:
    if rule.metric not in table:
        known = did_you_mean(str(rule.metric), table)
        raise ContractError(f"{where}: the platform cannot run metric '{rule.metric}' here. {known}")
    return str(rule.metric)


def _validate_arguments(rule: DataQuality, known: tuple[str, ...], where: str) -> None:
    for argument in rule.arguments or {}:
        if argument not in known:
            guess = did_you_mean(argument, known)
            raise ContractError(f"{where}: the platform cannot run argument '{argument}'. {guess}")


Parts = Callable[[Mapping[str, Any], str], list[Rule]]
COLUMN_METRICS: Mapping[str, tuple[tuple[str, ...], Parts]] = MappingProxyType(
    {
        "nullValues": ((), lambda arguments, where: [Required()]),
        "missingValues": (("missingValues",), _missing_parts),
        "invalidValues": (("validValues", "pattern"), _invalid_parts),
        "duplicateValues": ((), lambda arguments, where: []),
    }
)
"""Metric of a column → its arguments, and the rules whose broken rows it counts."""
TABLE_METRICS: Mapping[str, tuple[str, ...]] = MappingProxyType({"rowCount": (), "duplicateValues": ("properties",)})
"""Metric of a table → its arguments."""
