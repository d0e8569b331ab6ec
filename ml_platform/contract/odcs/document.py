"""Reads a whole document: one table, its columns, key and rules."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml
from open_data_contract_standard.model import OpenDataContractStandard, SchemaObject, SchemaProperty
from pydantic import ValidationError

from ml_platform.contract.contract import REASONS, Column, Contract
from ml_platform.contract.odcs.columns import read_column, validate_types
from ml_platform.contract.odcs.quality import Place, read_column_quality, read_table_quality
from ml_platform.contract.odcs.references import read_column_references, read_table_references
from ml_platform.contract.odcs.rule import slug
from ml_platform.contract.odcs.service_levels import read_service_levels
from ml_platform.contract.odcs.standard import QUARANTINE_SHARE, validate_schema, validate_version, validate_words
from ml_platform.contract.table_rules import DuplicateRule, Limit, TableRule
from ml_platform.errors import ContractError

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same reader in C where PyYAML has it: contracts are most of what loading a code location reads."""


def load_contract(path: Path) -> Contract:
    """Read the contract of one table.

    Raises
    ------
    ContractError
        When the file cannot be read, is not valid by the schema of the standard, does not bound the row count or the
        missing values, or states a rule that the platform cannot run. The message names the file, the column or table,
        the word, and a guess.
    """
    return read_contract(_parse(path), path)


def read_contract(document: dict[str, Any], path: Path, *, foreign: bool = True) -> Contract:
    """Read a contract that has been parsed; `path` is where it came from, for the messages.

    A document that is not `foreign` was written by the platform: the schema of the standard is not run on it again.

    Raises
    ------
    ContractError
        As `load_contract` does.
    """
    validate_version(document, path.name)
    validate_words(document, path.name)
    standard = _standard(document, path)
    contract = _contract(standard, _only_table(standard, path), path)
    if foreign:
        validate_schema(document, path.name)  # last: what is rejected above is said in better words
    return contract


def _parse(path: Path) -> dict[str, Any]:
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    except OSError as error:
        raise ContractError(f"{path}: the contract cannot be read ({error.strerror}).") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContractError(f"{path}: the contract is not YAML: {error}") from error
    if not isinstance(document, dict):
        raise ContractError(f"{path}: the contract is not a mapping.")
    return document


def _standard(document: dict[str, Any], path: Path) -> OpenDataContractStandard:
    try:
        return OpenDataContractStandard.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ContractError(f"{path.name}, {where}: {first['msg']}, found {first['input']!r}.") from error


def _only_table(standard: OpenDataContractStandard, path: Path) -> SchemaObject:
    tables = standard.schema_ or []
    if len(tables) != 1 or not tables[0].name or not tables[0].properties:
        raise ContractError(
            f"{path.name}: a contract is for one table with columns, found {len(tables)} under 'schema'."
        )
    return tables[0]


def _contract(standard: OpenDataContractStandard, table: SchemaObject, path: Path) -> Contract:
    where, name, stated = f"{path.name}, table '{table.name}'", str(table.name), table.properties or []
    types = _types(stated, path.name)
    columns, rules = _columns(stated, name, types, path.name)
    metrics = read_table_quality(table.quality or [], Place(name, types, None, where))
    contract = Contract(
        table=name,
        file=path,
        columns=MappingProxyType(columns),
        key=_key(stated, path.name),
        min_rows=metrics.min_rows,
        max_rows=metrics.max_rows,
        max_quarantine_share=_quarantine_share(table, where),
        description=(table.description or "").strip(),
        rules=(
            *rules,
            *metrics.table_rules,
            *read_table_references(table.relationships or [], name, types, where),
            *read_service_levels(standard.slaProperties or [], standard.slaDefaultElement, name, types, path.name),
        ),
    )
    _validate_shared_names(contract)
    return contract


def _types(stated: list[SchemaProperty], file: str) -> dict[str, str]:
    """Return each column's logical type; a timestamp with a time zone is ``timestamptz``."""
    types: dict[str, str] = {}
    for column in stated:
        if not column.name:
            raise ContractError(f"{file}: a column has no name.")
        if column.name == REASONS:
            raise ContractError(f"{file}, column '{REASONS}': the name is taken by the quarantine table.")
        if column.name in types:
            raise ContractError(f"{file}, column '{column.name}': is stated twice.")
        validate_types(column, f"{file}, column '{column.name}'")
        options = column.logicalTypeOptions or {}
        zoned = column.logicalType == "timestamp" and (options.get("timezone") or "defaultTimezone" in options)
        types[column.name] = "timestamptz" if zoned else str(column.logicalType)
    return types


def _columns(
    stated: list[SchemaProperty], table: str, types: dict[str, str], file: str
) -> tuple[dict[str, Column], list[TableRule]]:
    columns: dict[str, Column] = {}
    rules: list[TableRule] = []
    for one in stated:
        name = str(one.name)
        where = f"{file}, column '{name}'"
        metrics = read_column_quality(one.quality or [], Place(table, types, name, where))
        columns[name] = read_column(one, metrics, where)
        rules += [_unique(name)] if one.unique else []
        rules += metrics.table_rules
        rules += read_column_references(one.relationships or [], table, name, where)
    return columns, rules


def _unique(column: str) -> DuplicateRule:
    description = f"No value of {column} is there more than once."
    limit = Limit("mustBe", (0,))
    return DuplicateRule(f"unique_{slug(column)}", column, "error", description, (column,), limit, False)


def _validate_shared_names(contract: Contract) -> None:
    """Reject two checks of one name: their results would be taken for each other's."""
    seen: dict[str, str | None] = {}
    for check in contract.partitioned_checks:
        if check.name in seen:
            where = f"{contract.file.name}, column '{check.column}'" if check.column else contract.file.name
            other = f"that of '{seen[check.name]}'" if seen[check.name] else "another"
            raise ContractError(
                f"{where}: its check has the same name as {other}, '{check.name}'. "
                "Rename the column, or give the rules an id of their own."
            )
        seen[check.name] = check.column


def _key(columns: list[SchemaProperty], file: str) -> tuple[str, ...]:
    parts = [column for column in columns if column.primaryKey]
    for column in parts:
        if not column.required:
            raise ContractError(f"{file}, column '{column.name}': a column of the primary key must be required.")
    positions = [part.primaryKeyPosition if part.primaryKeyPosition is not None else -1 for part in parts]
    if len(parts) > 1 and sorted(positions) != list(range(1, len(parts) + 1)):
        raise ContractError(f"{file}: primaryKeyPosition must count from 1 to {len(parts)}, found {positions}.")
    return tuple(str(part.name) for _, part in sorted(zip(positions, parts, strict=True), key=lambda pair: pair[0]))


def _quarantine_share(table: SchemaObject, where: str) -> float:
    shares = [custom.value for custom in table.customProperties or [] if custom.property == QUARANTINE_SHARE]
    share = shares[0] if len(shares) == 1 else None
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share < 1:
        raise ContractError(
            f"{where}: needs one custom property {QUARANTINE_SHARE}, at least 0 and below 1, not {share}."
        )
    return float(share)
