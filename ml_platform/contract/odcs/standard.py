"""Rejects documents that the standard does not accept, and words of it that the platform would not heed.

The package ``open_data_contract_standard`` ignores a word that it does not know, so a misspelt rule would be skipped.
"""

import importlib.resources
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from open_data_contract_standard import model as odcs
from pydantic import BaseModel

from ml_platform.choices import did_you_mean
from ml_platform.contract.references import MATCHED_SHARE
from ml_platform.contract.table_rule import SEVERITY
from ml_platform.errors import ContractError

SCHEMAS: Mapping[str, tuple[str, str]] = {
    "v3.1.0": ("ml_platform.contract", "odcs-v3.1.0.schema.json"),
    "v3.2.0": ("open_data_contract_standard", "schema.json"),
}
"""apiVersion → the package and file of its schema, as the Bitol project publishes it."""
QUARANTINE_SHARE = "maxQuarantineShare"
"""Custom property of a table: share of rows (0 to 1) that may be set aside. The standard has no word for it."""
_SINGLE = "Columns hold single values."
_SCHEDULE = "Rules are run when the table's checks are."
NOT_RUN: Mapping[type[BaseModel], Mapping[str, str]] = {
    odcs.SchemaProperty: {"items": _SINGLE, "map": _SINGLE, "properties": _SINGLE},
    odcs.DataQuality: {"rule": "Say 'metric'.", "method": "", "schedule": _SCHEDULE, "scheduler": _SCHEDULE},
    odcs.ServiceLevelAgreementProperty: {"schedule": _SCHEDULE, "scheduler": _SCHEDULE},
}
"""Part of the standard → its words that the platform does not run, and what to do instead."""


def validate_version(document: Mapping[str, Any], file: str) -> None:
    """Reject what says of itself that it is no contract, or one by a version of the standard that is not known."""
    version = str(document.get("apiVersion"))
    if document.get("kind") != "DataContract" or version not in SCHEMAS:
        known = did_you_mean(version, SCHEMAS)
        raise ContractError(f"{file}: expected kind DataContract and a known apiVersion, found {version}. {known}")


def validate_words(document: Mapping[str, Any], file: str) -> None:
    """Reject words of tables, columns, rules, relationships and service levels that the platform would not heed."""
    _validate_known(document, odcs.OpenDataContractStandard, file)
    for level in _mappings(document, "slaProperties", file):
        where = f"{file}, slaProperties, {level.get('property')}"
        _validate_element(level, odcs.ServiceLevelAgreementProperty, where, SEVERITY)
    for table in _mappings(document, "schema", file):
        where = f"{file}, table '{table.get('name')}'"
        _validate_element(table, odcs.SchemaObject, where, QUARANTINE_SHARE)
        for column in _mappings(table, "properties", where):
            _validate_element(column, odcs.SchemaProperty, f"{file}, column '{column.get('name')}'")


def _validate_element(element: Mapping[str, Any], model: type[BaseModel], where: str, *custom: str) -> None:
    """Validate an element, its custom properties (those called `custom`, or a vendor's), and the rules on it."""
    _validate_known(element, model, where)
    for rule in _mappings(element, "quality", where):
        _validate_element(rule, odcs.DataQuality, f"{where}, quality")
    for relationship in _mappings(element, "relationships", where):
        _validate_element(relationship, odcs.Relationship, f"{where}, relationship", MATCHED_SHARE, SEVERITY)
    for stated in _mappings(element, "customProperties", where):
        name = str(stated.get("property"))
        if name not in custom and "vendor" not in stated:
            guess = did_you_mean(name, custom) if custom else ""
            raise ContractError(f"{where}: no custom property '{name}', and it names no vendor. {guess}".rstrip())


def _validate_known(element: Mapping[str, Any], model: type[BaseModel], where: str) -> None:
    for word in element:
        if word in NOT_RUN.get(model, ()):
            raise ContractError(f"{where}: the platform cannot run '{word}'. {NOT_RUN[model][word]}".rstrip())
        if word not in words(model):
            known = did_you_mean(str(word), sorted(words(model)))
            raise ContractError(f"{where}: '{word}' is not a word of the standard. {known}")


@cache
def words(model: type[BaseModel]) -> frozenset[str]:
    """Return the words of a part of the standard that the platform heeds."""
    known = {field.alias or name for name, field in model.model_fields.items()}
    return frozenset(known - NOT_RUN.get(model, {}).keys())


def _mappings(element: Mapping[str, Any], word: str, where: str) -> list[Mapping[str, Any]]:
    items = element.get(word) or []
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        raise ContractError(f"{where}: '{word}' must be a list of mappings.")
    return items


def validate_schema(document: Mapping[str, Any], file: str) -> None:
    """Reject a document that the schema of its apiVersion does not accept."""
    version = str(document["apiVersion"])
    errors = sorted(_validator(version).iter_errors(document), key=lambda error: -len(error.absolute_path))
    if errors:
        place = _place(document, errors[0].absolute_path)
        raise ContractError(f"{file}, {place}: not valid by ODCS {version}: {errors[0].message}")


def _place(document: Any, path: Sequence[Any]) -> str:
    """Return ``"table 'orders', column 'amount', quality 0"``: list items by name where they have one."""
    said: list[str] = []
    kinds = {"schema": "table", "properties": "column"}
    for step in path:
        document = document[step]
        if isinstance(step, int) and isinstance(document, Mapping) and "name" in document and said:
            said[-1] = f"{kinds.get(said[-1], said[-1])} '{document['name']}'"
        elif isinstance(step, int) and said:
            said[-1] = f"{said[-1]} {step}"
        else:
            said.append(str(step))
    return ", ".join(said) or "the document"


@cache
def _validator(version: str) -> Any:
    """Return the validator of a version, which looks for unevaluated words only where there may be some.

    To find them, the library validates an element by each branch of its schema again: half of its time.
    """
    from jsonschema import Draft201909Validator
    from jsonschema.validators import extend

    package, name = SCHEMAS[version]
    root = json.loads((importlib.resources.files(package) / name).read_text(encoding="utf-8"))
    always: dict[int, set[str]] = {}

    def unevaluated(validator: Any, value: Any, instance: Any, schema: Mapping[str, Any]) -> Iterator[Any]:
        if id(schema) not in always:
            always[id(schema)] = _always_evaluated(schema, root)
        if not isinstance(instance, Mapping) or not instance.keys() <= always[id(schema)]:
            yield from Draft201909Validator.VALIDATORS["unevaluatedProperties"](validator, value, instance, schema)

    validator: Any = extend
    return validator(Draft201909Validator, {"unevaluatedProperties": unevaluated})(root)


def _always_evaluated(schema: Mapping[str, Any], root: Mapping[str, Any]) -> set[str]:
    """Return the words that a schema states whatever else an element says: its own, and those that it refers to."""
    parts = list(schema.get("allOf", ()))
    if str(schema.get("$ref")).startswith("#/$defs/"):
        parts.append(root["$defs"][schema["$ref"].removeprefix("#/$defs/")])
    return set(schema.get("properties", ())).union(*(_always_evaluated(part, root) for part in parts))
