"""From evidence to results: one per check, with a message that names the file, the column, the counts, an example."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from ml_platform.choices import did_you_mean
from ml_platform.contract.column_check_results import column_check_result
from ml_platform.contract.contract import percent
from ml_platform.contract.evidence import KEY, PARTITION, ROW_COUNT, Evidence
from ml_platform.contract.result import CheckResult
from ml_platform.contract.table_check_results import table_check_result
from ml_platform.contract.values import shown, some


def all_check_results(evidence: Evidence) -> tuple[CheckResult, ...]:
    """Return a check_result for each check of the contract, in its order."""
    contract = evidence.contract
    checks = contract.checks if evidence.window is None else contract.partitioned_checks
    columns = {column.check: column for column in contract.columns.values()}
    rules = {rule.check: rule for rule in contract.rules}
    return tuple(
        table_check_result(rules[check.name], evidence)
        if check.name in rules
        else column_check_result(evidence, columns[check.name])
        if check.name in columns
        else TABLE_CHECKS[check.name](evidence)
        for check in checks
    )


def schema(evidence: Evidence) -> CheckResult:
    """Columns missing, there twice, of another type, or not in the contract."""
    reading, known = evidence.reading, evidence.contract.columns
    problems = [f"column '{name}' {why}" for name, why in (reading.unread | reading.retyped).items()]
    for name in reading.unexpected:
        guess = did_you_mean(name, reading.unread) if reading.unread else ""
        problems.append(f"column '{name}' of {evidence.source} is not in the contract. {guess}".strip())
    if not problems:
        return CheckResult("schema", None, True, 0, f"All {len(known)} columns are there, each of its type.")
    return _failed(evidence, "schema", len(problems), f"{'; '.join(problems)}")


def row_count(evidence: Evidence) -> CheckResult:
    """Too few or too many rows; none is always too few."""
    if evidence.answers[ROW_COUNT].passed and evidence.n_rows:
        return CheckResult(
            "row_count", None, True, 0, f"{evidence.n_rows:,} rows ({evidence.contract.row_count_phrase})."
        )
    expected = f"expected {evidence.contract.row_count_phrase}"
    return _failed(evidence, "row_count", 0, f"{evidence.file} has {evidence.n_rows:,} rows, {expected}.")


def quarantine_share(evidence: Evidence) -> CheckResult:
    """More rows to set aside, over all columns, than the contract allows."""
    rows = evidence.n_quarantined
    if not evidence.n_rows:
        return _unchecked(evidence, "quarantine_share", [])
    share, most = rows / evidence.n_rows, evidence.contract.max_quarantine_share
    text = f"{rows:,} of {evidence.n_rows:,} rows quarantined ({percent(share)}, at most {percent(most)})"
    if share <= most:
        return CheckResult("quarantine_share", None, True, rows, f"{text}.")
    columns = ", ".join(column for column, rejected in evidence.rejected.items() if rejected)
    return _failed(evidence, "quarantine_share", rows, f"{text} in {evidence.file}, for {columns}.")


def key(evidence: Evidence) -> CheckResult:
    """Rows that share their key with another row."""
    names = evidence.contract.key
    absent = [name for name in names if name in evidence.reading.unread]
    if absent or not evidence.n_rows:
        return _unchecked(evidence, "key", absent)
    answer = evidence.answers[KEY]
    stated = f"key ({', '.join(names)})"
    if answer.passed:
        return CheckResult("key", None, True, 0, f"The {stated} is unique in {evidence.n_rows:,} rows.")
    if answer.error:
        return _failed(evidence, "key", 0, f"the {stated} could not be checked in {evidence.source}: {answer.error}")
    keys = evidence.reading.frame.loc[list(answer.rows), list(names)]
    twins = keys.index[(keys == keys.iloc[0]).all(axis="columns")]
    example = ", ".join(f"{name} = {shown(keys.iloc[0][name])}" for name in names)
    text = f"{len(answer.rows):,} of {evidence.n_rows:,} rows of {evidence.file} share their {stated} with another row"
    return _failed(evidence, "key", len(answer.rows), f"{text}: rows {twins[0]} and {twins[1]} have {example}.")


def partition(evidence: Evidence) -> CheckResult:
    """Rows whose time lies outside the window."""
    window = evidence.window
    assert window is not None
    absent = [name for name in (window.column,) if name in evidence.reading.unread]
    if absent or not evidence.n_rows:
        return _unchecked(evidence, "partition", absent)
    answer = evidence.answers[PARTITION]
    if answer.passed:
        return CheckResult(
            "partition", None, True, 0, f"{window.column} is within {window} in {evidence.n_rows:,} rows."
        )
    if answer.error:
        return _failed(evidence, "partition", 0, f"{window.column} could not be checked: {answer.error}")
    values = evidence.reading.frame[window.column]
    examples = some([f"row {row}: {shown(values.iat[row])}" for row in answer.rows])
    text = f"{len(answer.rows):,} of {evidence.n_rows:,} rows of {evidence.file} have {window.column} outside {window}"
    return _failed(evidence, "partition", len(answer.rows), f"{text}: {examples}.")


TABLE_CHECKS: Mapping[str, Callable[[Evidence], CheckResult]] = MappingProxyType(
    {
        "schema": schema,
        "row_count": row_count,
        "quarantine_share": quarantine_share,
        "key": key,
        "partition": partition,
    }
)
"""Name of the check → its check_result."""


def _failed(evidence: Evidence, check: str, n_failed: int, text: str) -> CheckResult:
    return CheckResult(check, None, False, n_failed, f"{evidence.contract.file.name}: {text}")


def _unchecked(evidence: Evidence, check: str, absent: list[str]) -> CheckResult:
    why = f"column '{absent[0]}' could not be read" if absent else "there is nothing to check"
    return _failed(evidence, check, 0, f"{check} not checked in {evidence.source}: {why}.")
