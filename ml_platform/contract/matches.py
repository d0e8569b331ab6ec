"""References: rows whose values are found in another table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ml_platform.contract.asking import Asking
from ml_platform.contract.contract import percent
from ml_platform.contract.evidence import Evidence, table_rule
from ml_platform.contract.result import CheckResult
from ml_platform.contract.table_rules import ReferenceRule
from ml_platform.contract.values import shown, some

if TYPE_CHECKING:
    import pandas as pd


def ask_match(rule: ReferenceRule, asking: Asking, tables: Mapping[str, pd.DataFrame]) -> None:
    """Ask which rows are not found; one with a missing value refers to nothing, as in SQL."""
    import pandas as pd

    own, other = asking.reading.frame[list(rule.columns)], tables[rule.table][list(rule.targets)].dropna()
    whole = own.notna().all(axis="columns")
    found = pd.MultiIndex.from_frame(own).isin(pd.MultiIndex.from_frame(other))
    holds = pd.Series(found, index=own.index, dtype=object)
    asking.ask_true(table_rule(rule), holds.where(whole, None))


def matched(rule: ReferenceRule, evidence: Evidence) -> CheckResult:
    """The rows that refer to nothing that there is."""
    if evidence.error(table_rule(rule)):
        return evidence.check_result(rule, False, 0, f"could not be checked: {evidence.error(table_rule(rule))}")
    rows = sorted(evidence.rows(table_rule(rule)))
    values = evidence.reading.frame[list(rule.columns)]
    n_values = int(values.notna().all(axis="columns").sum())
    share = 1 - len(rows) / n_values if n_values else 1.0
    target = f"{', '.join(rule.targets)} of {rule.table}"
    text = f"{n_values - len(rows):,} of {n_values:,} values of {', '.join(rule.columns)} are in {target}"
    text = f"{text} ({percent(share)}, at least {percent(rule.min_share)})"
    if share >= rule.min_share:
        return evidence.check_result(rule, True, len(rows), f"{text}.")
    examples = some([f"row {row}: {', '.join(shown(value) for value in values.iloc[row])}" for row in rows[:4]])
    return evidence.check_result(rule, False, len(rows), f"{text}; not there: {examples}.")
