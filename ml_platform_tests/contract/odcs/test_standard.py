"""Words that the platform would not heed are rejected, and so is what the schema of the standard does not accept."""

import copy
import importlib.resources
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from open_data_contract_standard import model as odcs

from ml_platform.contract.odcs.standard import NOT_RUN, SCHEMAS, _validator, validate_schema, words
from ml_platform.errors import ContractError
from ml_platform_tests.contract.rejected import (
    NULLED,
    Change,
    assert_rejected,
    column,
    level,
    share,
    table,
)
from ml_platform_tests.contract.small import ORDERS, SHIPPED

REJECTED: dict[str, tuple[Change, list[str]]] = {
    "a misspelt word": (
        column("unit", requird=True),
        ["column 'unit'", "'requird' is not a word", "Did you mean 'required'?"],
    ),
    "a word that is out of date": (
        column("code", quality=[{"rule": "nullValues", "mustBe": 0}]),
        ["column 'code'", "cannot run 'rule'", "metric"],
    ),
    "a schedule": (
        column("amount", quality=[{**NULLED, "schedule": "0 6 * * *"}]),
        ["cannot run 'schedule'", "when the table's checks are"],
    ),
    "a misspelt word of a service level": (
        level(property="latency", valeu=1, element="orders.at"),
        ["'valeu' is not a word", "Did you mean 'value'?"],
    ),
    "a misspelt share": (
        table(customProperties=[{"property": "maxQuarantineshare", "value": 0.1}]),
        ["'maxQuarantineshare'", "Did you mean 'maxQuarantineShare'?"],
    ),
    "a misspelt share of a reference": (
        column("code", relationships=[{"to": "codes.code", "customProperties": [share("minMatchShare", 0.8)]}]),
        ["'minMatchShare'", "Did you mean 'minMatchedShare'?"],
    ),
    "a property of no vendor": (
        column("note", customProperties=[{"property": "maxBlank", "value": 1}]),
        ["column 'note'", "'maxBlank'", "vendor"],
    ),
    "a misspelt word on top": (lambda document: document.update(schem=[]), ["schem", "Did you mean 'schema'?"]),
    "another kind": (lambda document: document.update(kind="Recipe"), ["kind DataContract"]),
    "an old version": (lambda document: document.update(apiVersion="v3.0.2"), ["v3.0.2", "Known: v3.1.0, v3.2.0"]),
    "a word of a newer standard": (
        lambda document: (document.update(apiVersion="v3.1.0"), column("unit", enum=[{"value": "kg"}])(document)),
        ["table 'orders', column 'unit'", "not valid by ODCS v3.1.0", "'enum'"],
    ),
    "an id with a dot": (
        column("code", quality=[{**NULLED, "id": "a.b"}]),
        ["column 'code', quality 0, id", "not valid by ODCS v3.2.0"],
    ),
    "a word of another type": (column("note", required="perhaps"), ["required", "'perhaps'"]),
}


@pytest.mark.parametrize("name", REJECTED)
def test_what_cannot_be_run_is_rejected_at_load_with_file_place_and_guess(name: str, tmp_path: Path) -> None:
    assert_rejected(tmp_path, *REJECTED[name])


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_contracts_are_valid_by_the_schema_of_the_standard(path: Path) -> None:
    schema = json.loads((importlib.resources.files("open_data_contract_standard") / "schema.json").read_text())
    jsonschema.Draft201909Validator(schema).validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def test_a_new_version_of_the_package_brings_no_word_that_nobody_heeds() -> None:
    """The words that are heeded are those of the installed model: whoever raises its version reads this list."""
    heeded = {
        odcs.SchemaObject: 17, odcs.SchemaProperty: 30, odcs.DataQuality: 24, odcs.Relationship: 5,
        odcs.ServiceLevelAgreementProperty: 10,
    }  # fmt: skip
    assert {model: len(words(model)) for model in heeded} == heeded
    assert all(not words(model) & NOT_RUN.get(model, {}).keys() for model in heeded)


def own(version: str) -> Any:
    """Return the library's validator, without the shortcut."""
    package, name = SCHEMAS[version]
    schema = json.loads((importlib.resources.files(package) / name).read_text(encoding="utf-8"))
    return jsonschema.Draft201909Validator(schema)


OWN = {version: own(version) for version in SCHEMAS}
WORDS = st.sampled_from(["name", "metric", "query", "mustBe", "type", "logicalType", "format", "enum", "x", "required"])
VALUES = st.sampled_from(["sql", "library", "string", "date", 1, None, [], {}, {"x": 1}, [{"value": "a"}]])


def elements(node: Any) -> list[dict[str, Any]]:
    """Return every mapping in a document."""
    found = [node] if isinstance(node, dict) else []
    for one in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        found += elements(one)
    return found


@given(st.data(), st.sampled_from(sorted(SCHEMAS)))
def test_a_document_is_valid_where_the_library_says_so(data: st.DataObject, version: str) -> None:
    document = copy.deepcopy({**ORDERS, "apiVersion": version})
    for _ in range(data.draw(st.integers(0, 3))):
        data.draw(st.sampled_from(elements(document)))[data.draw(WORDS)] = copy.deepcopy(data.draw(VALUES))
    found, expected = (set(map(str, one.iter_errors(document))) for one in (_validator(version), OWN[version]))
    assert bool(found) == bool(expected)
    assert found <= expected  # the library calls the words beside an error unevaluated, too


def test_the_place_of_what_is_not_valid_is_named() -> None:
    document = copy.deepcopy(ORDERS)
    document["schema"][0]["properties"][3]["quality"][0]["x"] = 1
    with pytest.raises(ContractError, match=r"orders\.yaml, table 'orders', column 'amount', quality 0: not valid"):
        validate_schema(document, "orders.yaml")
    with pytest.raises(ContractError, match="the document: not valid by ODCS"):
        validate_schema({**ORDERS, "x": 1}, "orders.yaml")
