"""The standard's library metrics: values that are missing or invalid, values there twice, and rows, each with a limit.

Where an ``invalidValues`` metric says what each row must be (``mustBe: 0``), rows that break it go to quarantine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from open_data_contract_standard.model import DataQuality

from ml_platform.contract.result import CompiledCheck, Outcome, Results
from ml_platform.contract.rules import NoneOf, OneOf, Required, Rule, read_pattern, unique_expectation
from ml_platform.contract.table_rule import Limit, Place, TableRule, percent, read_common, read_limit, validate_known
from ml_platform.errors import ContractError

if TYPE_CHECKING:
    from ml_platform.contract.validation.table import TypedTable

UNITS = (None, "rows", "percent")
INTERVALS: Mapping[str, Callable[..., tuple[int, int | None]]] = {
    "mustBe": lambda rows: (rows, rows),
    "mustBeGreaterThan": lambda rows: (rows + 1, None),
    "mustBeGreaterOrEqualTo": lambda rows: (rows, None),
    "mustBeLessThan": lambda rows: (1, rows - 1),
    "mustBeLessOrEqualTo": lambda rows: (1, rows),
    "mustBeBetween": lambda least, most: (least, most),
}
"""Operator on a number of rows → the least and the greatest number; no rows at all are never right."""


@dataclass(frozen=True, kw_only=True)
class CountRule(TableRule):
    """How many values (or what percentage of them) may break any of ``parts``."""

    metric: str
    parts: tuple[Rule, ...]
    limit: Limit

    @property
    def is_of_each_row(self) -> bool:
        """Whether no value may be invalid: the parts are then rules on each row."""
        none = (self.limit.operator, self.limit.values) == ("mustBe", (0,))
        return self.metric == "invalidValues" and self.severity == "error" and none

    @property
    def max_null_share(self) -> float | None:
        """The share (0 to 1) of values that may be missing, if that is what is stated, and it is below 1."""
        bounds = self.metric == "nullValues" and self.severity == "error" and self.limit.percent
        if not bounds or self.limit.operator != "mustBeLessOrEqualTo" or self.limit.values[0] >= 100:
            return None
        return float(Decimal(str(self.limit.values[0])) / 100)  # 12.3 / 100 is not 0.123

    def compile(self, table: TypedTable) -> CompiledCheck:
        """Count each row once, however many parts it breaks."""
        column = str(self.column)

        def interpret(results: Results) -> Outcome:
            rows = sorted({row for result in results for row in result.rows})
            share = f"{percent(len(rows) / table.n_rows)}, " if self.limit.percent else ""
            text = f"{len(rows):,} of {table.n_rows:,} values of {column} are {_called(self.metric)}"
            return _limited(self, table, len(rows), rows, f"{text} ({share}must {self.limit})")

        return CompiledCheck(self, [table.expectation(column, part) for part in self.parts], interpret)


@dataclass(frozen=True, kw_only=True)
class DuplicateRule(TableRule):
    """How many values of the columns taken together may be there more than once (or: as a percentage of the rows)."""

    limit: Limit

    def compile(self, table: TypedTable) -> CompiledCheck:
        """Count values, not the rows that they are in."""

        def interpret(results: Results) -> Outcome:
            rows = results[0].rows
            n_values = len(set(table.rows(self.reads, rows)))
            text = f"{n_values:,} values of {', '.join(self.reads)} are there more than once, in {len(rows):,} rows"
            return _limited(self, table, n_values, rows, f"{text} (must {self.limit})")

        return CompiledCheck(self, [unique_expectation(self.reads)], interpret)


@dataclass(frozen=True, kw_only=True)
class RowCountRule(TableRule):
    """How many rows there may be."""

    limit: Limit

    @property
    def interval(self) -> tuple[int, int | None] | None:
        """The least and the greatest number, if that is what is stated, and it blocks."""
        if self.severity != "error" or self.limit.operator not in INTERVALS:
            return None
        return INTERVALS[self.limit.operator](*self.limit.values)

    def compile(self, table: TypedTable) -> CompiledCheck:
        """Compare a number that is known already."""
        text = f"there are {table.n_rows:,} rows, which must {self.limit}."
        return table.decided(self, self.limit.holds(table.n_rows), 0, text)


def _limited(rule: CountRule | DuplicateRule, table: TypedTable, n: int, rows: Sequence[int], text: str) -> Outcome:
    passed = rule.limit.holds_of(n, table.n_rows)
    text += "" if passed or not rows else f": {table.examples(rule.reads, rows)}"
    return table.rule_outcome(rule, passed, len(rows), f"{text}.")


def _called(metric: str) -> str:
    return "invalid" if metric == "invalidValues" else "missing"


def read_metric(rule: DataQuality, place: Place) -> TableRule:
    """Return the rule that a library metric states."""
    known = TABLE_METRICS if place.column is None else COLUMN_METRICS
    validate_known(rule.metric, known, "metric", place.where)
    arguments, read = known[str(rule.metric)]
    place = place.within(str(rule.metric))
    for argument in rule.arguments or {}:
        validate_known(argument, arguments, "argument", place.where)
    return read(rule, place, _limit(rule, place.where))


def _limit(rule: DataQuality, where: str) -> Limit:
    if rule.unit not in UNITS:
        raise ContractError(f"{where}: is counted in rows or percent, not in '{rule.unit}'.")
    limit = read_limit(rule, where, percent=rule.unit == "percent")
    if limit.percent and not all(0 <= value <= 100 for value in limit.values):
        raise ContractError(f"{where}: a percentage is from 0 to 100, not {limit.values}.")
    return limit


def _count(rule: DataQuality, place: Place, limit: Limit) -> CountRule:
    arguments, metric = rule.arguments or {}, str(rule.metric)
    parts: list[Rule] = [] if metric == "invalidValues" else [Required()]
    if metric == "missingValues" and (values := _listed(arguments, "missingValues", place)):
        parts.append(NoneOf(values))
    if "validValues" in arguments:
        parts.append(OneOf(_listed(arguments, "validValues", place)))
    if "pattern" in arguments:
        parts.append(read_pattern(arguments["pattern"], place.where))
    if not parts:
        raise ContractError(f"{place.where}: needs arguments: validValues or pattern.")
    says = f"The number of {_called(metric)} values of {place.column} must {_of_rows(limit)}."
    return CountRule(**read_common(rule, place, says), metric=metric, parts=tuple(parts), limit=limit)


def _listed(arguments: Mapping[str, Any], word: str, place: Place) -> tuple[Any, ...]:
    values = arguments.get(word)
    if not isinstance(values, list):
        raise ContractError(f"{place.where}: arguments.{word} must be a list of values, not {values!r}.")
    return tuple(value for value in values if value is not None)


def _duplicates(rule: DataQuality, place: Place, limit: Limit) -> DuplicateRule:
    named = [place.column] if place.column else (rule.arguments or {}).get("properties")
    if not isinstance(named, list) or not named:
        raise ContractError(f"{place.where}: needs arguments.properties, a list of columns.")
    place.validate_columns(named)
    says = f"The number of values of {', '.join(named)} that are there more than once must {_of_rows(limit)}."
    return DuplicateRule(**read_common(rule, place, says) | {"reads": tuple(named)}, limit=limit)


def _of_rows(limit: Limit) -> str:
    return f"{limit} of the rows" if limit.percent else str(limit)


def _row_count(rule: DataQuality, place: Place, limit: Limit) -> RowCountRule:
    if limit.percent or not all(isinstance(value, int) for value in limit.values):
        raise ContractError(f"{place.where}: is a whole number of rows, not {limit.values} in {rule.unit}.")
    found = RowCountRule(**read_common(rule, place, f"The number of rows must {limit}."), limit=limit)
    least, most = found.interval or (1, None)
    if least < 1 or (most is not None and most < least):
        raise ContractError(f"{place.where}: must ask for at least one row, not {least} to {most}.")
    return found


Reader = Callable[[DataQuality, Place, Limit], TableRule]
COLUMN_METRICS: Mapping[str, tuple[tuple[str, ...], Reader]] = {
    "nullValues": ((), _count),
    "missingValues": (("missingValues",), _count),
    "invalidValues": (("validValues", "pattern"), _count),
    "duplicateValues": ((), _duplicates),
}
"""Metric of a column → its arguments, and its reader."""
TABLE_METRICS: Mapping[str, tuple[tuple[str, ...], Reader]] = {
    "rowCount": ((), _row_count),
    "duplicateValues": (("properties",), _duplicates),
}
"""Metric of a table → its arguments, and its reader."""
