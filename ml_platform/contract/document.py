"""Read an Open Data Contract Standard (v3) document into a ``Contract``, or refuse it. Light: no pandas."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml
from open_data_contract_standard.model import OpenDataContractStandard, SchemaObject, SchemaProperty
from pydantic import ValidationError

from ml_platform.contract.columns import read_column
from ml_platform.contract.contract import REASONS, Column, Contract
from ml_platform.contract.metrics import read_row_count
from ml_platform.contract.words import QUARANTINE_SHARE, refuse_unknown_words
from ml_platform.errors import ContractError

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same reader in C where PyYAML has it: contracts are most of what loading a code location reads."""


def load_contract(path: Path) -> Contract:
    """Read the contract of one table.

    Raises
    ------
    ContractError
        When the file cannot be read, is not a contract, does not bound the row count or the missing values, or states a
        rule that the platform cannot run. The message names the file, the column or table, the word, and a guess.
    """
    document = _parse(path)
    refuse_unknown_words(document, path.name)
    return _contract(_only_table(_standard(document, path), path), path)


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
    version = str(document.get("apiVersion"))
    if document.get("kind") != "DataContract" or not version.startswith("v3."):
        raise ContractError(f"{path.name}: expected kind DataContract and apiVersion v3.*, found {version}.")
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


def _contract(table: SchemaObject, path: Path) -> Contract:
    columns = _columns(table, path.name)
    where = f"{path.name}, table '{table.name}'"
    min_rows, max_rows = read_row_count(table.quality or [], where)
    return Contract(
        table=str(table.name),
        file=path,
        columns=MappingProxyType(columns),
        key=_key(table.properties, path.name),
        min_rows=min_rows,
        max_rows=max_rows,
        max_quarantine_share=_quarantine_share(table, where),
        description=(table.description or "").strip(),
    )


def _columns(table: SchemaObject, file: str) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    checks: dict[str, str] = {}
    for stated in table.properties:
        column = read_column(stated, file)
        if column.name == REASONS:
            raise ContractError(f"{file}, column '{REASONS}': the name is taken by the quarantine table.")
        if column.check in checks:
            other = checks[column.check]
            raise ContractError(f"{file}, column '{column.name}': its check has the same name as that of '{other}'.")
        columns[column.name] = column
        checks[column.check] = column.name
    return columns


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
