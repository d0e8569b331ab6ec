"""What every quality rule has: a check of a stable name, a severity, a description."""

from __future__ import annotations

import re
from collections.abc import Sequence

from open_data_contract_standard.model import CustomProperty, DataQuality

from ml_platform.choices import did_you_mean
from ml_platform.contract.table_rules import SEVERITIES
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
