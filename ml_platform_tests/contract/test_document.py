import importlib.resources
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from ml_platform.contract import load_contract
from ml_platform.contract.rules import OneOf, Pattern, Range, Required
from ml_platform.errors import ContractError
from ml_platform_tests.contract.small import SHIPPED, orders, write

Document = dict[str, Any]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_contracts_are_valid_by_the_schema_of_the_standard(path: Path) -> None:
    schema = json.loads((importlib.resources.files("open_data_contract_standard") / "schema.json").read_text())
    jsonschema.Draft201909Validator(schema).validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_contracts_describe_and_bound_every_column_and_name_checks_as_dagster_allows(path: Path) -> None:
    contract = load_contract(path)
    for column in contract.columns.values():
        assert column.description
        assert column.physical_type
        assert column.required or column.max_null_share is not None
        assert column.type == "timestamp" or [rule for rule in column.rules if not isinstance(rule, Required)]
    names = [check.name for check in contract.partitioned_checks]
    assert len(set(names)) == len(names) == len(contract.columns) + len(contract.rules) + 5
    assert all(re.fullmatch("[A-Za-z0-9_]+", name) for name in names)
    assert all(check.description for check in contract.checks)


def test_a_document_becomes_columns_key_and_bounds_in_the_order_stated(tmp_path: Path) -> None:
    contract = orders(tmp_path)
    assert list(contract.columns) == ["order", "line", "unit", "amount", "code", "note", "at"]
    assert contract.key == ("order", "line")
    assert (contract.min_rows, contract.max_rows, contract.max_quarantine_share) == (1, 1000, 0.1)
    assert contract.columns["line"].rules == (Required(), Range(0, 100, True, True))
    assert contract.columns["unit"].rules == (Required(), OneOf(("kg", "pounds")))
    assert contract.columns["code"].rules == (Pattern("^[A-Z]{2}[0-9]{1,3}$"),)
    assert contract.columns["amount"].max_null_share == 0.5
    checks = [check.name for check in contract.checks]
    assert checks[:5] == ["schema", "row_count", "quarantine_share", "key", "column_order"]


def column(name: str, /, **words: object) -> Callable[[Document], object]:
    def change(document: Document) -> None:
        (stated,) = (one for one in document["schema"][0]["properties"] if one["name"] == name)
        stated |= words

    return change


def table(**words: object) -> Callable[[Document], object]:
    return lambda document: document["schema"][0].update(words)


