"""Rules that yield a result of their own: SQL queries, and expectations of Great Expectations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ml_platform.contract.evidence import Evidence, table_rule
from ml_platform.contract.result import CheckResult
from ml_platform.contract.sql import run_query
from ml_platform.contract.table_rules import ExpectationRule, SqlRule
from ml_platform.contract.types import typed
from ml_platform.contract.values import shown, some
from ml_platform.errors import ContractError

if TYPE_CHECKING:
    import pandas as pd


def queried(rule: SqlRule, evidence: Evidence) -> CheckResult:
    """What a query yields."""
    tables: dict[str, pd.DataFrame] = {table: evidence.references[table] for table in rule.tables}
    tables[evidence.contract.table] = typed(evidence.contract, evidence.reading.frame)
    try:
        found = run_query(rule.query, tables)
    except ContractError as error:
        return evidence.check_result(rule, False, 0, f"{error}")
    passed = found is not None and rule.limit.holds(found)
    return evidence.check_result(rule, passed, 0, f"the query yields {shown(found)}, which must {rule.limit}.")


def expected(rule: ExpectationRule, evidence: Evidence) -> CheckResult:
    """What Great Expectations says."""
    answer = evidence.answers[table_rule(rule)]
    if answer.error:
        return evidence.check_result(rule, False, 0, f"could not be checked: {answer.error}")
    observed = "" if answer.observed is None else f", observed {shown(answer.observed)}"
    text = f"{rule.expectation} {'holds' if answer.passed else 'does not hold'}: {len(answer.rows):,} rows break it"
    examples = some([f"row {row}" for row in answer.rows])
    return evidence.check_result(
        rule, answer.passed, len(answer.rows), f"{text}{f' ({examples})' if examples else ''}{observed}."
    )
