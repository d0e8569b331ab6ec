"""What every quality rule states: the name of its check, a severity, a description, a limit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from open_data_contract_standard.model import CustomProperty, DataQuality

from ml_platform.choices import did_you_mean
from ml_platform.contract.table_rules import OPERATORS, SEVERITIES, Limit
from ml_platform.errors import ContractError

SEVERITY = "severity"
"""Custom property of relationships and service levels."""


def rule_check(rule: DataQuality, column: str | None) -> str:
    """Return the name of a rule's check: ``rule_<id or name>``, or else ``rule_<column>_<metric or type>``."""
    stated = rule.id or rule.name or f"{column or 'table'}_{rule.metric or rule.type}"
    return f"rule_{slug(stated)}"


def rule_description(rule: DataQuality, says: str) -> str:
    """Return what the contract says of the rule, and what the rule says."""
    return f"{rule.description.strip().rstrip('.')}. {says}" if rule.description else says


def severity(rule: DataQuality, where: str) -> str:
    """Return the severity of a rule, an error where none is stated.

    Raises
    ------
    ContractError
        When the severity is not one of ``SEVERITIES``.
    """
    if rule.severity is not None and rule.severity not in SEVERITIES:
        raise ContractError(f"{where}: no severity '{rule.severity}'. {did_you_mean(rule.severity, SEVERITIES)}")
    return rule.severity or SEVERITIES[0]


def custom_severity(stated: Sequence[CustomProperty] | None, where: str) -> str:
    """Return the severity that custom properties state: the standard has the word for quality rules alone."""
    found = [str(custom.value) for custom in stated or [] if custom.property == SEVERITY]
    if len(found) > 1:
        raise ContractError(f"{where}: severity is stated {len(found)} times.")
    return severity(DataQuality(severity=found[0] if found else None), where)


def slug(text: str) -> str:
    """Return a text with the letters that Dagster allows in a name."""
    return re.sub("[^A-Za-z0-9_]+", "_", text).strip("_")


def read_limit(rule: DataQuality, where: str, *, numeric: bool = True) -> Limit:
    """Return the one limit that a quality rule states.

    Raises
    ------
    ContractError
        When it states none or several, or a value that is no number (unless ``numeric`` is False: SQL may yield text).
    """
    stated = [operator for operator in OPERATORS if getattr(rule, operator) is not None]
    if len(stated) != 1:
        raise ContractError(f"{where}: needs one operator, found {', '.join(stated) or 'none'}.")
    value = getattr(rule, stated[0])
    values = tuple(value) if isinstance(value, list) else (value,)
    if numeric and not all(isinstance(one, int | float) and not isinstance(one, bool) for one in values):
        raise ContractError(f"{where}: {stated[0]} must be a number, not {value!r}.")
    if stated[0] in ("mustBeBetween", "mustNotBeBetween") and values[0] > values[1]:
        raise ContractError(f"{where}: {stated[0]} has the smaller number first, not {value}.")
    return Limit(stated[0], values)
