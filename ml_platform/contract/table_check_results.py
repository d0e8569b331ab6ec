"""Rules on a table as a whole: what is asked of it for each kind, and what is found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ml_platform.contract.asking import Asking
from ml_platform.contract.counts import ask_count, ask_duplicates, count, duplicates, row_count
from ml_platform.contract.evidence import Evidence, Question, table_rule
from ml_platform.contract.expectations import Expectation
from ml_platform.contract.matches import ask_match, matched
from ml_platform.contract.result import CheckResult
from ml_platform.contract.results import expected, queried
from ml_platform.contract.spans import age, gap
from ml_platform.contract.table_rules import (
    AgeRule,
    CountRule,
    DuplicateRule,
    ExpectationRule,
    GapRule,
    ReferenceRule,
    RowCountRule,
    SqlRule,
    TableRule,
)
from ml_platform.contract.types import Reading

if TYPE_CHECKING:
    import pandas as pd


def ask_table_rule(rule: TableRule, asking: Asking, tables: Mapping[str, pd.DataFrame]) -> None:
    """Add to one validation what a rule needs of it; most kinds need nothing."""
    if not asking.reading.has(*rule.reads):
        return
    match rule:
        case CountRule():
            ask_count(rule, asking)
        case DuplicateRule():
            ask_duplicates(rule, asking)
        case ReferenceRule():
            ask_match(rule, asking, tables)


def stated_expectations(rules: tuple[TableRule, ...], reading: Reading) -> dict[Question, Expectation]:
    """Return the rules that a contract states as Great Expectations' own; they may be about the table's shape."""
    return {
        table_rule(rule): Expectation(rule.expectation, rule.arguments)
        for rule in rules
        if isinstance(rule, ExpectationRule) and reading.has(*rule.reads)
    }


def table_check_result(rule: TableRule, evidence: Evidence) -> CheckResult:
    """Return what was found of a rule; one on a column that could not be read, or on no rows, did not pass."""
    unread = [column for column in rule.reads if not evidence.reading.has(column)]
    if unread or not evidence.n_rows:
        why = f"column '{unread[0]}' could not be read" if unread else "there is nothing to check"
        return evidence.check_result(rule, False, 0, f"{rule.check} not checked: {why}.")
    return FINDINGS[type(rule)](rule, evidence)


FINDINGS: Mapping[type[TableRule], Callable[[Any, Evidence], CheckResult]] = MappingProxyType(
    {
        CountRule: count,
        DuplicateRule: duplicates,
        RowCountRule: row_count,
        SqlRule: queried,
        ExpectationRule: expected,
        ReferenceRule: matched,
        AgeRule: age,
        GapRule: gap,
    }
)
"""Kind of rule → its check_result."""
