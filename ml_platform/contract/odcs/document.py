"""Reads a whole document: one table, its columns, key and rules."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from open_data_contract_standard.model import DataQuality, OpenDataContractStandard, SchemaObject, SchemaProperty
from pydantic import ValidationError

from ml_platform.contract.contract import Column, Contract
from ml_platform.contract.expectations import read_expectation
from ml_platform.contract.metrics import DuplicateRule, RowCountRule, read_metric
from ml_platform.contract.odcs.columns import read_column, validate_types
from ml_platform.contract.odcs.standard import QUARANTINE_SHARE, validate_schema, validate_version, validate_words
from ml_platform.contract.references import read_reference
from ml_platform.contract.result import REASONS
from ml_platform.contract.service_levels import read_service_level
from ml_platform.contract.table_rule import Limit, Place, TableRule, custom_property, is_number, slug, validate_known
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
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    except OSError as error:
        raise ContractError(f"{path}: the contract cannot be read ({error.strerror}).") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ContractError(f"{path}: the contract is not YAML: {error}") from error
    if not isinstance(document, dict):
        raise ContractError(f"{path}: the contract is not a mapping.")
    return read_contract(document, path)


def read_contract(document: dict[str, Any], path: Path, *, foreign: bool = True) -> Contract:
    """Read a contract that has been parsed; `path` is where it came from, for the messages.

    A document that is not `foreign` was written by the platform: the schema of the standard is not run on it again.
    """
    validate_version(document, path.name)
    validate_words(document, path.name)
    try:
        standard = OpenDataContractStandard.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ContractError(f"{path.name}, {where}: {first['msg']}, found {first['input']!r}.") from error
    contract = _contract(standard, path)
    if foreign:
        validate_schema(document, path.name)  # last: what is rejected above is said in better words
    return contract


def _contract(standard: OpenDataContractStandard, path: Path) -> Contract:
    tables = standard.schema_ or []
    if len(tables) != 1 or not tables[0].name or not tables[0].properties:
        raise ContractError(f"{path.name}: needs one table with columns under 'schema', found {len(tables)}.")
    (table,) = tables
    place = Place(str(table.name), _types(table.properties, path.name), None, f"{path.name}, table '{table.name}'")
    columns, rules = _columns(table.properties, place, path.name)
    rules += _quality(table.quality or [], place)
    rules += [read_reference(one, place) for one in table.relationships or []]
    for level in standard.slaProperties or []:
        rule = read_service_level(level, standard.slaDefaultElement, replace(place, where=path.name))
        rules += [rule] if rule else []
    if not any(isinstance(rule, RowCountRule) for rule in rules):
        raise ContractError(f"{place.where}: needs a rowCount metric.")
    intervals = [rule.interval for rule in rules if isinstance(rule, RowCountRule) and rule.interval]
    contract = Contract(
        table=place.table,
        file=path,
        columns=columns,
        key=_key(table.properties, path.name),
        min_rows=max((least for least, _ in intervals), default=1),
        max_rows=min((most for _, most in intervals if most is not None), default=None),
        max_quarantine_share=_quarantine_share(table, place.where),
        rules=tuple(rule for rule in rules if not (isinstance(rule, RowCountRule) and rule.interval)),
    )
    _validate_shared_names(contract)
    return contract


def _types(stated: Sequence[SchemaProperty], file: str) -> dict[str, str]:
    """Return each column's logical type; a timestamp with a time zone is ``timestamptz``."""
    types: dict[str, str] = {}
    for column in stated:
        where = f"{file}, column '{column.name}'"
        if not column.name:
            raise ContractError(f"{file}: a column has no name.")
        if column.name == REASONS:
            raise ContractError(f"{where}: the name is taken by the quarantine table.")
        if column.name in types:
            raise ContractError(f"{where}: is stated twice.")
        validate_types(column, where)
        options = column.logicalTypeOptions or {}
        zoned = column.logicalType == "timestamp" and (options.get("timezone") or "defaultTimezone" in options)
        types[column.name] = "timestamptz" if zoned else str(column.logicalType)
    return types


def _columns(stated: Sequence[SchemaProperty], table: Place, file: str) -> tuple[dict[str, Column], list[TableRule]]:
    columns: dict[str, Column] = {}
    rules: list[TableRule] = []
    for one in stated:
        name = str(one.name)
        place = replace(table, column=name, where=f"{file}, column '{name}'")
        columns[name], table_rules = read_column(one, _quality(one.quality or [], place), place.where)
        rules += [_unique(name)] if one.unique else []
        rules += [*table_rules, *(read_reference(relationship, place) for relationship in one.relationships or [])]
    return columns, rules


def _unique(column: str) -> DuplicateRule:
    description = f"No value of {column} is there more than once."
    return DuplicateRule(f"unique_{slug(column)}", column, description, reads=(column,), limit=Limit("mustBe", (0,)))


def _quality(rules: Sequence[DataQuality], place: Place) -> list[TableRule]:
    found = []
    for rule in rules:
        kind = rule.type or "library"
        validate_known(kind, KINDS, "a quality rule of type", place.where)
        words, read = KINDS[kind]
        for word in ("metric", "arguments", "query", "engine", "implementation"):
            if getattr(rule, word) is not None and word not in words:
                raise ContractError(f"{place.where}: '{word}' is not for a quality rule of type '{kind}'.")
        found.append(read(rule, place))
    return found


def _read_query(rule: DataQuality, place: Place) -> TableRule:
    from ml_platform.contract.sql import read_query

    return read_query(rule, place)


KINDS: Mapping[str, tuple[tuple[str, ...], Callable[[DataQuality, Place], TableRule]]] = {
    "library": (("metric", "arguments"), read_metric),
    "sql": (("query",), _read_query),
    "custom": (("engine", "implementation"), read_expectation),
}
"""Type of a quality rule → the words that only it has, and its reader."""


def _validate_shared_names(contract: Contract) -> None:
    """Reject two checks of one name: their results would be taken for each other's."""
    seen: dict[str, str | None] = {}
    for check in contract.partitioned_checks:
        if check.name in seen:
            where = f"{contract.file.name}, column '{check.column}'" if check.column else contract.file.name
            other = f"that of '{seen[check.name]}'" if seen[check.name] else "another"
            repair = "Rename the column, or give the rules an id of their own."
            raise ContractError(f"{where}: its check has the same name as {other}, '{check.name}'. {repair}")
        seen[check.name] = check.column


def _key(columns: Sequence[SchemaProperty], file: str) -> tuple[str, ...]:
    parts = {column.primaryKeyPosition or -1: column for column in columns if column.primaryKey}
    for column in columns:
        if column.primaryKey and not column.required:
            raise ContractError(f"{file}, column '{column.name}': a column of the primary key must be required.")
    positions = [column.primaryKeyPosition or -1 for column in columns if column.primaryKey]
    if len(positions) > 1 and sorted(positions) != list(range(1, len(positions) + 1)):
        raise ContractError(f"{file}: primaryKeyPosition must count from 1 to {len(positions)}, found {positions}.")
    return tuple(str(parts[position].name) for position in sorted(positions))


def _quarantine_share(table: SchemaObject, where: str) -> float:
    share = custom_property(table.customProperties, QUARANTINE_SHARE, where)
    if not is_number(share) or not 0 <= share < 1:
        raise ContractError(f"{where}: needs the custom property {QUARANTINE_SHARE}, 0 to below 1, not {share}.")
    return float(share)
