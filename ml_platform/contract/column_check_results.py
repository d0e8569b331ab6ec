"""The check_result on one column: its type, the rules on its values, and how many may be missing."""

from __future__ import annotations

from ml_platform.contract.contract import Column, percent
from ml_platform.contract.evidence import Evidence, null_share, row_rule
from ml_platform.contract.quarantine import Rejection
from ml_platform.contract.result import CheckResult
from ml_platform.contract.values import some


def column_check_result(evidence: Evidence, column: Column) -> CheckResult:
    """Return the check_result; it passes in spite of broken rules as long as so many rows may be quarantined."""
    if column.name in evidence.reading.unread:
        return _failed(evidence, column, evidence.n_rows, evidence.reading.unread[column.name])
    if not evidence.n_rows:
        return _failed(evidence, column, 0, f"not checked, {evidence.file} has no rows.")
    rejected = evidence.rejected[column.name]
    rows = len({one.row for one in rejected})
    n_missing = _n_missing_over(evidence, column)
    problems = [*_errors(evidence, column), *_missing(evidence, column, n_missing), *_broken(evidence, rejected, rows)]
    if problems:
        return _failed(evidence, column, rows + n_missing, " ".join(problems))
    return CheckResult(column.check, column.name, True, rows, _accepted(evidence, column, rejected, rows))


def _failed(evidence: Evidence, column: Column, n_failed: int, text: str) -> CheckResult:
    where = f"{evidence.contract.file.name}, column '{column.name}'"
    return CheckResult(column.check, column.name, False, n_failed, f"{where}: {text}")


def _errors(evidence: Evidence, column: Column) -> list[str]:
    questions = [null_share(column.name), *(row_rule(column.name, number) for number in range(len(column.rules)))]
    errors = [evidence.answers[question].error for question in questions if question in evidence.answers]
    return [f"could not be checked in {evidence.source}: {error}" for error in errors if error]


def _n_missing_over(evidence: Evidence, column: Column) -> int:
    """Return how many values are missing, if that is more than the contract allows; else 0."""
    answer = evidence.answers.get(null_share(column.name))
    if answer is None or answer.passed or answer.error:
        return 0
    return round((1 - float(answer.observed)) * evidence.n_rows)


def _missing(evidence: Evidence, column: Column, n_missing: int) -> list[str]:
    if not n_missing or column.max_null_share is None:
        return []
    share, most = percent(n_missing / evidence.n_rows), percent(column.max_null_share)
    return [f"{n_missing:,} of {evidence.n_rows:,} values of {evidence.file} are missing ({share}, at most {most})."]


def _broken(evidence: Evidence, rejected: tuple[Rejection, ...], rows: int) -> list[str]:
    share, most = rows / evidence.n_rows, evidence.contract.max_quarantine_share
    if share <= most:
        return []
    counts = f"{rows:,} of {evidence.n_rows:,} rows of {evidence.file}"
    return [f"{counts} must be quarantined ({percent(share)}, at most {percent(most)}): {_examples(rejected)}."]


def _accepted(evidence: Evidence, column: Column, rejected: tuple[Rejection, ...], rows: int) -> str:
    counts = f"{rows:,} of {evidence.n_rows:,} rows quarantined"
    return f"{counts}: {column.name} {_examples(rejected)}." if rows else f"{counts} ({column.phrase})."


def _examples(rejected: tuple[Rejection, ...]) -> str:
    """Return ``"must be between 0 and 150 (row 1009: 1048.36)"``, one such phrase for each broken rule."""
    by_rule: dict[str, list[str]] = {}
    for one in rejected:
        by_rule.setdefault(one.rule, []).append(f"row {one.row}: {one.value}")
    return "; ".join(f"{rule} ({some(examples)})" for rule, examples in by_rule.items())
