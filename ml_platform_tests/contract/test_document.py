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


def query(text: str) -> Callable[[Document], object]:
    return table(quality=[COUNTED, {"type": "sql", "query": text, "mustBe": 0}])


def expectation(name: str, **kwargs: object) -> Callable[[Document], object]:
    implementation = {"type": name, "kwargs": kwargs}
    return table(quality=[COUNTED, {"type": "custom", "engine": "greatExpectations", "implementation": implementation}])


def level(**words: object) -> Callable[[Document], object]:
    return lambda document: document.update(slaProperties=[words])


def share(name: str, value: float) -> Document:
    return {"property": name, "value": value}


NULLS = {"metric": "nullValues", "unit": "percent"}
NULLED = {**NULLS, "mustBeLessOrEqualTo": 50}
COUNTED = {"metric": "rowCount", "mustBeBetween": [1, 1000]}
REJECTED: dict[str, tuple[Callable[[Document], object], list[str]]] = {
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
    "a metric without its arguments": (
        column("code", quality=[{"metric": "missingValues", "mustBe": 0}]),
        ["column 'code', missingValues", "arguments.missingValues"],
    ),
    "an argument": (
        column("code", quality=[{"metric": "invalidValues", "arguments": {"validValue": ["A"]}, "mustBe": 0}]),
        ["cannot run argument 'validValue'", "Did you mean 'validValues'?"],
    ),
    "a set of another type in a metric": (
        column(
            "amount", quality=[NULLED, {"metric": "missingValues", "arguments": {"missingValues": ["-"]}, "mustBe": 0}]
        ),
        ["column 'amount'", "holds '-'", "type number"],
    ),
    "a unit": (
        column("amount", quality=[{"metric": "nullValues", "unit": "%", "mustBe": 0}]),
        ["column 'amount', nullValues", "rows or percent, not in '%'"],
    ),
    "rows in percent": (
        table(quality=[{"metric": "rowCount", "unit": "percent", "mustBeGreaterThan": 3}]),
        ["table 'orders', rowCount", "whole number"],
    ),
    "bounds the wrong way round": (
        table(quality=[{"metric": "rowCount", "mustBeBetween": [9, 3]}]),
        ["rowCount", "smaller number first"],
    ),
    "a limit that is text": (
        column("amount", quality=[{"metric": "nullValues", "mustBe": "none"}]),
        ["column 'amount', nullValues", "must be a number, not 'none'"],
    ),
    "duplicates of an unknown column": (
        table(quality=[COUNTED, {"metric": "duplicateValues", "arguments": {"properties": ["lin"]}, "mustBe": 0}]),
        ["no column 'lin'", "Did you mean 'line'?"],
    ),
    "two checks of one name": (
        column("code", unique=True, quality=[NULLED, *2 * [{"metric": "duplicateValues", "mustBe": 0}]]),
        ["column 'code'", "'rule_code_duplicateValues'", "id of their own"],
    ),
    "SQL that is none": (query("SELCT 1"), ["table 'orders', sql", "syntax error", "SELCT"]),
    "SQL that writes": (query("DELETE FROM ${table}"), ["table 'orders', sql", "Only SELECT"]),
    "two queries": (query("SELECT 1; SELECT 2"), ["must be one SELECT, found 2"]),
    "an unknown column in SQL": (query("SELECT max(lin) FROM ${table}"), ["table 'orders', sql", "lin", "line"]),
    "an unknown placeholder": (query("SELECT 1 FROM ${tabel}"), ["'${tabel}'", "Did you mean 'table'?"]),
    "a file in SQL": (query("SELECT count(*) FROM read_csv('/etc/passwd')"), ["table 'orders', sql", "file system"]),
    "SQL without a limit": (table(quality=[COUNTED, {"type": "sql", "query": "SELECT 1"}]), ["needs one operator"]),
    "a word of another type of rule": (
        table(quality=[COUNTED, {"type": "sql", "metric": "rowCount", "query": "SELECT 1", "mustBe": 1}]),
        ["'metric' is not for a quality rule of type 'sql'"],
    ),
    "an engine": (
        table(quality=[COUNTED, {"type": "custom", "engine": "soda", "implementation": "x"}]),
        ["table 'orders', custom", "cannot run engine 'soda'"],
    ),
    "an expectation": (
        expectation("expect_column_values_to_be_unik", column="line"),
        ["no expectation 'expect_column_values_to_be_unik'", "Did you mean 'expect_column_values_to_be_unique'?"],
    ),
    "an argument of an expectation": (
        expectation("expect_column_max_to_be_between", column="line", max_valu=3),
        ["ExpectColumnMaxToBeBetween has no argument 'max_valu'", "Did you mean 'max_value'?"],
    ),
    "a value of an argument of an expectation": (
        expectation("expect_column_values_to_be_unique", column="line", mostly="most"),
        ["ExpectColumnValuesToBeUnique, mostly", "'most' is not of type 'number'"],
    ),
    "an expectation without its argument": (expectation("ExpectColumnMaxToBeBetween"), ["needs the argument 'column'"]),
    "an expectation on an unknown column": (
        expectation("expect_column_values_to_be_unique", column="lin"),
        ["no column 'lin'", "Did you mean 'line'?"],
    ),
    "an expectation for databases": (
        expectation("expect_column_values_to_match_like_pattern", column="unit", like_pattern="k%"),
        ["runs on SQL tables only", "type sql"],
    ),
    "an expectation's condition that is code": (
        expectation("ExpectColumnValuesToBeUnique", column="line", row_condition="@x", condition_parser="pandas"),
        ["no condition of 'pandas': it is code"],
    ),
    "an implementation that is no mapping": (
        table(quality=[COUNTED, {"type": "custom", "engine": "greatExpectations", "implementation": "expect"}]),
        ["mapping of type and kwargs"],
    ),
    "a reference without a column": (
        column("code", relationships=[{"to": "codes"}]),
        ["column 'code'", "table.column"],
    ),
    "a reference of an unknown column": (
        table(relationships=[{"from": "orders.cod", "to": "codes.code"}]),
        ["table 'orders', relationship", "no column 'cod'", "Did you mean 'code'?"],
    ),
    "a reference to fewer columns": (
        table(relationships=[{"from": ["orders.code", "orders.note"], "to": ["codes.code"]}]),
        ["2 columns and 1 targets"],
    ),
    "a share of a reference": (
        column("code", relationships=[{"to": "codes.code", "customProperties": [share("minMatchedShare", 80)]}]),
        ["column 'code', relationship: minMatchedShare", "at most 1"],
    ),
    "a misspelt share of a reference": (
        column("code", relationships=[{"to": "codes.code", "customProperties": [share("minMatchShare", 0.8)]}]),
        ["'minMatchShare'", "Did you mean 'minMatchedShare'?"],
    ),
    "a service level": (level(property="availability", value=99), ["slaProperties, availability", "cannot run it"]),
    "a service level of no column": (level(property="latency", value=1), ["orders.<column>", "'None'"]),
    "a service level of an unknown column": (
        level(property="latency", value=1, element="orders.att"),
        ["no column 'att'", "Did you mean 'at'?"],
    ),
    "a service level of text": (
        level(property="latency", value=1, element="orders.note"),
        ["'note' is of type string"],
    ),
    "a unit of a service level": (
        level(property="latency", value=1, unit="dais", element="orders.at"),
        ["cannot run unit 'dais'", "Did you mean 'days'?"],
    ),
    "a span that is none": (level(property="latency", value="P", element="orders.at"), ["a duration such as PT36H"]),
    "a misspelt word of a service level": (
        level(property="latency", valeu=1, element="orders.at"),
        ["'valeu' is not a word", "Did you mean 'value'?"],
    ),
    "a schedule": (
        column("amount", quality=[{**NULLED, "schedule": "0 6 * * *"}]),
        ["cannot run 'schedule'", "when the table's checks are"],
    ),
    "a physical type": (column("amount", physicalType="doubel"), ["'doubel'", "Did you mean 'double'?"]),
    "another physical name": (column("amount", physicalName="AMT"), ["physicalName 'AMT'"]),
    "a format": (column("code", logicalTypeOptions={"format": "emial"}), ["format 'emial'", "Did you mean 'email'?"]),
    "a time format of a stored time": (
        column("at", logicalTypeOptions={"format": "yyyy-MM-dd", "timezone": True}),
        ["column 'at'", "physicalType: string"],
    ),
    "letters of a time format": (
        column("at", physicalType="string", logicalTypeOptions={"format": "YYYY-MM-dd"}),
        ["cannot read 'YYYY'", "Known: yyyy, yy"],
    ),
    "a time zone": (
        column("at", logicalTypeOptions={"defaultTimezone": "Berlin"}),
        ["no time zone 'Berlin'", "Europe/Berlin"],
    ),
    "a step of nothing": (column("amount", logicalTypeOptions={"multipleOf": 0}), ["multipleOf", "above 0"]),
    "a word of a newer standard": (
        lambda document: (document.update(apiVersion="v3.1.0"), column("unit", enum=[{"value": "kg"}])(document)),
        ["table 'orders', column 'unit'", "not valid by ODCS v3.1.0", "'enum'"],
    ),
    "an id with a dot": (
        column("code", quality=[{**NULLED, "id": "a.b"}]),
        ["column 'code', quality 0, id", "not valid by ODCS v3.2.0"],
    ),
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


@pytest.mark.parametrize("name", REJECTED)
def test_what_cannot_be_run_is_rejected_at_load_with_file_place_and_guess(name: str, tmp_path: Path) -> None:
    change, expected = REJECTED[name]
    with pytest.raises(ContractError) as rejected:
        load_contract(write(tmp_path / "contract_orders.yaml", change))
    for text in ["contract_orders.yaml", *expected]:
        assert text in str(rejected.value)


def test_columns_whose_checks_would_share_a_name_are_rejected(tmp_path: Path) -> None:
    def change(document: Document) -> None:
        first, second = document["schema"][0]["properties"][3:5]
        first["name"], second["name"] = "a b", "a.b"

    with pytest.raises(ContractError, match=r"column 'a\.b': its check has the same name as that of 'a b'"):
        load_contract(write(tmp_path / "contract_orders.yaml", change))


@pytest.mark.parametrize("text", [None, "a: [", "- a", "\x00"])
def test_a_file_that_is_missing_or_no_mapping_is_rejected_by_name(text: str | None, tmp_path: Path) -> None:
    path = tmp_path / "contract_orders.yaml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ContractError, match=r"contract_orders\.yaml"):
        load_contract(path)


def test_loading_and_listing_checks_imports_neither_great_expectations_nor_pandas() -> None:
    code = (
        "import sys; from pathlib import Path; from ml_platform.contract import ValidationResult, load_contract\n"
        f"checks = load_contract(Path({str(SHIPPED[0])!r})).partitioned_checks\n"
        "assert checks; print([name for name in ('great_expectations', 'pandas', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
