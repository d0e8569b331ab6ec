"""From evidence to findings: one per check, with a message that names the file, the column, the counts, an example."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from ml_platform.choices import did_you_mean
from ml_platform.contract.column_findings import column_finding
from ml_platform.contract.contract import percent
from ml_platform.contract.evidence import KEY, PARTITION, ROW_COUNT, Evidence
from ml_platform.contract.table_findings import table_finding
from ml_platform.contract.values import shown, some
from ml_platform.contract.verdict import Finding


def all_findings(evidence: Evidence) -> tuple[Finding, ...]:
    """Return a finding for each check of the contract, in its order."""
    contract = evidence.contract
    checks = contract.checks if evidence.window is None else contract.partitioned_checks
    columns = {column.check: column for column in contract.columns.values()}
    rules = {rule.check: rule for rule in contract.rules}
    return tuple(
        table_finding(rules[check.name], evidence)
        if check.name in rules
        else column_finding(evidence, columns[check.name])
        if check.name in columns
        else TABLE_FINDINGS[check.name](evidence)
        for check in checks
    )


def schema(evidence: Evidence) -> Finding:
    """Columns missing, there twice, of another type, or not in the contract."""
    reading, known = evidence.reading, evidence.contract.columns
    problems = [f"column '{name}' {why}" for name, why in (reading.unread | reading.retyped).items()]
    for name in reading.unexpected:
        guess = did_you_mean(name, reading.unread) if reading.unread else ""
        problems.append(f"column '{name}' of {evidence.source} is not in the contract. {guess}".strip())
    if not problems:
        return Finding("schema", None, True, 0, f"All {len(known)} columns are there, each of its type.")
    return _failed(evidence, "schema", len(problems), f"{'; '.join(problems)}")


def row_count(evidence: Evidence) -> Finding:
    """Too few or too many rows; none is always too few."""
    if evidence.answers[ROW_COUNT].passed and evidence.n_rows:
        return Finding("row_count", None, True, 0, f"{evidence.n_rows:,} rows ({evidence.contract.row_count_phrase}).")
    expected = f"expected {evidence.contract.row_count_phrase}"
    return _failed(evidence, "row_count", 0, f"{evidence.file} has {evidence.n_rows:,} rows, {expected}.")


def quarantine_share(evidence: Evidence) -> Finding:
    """More rows to set aside, over all columns, than the contract allows."""
    rows = evidence.n_quarantined
    if not evidence.n_rows:
        return _unchecked(evidence, "quarantine_share", [])
    share, most = rows / evidence.n_rows, evidence.contract.max_quarantine_share
    text = f"{rows:,} of {evidence.n_rows:,} rows quarantined ({percent(share)}, at most {percent(most)})"
    if share <= most:
        return Finding("quarantine_share", None, True, rows, f"{text}.")
    columns = ", ".join(column for column, rejected in evidence.rejected.items() if rejected)
    return _failed(evidence, "quarantine_share", rows, f"{text} in {evidence.file}, for {columns}.")


def key(evidence: Evidence) -> Finding:
    """Rows that share their key with another row."""
    names = evidence.contract.key
    absent = [name for name in names if name in evidence.reading.unread]
    if absent or not evidence.n_rows:
        return _unchecked(evidence, "key", absent)
    answer = evidence.answers[KEY]
    stated = f"key ({', '.join(names)})"
    if answer.passed:
        return Finding("key", None, True, 0, f"The {stated} is unique in {evidence.n_rows:,} rows.")
    if answer.error:
        return _failed(evidence, "key", 0, f"the {stated} could not be checked in {evidence.source}: {answer.error}")
    keys = evidence.reading.frame.loc[list(answer.rows), list(names)]
    twins = keys.index[(keys == keys.iloc[0]).all(axis="columns")]
    example = ", ".join(f"{name} = {shown(keys.iloc[0][name])}" for name in names)
    text = f"{len(answer.rows):,} of {evidence.n_rows:,} rows of {evidence.file} share their {stated} with another row"
    return _failed(evidence, "key", len(answer.rows), f"{text}: rows {twins[0]} and {twins[1]} have {example}.")


def partition(evidence: Evidence) -> Finding:
    """Rows whose time lies outside the window."""
    window = evidence.window
    assert window is not None
    absent = [name for name in (window.column,) if name in evidence.reading.unread]
    if absent or not evidence.n_rows:
        return _unchecked(evidence, "partition", absent)
    answer = evidence.answers[PARTITION]
    if answer.passed:
        return Finding("partition", None, True, 0, f"{window.column} is within {window} in {evidence.n_rows:,} rows.")
    if answer.error:
        return _failed(evidence, "partition", 0, f"{window.column} could not be checked: {answer.error}")
    values = evidence.reading.frame[window.column]
    examples = some([f"row {row}: {shown(values.iat[row])}" for row in answer.rows])
    text = f"{len(answer.rows):,} of {evidence.n_rows:,} rows of {evidence.file} have {window.column} outside {window}"
    return _failed(evidence, "partition", len(answer.rows), f"{text}: {examples}.")


TABLE_FINDINGS: Mapping[str, Callable[[Evidence], Finding]] = MappingProxyType(
    {
        "schema": schema,
        "row_count": row_count,
        "quarantine_share": quarantine_share,
        "key": key,
        "partition": partition,
    }
)
"""Name of the check → its finding."""


def _failed(evidence: Evidence, check: str, n_failed: int, text: str) -> Finding:
    return Finding(check, None, False, n_failed, f"{evidence.contract.file.name}: {text}")


def _unchecked(evidence: Evidence, check: str, absent: list[str]) -> Finding:
    why = f"column '{absent[0]}' could not be read" if absent else "there is nothing to check"
    return _failed(evidence, check, 0, f"{check} not checked in {evidence.source}: {why}.")
