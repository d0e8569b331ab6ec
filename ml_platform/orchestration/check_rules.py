"""The rules that a kind of check evaluates, their outcomes, and how those of many columns become one check."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import dagster as dg

from ml_platform.orchestration.metadata import markdown_table

MAX_COLUMN_CHECKS = 100
"""Columns up to which each has checks of its own. With more, one check stands for each kind of rule, with the columns
in its metadata: Dagster stores several events for every check of every run."""

NAMED_FAILURES = 5
"""Columns that the message of such a check quotes."""


@dataclass(frozen=True)
class Rule:
    """What one check promises."""

    check: str
    """Name of the check below the asset."""
    description: str
    warns: bool = False
    """Whether breaking it is a warning, which blocks nothing."""
    column: str | None = None
    """The column that it is about; None for the whole table."""


@dataclass(frozen=True)
class Outcome:
    """Whether a rule holds."""

    check: str
    passed: bool
    message: str
    severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR
    metadata: Mapping[str, Any] = field(default_factory=dict)


def group_rules(rules: Sequence[Rule]) -> dict[Rule, list[Rule]]:
    """Return the rules that are checks, each with the rules that it stands for: itself, or all of its kind."""
    if len({rule.column for rule in rules} - {None}) <= MAX_COLUMN_CHECKS:
        return {rule: [rule] for rule in rules}
    kinds: dict[tuple[str, bool], list[Rule]] = {}
    for rule in rules:
        kinds.setdefault((_kind(rule), rule.warns), []).append(rule)
    return {_stands_for(name, warns, together): together for (name, warns), together in kinds.items()}


def group_outcomes(rules: Sequence[Rule], outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """Yield one outcome for each check of `group_rules`."""
    found = {outcome.check: outcome for outcome in outcomes}
    for check, together in group_rules(rules).items():
        yield (
            found[check.check] if together == [check] else _merge(check.check, [found[rule.check] for rule in together])
        )


def _kind(rule: Rule) -> str:
    """Return the name of the check that stands for this kind of rule on every column."""
    if rule.column is None:
        return rule.check
    column = re.sub(r"[^A-Za-z0-9_]", "_", rule.column)
    return "each_" + re.sub(rf"(^|_){column}(_|$)", "_", rule.check).strip("_")


def _stands_for(name: str, warns: bool, together: Sequence[Rule]) -> Rule:
    if len(together) == 1:
        return together[0]
    return Rule(
        name, f"The same for {len(together):,} columns, such as {together[0].column}: {together[0].description}", warns
    )


def _merge(check: str, outcomes: Sequence[Outcome]) -> Outcome:
    """Return the outcome of a check that stands for several rules; its severity is that of the worst failure."""
    failed = [outcome for outcome in outcomes if not outcome.passed]
    quoted = "; ".join(outcome.message for outcome in failed[:NAMED_FAILURES])
    more = f"; and {len(failed) - NAMED_FAILURES:,} more" if len(failed) > NAMED_FAILURES else ""
    message = f"{quoted}{more}" if failed else f"{len(outcomes):,} columns passed"
    errors = [outcome for outcome in failed if outcome.severity == dg.AssetCheckSeverity.ERROR]
    lines = sorted(outcomes, key=lambda outcome: outcome.passed)
    return Outcome(
        check,
        not failed,
        message,
        dg.AssetCheckSeverity.ERROR if errors or not failed else dg.AssetCheckSeverity.WARN,
        {"failed": len(failed), "columns": markdown_table(["check", "passed", "message"], map(_line, lines))},
    )


def _line(outcome: Outcome) -> list[str]:
    return [outcome.check, "yes" if outcome.passed else "NO", outcome.message]
