"""Is a document valid by the JSON schema of the standard that it says it keeps?"""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ml_platform.choices import did_you_mean
from ml_platform.errors import ContractError

if TYPE_CHECKING:
    from jsonschema import Draft201909Validator

SCHEMAS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "v3.1.0": ("ml_platform.contract", "odcs-v3.1.0.schema.json"),
        "v3.2.0": ("open_data_contract_standard", "schema.json"),
    }
)
"""apiVersion → the package and file of its schema, as the Bitol project publishes it."""


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
def _validator(version: str) -> Draft201909Validator:
    from jsonschema import Draft201909Validator

    package, name = SCHEMAS[version]
    file: Traversable = importlib.resources.files(package) / name
    return Draft201909Validator(json.loads(file.read_text(encoding="utf-8")))
