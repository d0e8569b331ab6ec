"""Rejects documents that the standard does not accept, and words of it that the platform would not heed.

The package ``open_data_contract_standard`` ignores a word that it does not know, so a misspelt rule would be skipped.
"""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from open_data_contract_standard.model import (
    DataQuality,
    OpenDataContractStandard,
    SchemaObject,
    SchemaProperty,
    ServiceLevelAgreementProperty,
)

from ml_platform.choices import did_you_mean
from ml_platform.contract.odcs.references import MATCHED_SHARE
from ml_platform.contract.odcs.rule import SEVERITY
from ml_platform.contract.table_rules import OPERATORS
from ml_platform.errors import ContractError

SCHEMAS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "v3.1.0": ("ml_platform.contract.odcs", "odcs-v3.1.0.schema.json"),
        "v3.2.0": ("open_data_contract_standard", "schema.json"),
    }
)
"""apiVersion → the package and file of its schema, as the Bitol project publishes it."""
ELEMENT_NOTES = frozenset(
    {
        "id", "physicalType", "physicalName", "description", "businessName", "tags", "authoritativeDefinitions",
        "synonyms", "deprecated",
    }
)  # fmt: skip
TABLE_WORDS = ELEMENT_NOTES | {
    "name", "properties", "quality", "relationships", "customProperties", "logicalType", "dataGranularityDescription",
    "context",
}  # fmt: skip
COLUMN_WORDS = ELEMENT_NOTES | {
    "name", "logicalType", "logicalTypeOptions", "required", "primaryKey", "primaryKeyPosition", "unique", "enum",
    "quality", "relationships", "customProperties", "semanticType", "partitioned", "partitionKeyPosition",
    "classification", "encryptedName", "transformSourceObjects", "transformLogic", "transformDescription", "examples",
    "criticalDataElement",
}  # fmt: skip
RULE_WORDS = frozenset(
    {
        "type", "metric", "arguments", "query", "engine", "implementation", "unit", "severity", *OPERATORS,
        "id", "name", "description", "dimension", "businessImpact", "tags", "authoritativeDefinitions",
        "customProperties",
    }
)  # fmt: skip
DOCUMENT_WORDS = tuple(field.alias or name for name, field in OpenDataContractStandard.model_fields.items())
QUARANTINE_SHARE = "maxQuarantineShare"
"""Custom property of a table: share of rows (0 to 1) that may be set aside. The standard has no word for it."""
RELATIONSHIP_WORDS = frozenset({"id", "type", "from", "to", "customProperties"})
SERVICE_LEVEL_WORDS = frozenset(
    {
        "id", "property", "value", "valueExt", "unit", "element", "driver", "description", "customProperties",
        "authoritativeDefinitions",
    }
)  # fmt: skip
INSTEAD = {
    "rule": "Say 'metric'.",
    "schedule": "Rules are run when the table's checks are.",
    "scheduler": "Rules are run when the table's checks are.",
    "items": "Columns hold single values.",
    "properties": "Columns hold single values.",
    "map": "Columns hold single values.",
}


def validate_schema(document: Mapping[str, Any], file: str) -> None:
    """Reject a document that the schema of its apiVersion does not accept.

    Raises
    ------
    ContractError
        Naming the file, the place in the document, and what is wrong there.
    """
    version = str(document["apiVersion"])
    errors = sorted(_validator(version).iter_errors(document), key=lambda error: -len(error.absolute_path))
    if errors:
        place = _place(document, list(errors[0].absolute_path))
        raise ContractError(f"{file}, {place}: not valid by ODCS {version}: {errors[0].message}")


def validate_version(document: Mapping[str, Any], file: str) -> None:
    """Reject what says of itself that it is no contract, or one by a version of the standard that is not known."""
    version = str(document.get("apiVersion"))
    if document.get("kind") != "DataContract" or version not in SCHEMAS:
        known = did_you_mean(version, SCHEMAS)
        raise ContractError(f"{file}: expected kind DataContract and a known apiVersion, found {version}. {known}")


def _place(document: Any, path: list[Any]) -> str:
    """Return ``"table 'orders', column 'amount', quality 0"``: list items by name where they have one."""
    words: list[str] = []
    kinds = {"schema": "table", "properties": "column"}
    for step in path:
        document = document[step]
        if isinstance(step, int) and isinstance(document, Mapping) and "name" in document and words:
            words[-1] = f"{kinds.get(words[-1], words[-1])} '{document['name']}'"
        elif isinstance(step, int) and words:
            words[-1] = f"{words[-1]} {step}"
        else:
            words.append(str(step))
    return ", ".join(words) or "the document"


@cache
def _validator(version: str) -> Any:
    from jsonschema import Draft201909Validator

    package, name = SCHEMAS[version]
    file = importlib.resources.files(package) / name
    return Draft201909Validator(json.loads(file.read_text(encoding="utf-8")))


def validate_words(document: Mapping[str, Any], file: str) -> None:
    """Reject words of tables, columns, rules, relationships and service levels that the platform would not heed.

    Raises
    ------
    ContractError
        Naming the file, the column and the word, with a guess where it looks misspelt.
    """
    _validate_known(document, DOCUMENT_WORDS, (), file)
    for level in _mappings(document, "slaProperties", file):
        where = f"{file}, slaProperties, {level.get('property')}"
        _validate_known(level, SERVICE_LEVEL_WORDS, ServiceLevelAgreementProperty.model_fields, where)
        _validate_custom_properties(level, [SEVERITY], where)
    for table in _mappings(document, "schema", file):
        where = f"{file}, table '{table.get('name')}'"
        _validate_known(table, TABLE_WORDS, SchemaObject.model_fields, where)
        _validate_parts(table, where)
        _validate_custom_properties(table, [QUARANTINE_SHARE], where)
        for column in _mappings(table, "properties", where):
            where_column = f"{file}, column '{column.get('name')}'"
            _validate_known(column, COLUMN_WORDS, SchemaProperty.model_fields, where_column)
            _validate_parts(column, where_column)
            _validate_custom_properties(column, [], where_column)


def _validate_parts(element: Mapping[str, Any], where: str) -> None:
    for rule in _mappings(element, "quality", where):
        _validate_known(rule, RULE_WORDS, DataQuality.model_fields, f"{where}, quality")
        _validate_custom_properties(rule, [], f"{where}, quality")
    for relationship in _mappings(element, "relationships", where):
        place = f"{where}, relationship"
        _validate_known(relationship, RELATIONSHIP_WORDS, (), place)
        _validate_custom_properties(relationship, [MATCHED_SHARE, SEVERITY], place)


def _validate_custom_properties(element: Mapping[str, Any], known: list[str], where: str) -> None:
    for custom in _mappings(element, "customProperties", where):
        name = str(custom.get("property"))
        if name not in known and "vendor" not in custom:
            guess = did_you_mean(name, known) if known else ""
            raise ContractError(f"{where}: no custom property '{name}', and it names no vendor. {guess}".rstrip())


def _validate_known(element: Mapping[str, Any], known: Iterable[str], standard: Iterable[str], where: str) -> None:
    for word in element:
        if word in known:
            continue
        if word in standard:
            raise ContractError(f"{where}: the platform cannot run '{word}'. {INSTEAD.get(word, '')}".rstrip())
        raise ContractError(
            f"{where}: '{word}' is not a word of the standard. {did_you_mean(str(word), sorted(known))}"
        )


def _mappings(element: Mapping[str, Any], word: str, where: str) -> list[Mapping[str, Any]]:
    items = element.get(word) or []
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        raise ContractError(f"{where}: '{word}' must be a list of mappings.")
    return items
