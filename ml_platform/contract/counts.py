"""Rules that count rows: missing, invalid and duplicate values, and rows."""

from __future__ import annotations

from ml_platform.contract.asking import Asking
from ml_platform.contract.contract import percent
from ml_platform.contract.evidence import Evidence, table_rule
from ml_platform.contract.expectations import key_expectation
from ml_platform.contract.limits import Limit
from ml_platform.contract.result import CheckResult
from ml_platform.contract.table_rules import CountRule, DuplicateRule, RowCountRule
from ml_platform.contract.values import shown, some


def ask_count(rule: CountRule, asking: Asking) -> None:
    """Ask which rows break each part of the rule."""
    for number, part in enumerate(rule.parts):
        asking.ask_rows(table_rule(rule, number), str(rule.column), part)


def count(rule: CountRule, evidence: Evidence) -> CheckResult:
    """The rows that break any part of the rule, or their percentage."""
    questions = [table_rule(rule, number) for number in range(len(rule.parts))]
    error = evidence.error(*questions)
    if error:
        return evidence.check_result(rule, False, 0, f"could not be checked: {error}")
    rows = evidence.rows(*questions)
    share = f"{percent(len(rows) / evidence.n_rows)}, " if rule.percent else ""
    text = f"{len(rows):,} of {evidence.n_rows:,} values of {rule.column} are {rule.called} ({share}{_must(rule)})"
    if rule.limit.holds(_measured(len(rows), evidence.n_rows, rule.percent)):
        return evidence.check_result(rule, True, len(rows), f"{text}.")
    values = evidence.reading.frame[str(rule.column)]
    examples = some([f"row {row}: {shown(values.iat[row])}" for row in sorted(rows)])
    return evidence.check_result(rule, False, len(rows), f"{text}{f': {examples}' if rows else ''}.")


def ask_duplicates(rule: DuplicateRule, asking: Asking) -> None:
    """Ask which rows share their values with another."""
    asking.ask(table_rule(rule), key_expectation(rule.columns))


def duplicates(rule: DuplicateRule, evidence: Evidence) -> CheckResult:
    """The values that are there more than once; a missing value is no duplicate of another."""
    if evidence.error(table_rule(rule)):
        return evidence.check_result(rule, False, 0, f"could not be checked: {evidence.error(table_rule(rule))}")
    rows = evidence.reading.frame.loc[sorted(evidence.rows(table_rule(rule))), list(rule.columns)]
    n_values = len(rows.drop_duplicates())
    names = ", ".join(rule.columns)
    text = f"{n_values:,} values of {names} are there more than once, in {len(rows):,} rows ({_must(rule)})"
    if rule.limit.holds(_measured(n_values, evidence.n_rows, rule.percent)):
        return evidence.check_result(rule, True, len(rows), f"{text}.")
    examples = some([f"row {row}: {', '.join(map(shown, values))}" for row, *values in rows.head(4).itertuples()])
    return evidence.check_result(rule, False, len(rows), f"{text}{f': {examples}' if len(rows) else ''}.")


def row_count(rule: RowCountRule, evidence: Evidence) -> CheckResult:
    """The number of rows."""
    text = f"there are {evidence.n_rows:,} rows, which must {rule.limit}."
    return evidence.check_result(rule, rule.limit.holds(evidence.n_rows), 0, text)


def _measured(n_counted: int, n_rows: int, as_percent: bool) -> float:
    return round(100 * n_counted / n_rows, 6) if as_percent else n_counted


def _must(rule: CountRule | DuplicateRule) -> str:
    limit: Limit = rule.limit
    return f"must {limit}{' percent' if rule.percent else ''}"