NULLS = {"metric": "nullValues", "unit": "percent"}
REFUSED: dict[str, tuple[Callable[[Document], object], list[str]]] = {
    "a misspelt word": (
        column("unit", requird=True),
        ["column 'unit'", "'requird' is not a word", "Did you mean 'required'?"],
    ),
    "a word that is out of date": (
        column("code", quality=[{"rule": "nullValues", "mustBe": 0}]),
        ["column 'code'", "cannot run 'rule'", "metric"],
    ),
    "an option": (
        column("code", logicalTypeOptions={"multipleOf": 5}),
        ["column 'code'", "cannot run string option 'multipleOf'"],
    ),
    "a misspelt option": (column("amount", logicalTypeOptions={"minimun": 0}), ["Did you mean 'minimum'?"]),
    "a type": (column("amount", logicalType="array"), ["column 'amount'", "logicalType 'array'"]),
    "a metric": (
        column("amount", quality=[{"metric": "averageValues", "mustBe": 0}]),
        ["column 'amount'", "cannot run metric 'averageValues'"],
    ),
    "a text rule": (column("unit", quality=[{"type": "text", "description": "nice"}]), ["type 'text'"]),
    "a severity": (
        column("amount", quality=[{**NULLS, "mustBeLessOrEqualTo": 5, "severity": "warn"}]),
        ["column 'amount'", "no severity 'warn'", "Did you mean 'warning'?"],
    ),
    "nulls without bound": (column("amount", quality=[]), ["column 'amount'", "nullValues"]),
    "two operators": (
        column("amount", quality=[{**NULLS, "mustBe": 0, "mustBeLessOrEqualTo": 5}]),
        ["one operator", "mustBe, mustBeLessOrEqualTo"],
    ),
    "a bound that is text": (column("amount", logicalTypeOptions={"minimum": "low"}), ["amount', minimum", "'low'"]),
    "crossed bounds": (column("amount", logicalTypeOptions={"minimum": 9, "maximum": 1}), ["9 is above the maximum 1"]),
    "a pattern that is none": (column("code", logicalTypeOptions={"pattern": "["}), ["'['", "regular expression"]),
    "a set of another type": (column("unit", enum=[{"value": 1}]), ["column 'unit'", "holds 1", "is it quoted?"]),
    "a nullable key": (column("line", required=False, quality=[{**NULLS, "mustBeLessOrEqualTo": 5}]), ["primary key"]),
    "a key out of order": (column("line", primaryKeyPosition=1), ["primaryKeyPosition", "[1, 1]"]),
    "no row count": (table(quality=[]), ["table 'orders'", "rowCount"]),
    "an empty table allowed": (table(quality=[{"metric": "rowCount", "mustBeBetween": [0, 9]}]), ["at least one row"]),
    "no quarantine share": (table(customProperties=[]), ["maxQuarantineShare"]),
    "a misspelt share": (
        table(customProperties=[{"property": "maxQuarantineshare", "value": 0.1}]),
        ["'maxQuarantineshare'", "Did you mean 'maxQuarantineShare'?"],
    ),
    "a property of no vendor": (
        column("note", customProperties=[{"property": "maxBlank", "value": 1}]),
        ["column 'note'", "'maxBlank'", "vendor"],
    ),
    "a word of another type": (column("note", required="perhaps"), ["required", "'perhaps'"]),
    "a share of all": (table(customProperties=[{"property": "maxQuarantineShare", "value": 1}]), ["below 1"]),
    "a taken name": (column("note", name="reasons"), ["'reasons'", "quarantine"]),
    "a misspelt word on top": (lambda document: document.update(schem=[]), ["schem", "Did you mean 'schema'?"]),
    "another kind": (lambda document: document.update(kind="Recipe"), ["kind DataContract"]),
    "an old version": (lambda document: document.update(apiVersion="v3.0.2"), ["v3.0.2", "Known: v3.1.0, v3.2.0"]),
    "two tables": (lambda document: document["schema"].append(document["schema"][0]), ["one table", "found 2"]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_run_is_refused_at_load_with_file_place_and_guess(name: str, tmp_path: Path) -> None:
    change, expected = REFUSED[name]
    with pytest.raises(ContractError) as refused:
        load_contract(write(tmp_path / "contract_orders.yaml", change))
    for text in ["contract_orders.yaml", *expected]:
        assert text in str(refused.value)


def test_columns_whose_checks_would_share_a_name_are_refused(tmp_path: Path) -> None:
    def change(document: Document) -> None:
        first, second = document["schema"][0]["properties"][3:5]
        first["name"], second["name"] = "a b", "a.b"

    with pytest.raises(ContractError, match=r"column 'a\.b': its check has the same name as that of 'a b'"):
        load_contract(write(tmp_path / "contract_orders.yaml", change))


@pytest.mark.parametrize("text", [None, "a: [", "- a", "\x00"])
def test_a_file_that_is_missing_or_no_mapping_is_refused_by_name(text: str | None, tmp_path: Path) -> None:
    path = tmp_path / "contract_orders.yaml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ContractError, match=r"contract_orders\.yaml"):
        load_contract(path)


def test_loading_and_listing_checks_imports_neither_great_expectations_nor_pandas() -> None:
    code = (
        "import sys; from pathlib import Path; from ml_platform.contract import load_contract, evaluate, split\n"
        f"checks = load_contract(Path({str(SHIPPED[0])!r})).partitioned_checks\n"
        "assert checks; print([name for name in ('great_expectations', 'pandas', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
