import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ml_platform.contract import load_contract
from ml_platform.contract.rules import OneOf, Pattern, Range, Required
from ml_platform.errors import ContractError
from ml_platform_tests.contract.rejected import COUNTED, NULLED, NULLS, Change, assert_rejected, column, table
from ml_platform_tests.contract.small import SHIPPED, orders, write

Document = dict[str, Any]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_contracts_describe_and_bound_every_column_and_name_checks_as_dagster_allows(path: Path) -> None:
    contract = load_contract(path)
    for one in contract.columns.values():
        assert one.description
        assert one.physical_type
        assert one.required or one.max_null_share is not None
        assert one.type == "timestamp" or [rule for rule in one.rules if not isinstance(rule, Required)]
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


REJECTED: dict[str, tuple[Change, list[str]]] = {
    "a text rule": (column("unit", quality=[{"type": "text", "description": "nice"}]), ["type 'text'"]),
    "a nullable key": (column("line", required=False, quality=[{**NULLS, "mustBeLessOrEqualTo": 5}]), ["primary key"]),
    "a key out of order": (column("line", primaryKeyPosition=1), ["primaryKeyPosition", "[1, 1]"]),
    "two checks of one name": (
        column("code", unique=True, quality=[NULLED, *2 * [{"metric": "duplicateValues", "mustBe": 0}]]),
        ["column 'code'", "'rule_code_duplicateValues'", "id of their own"],
    ),
    "a word of another type of rule": (
        table(quality=[COUNTED, {"type": "sql", "metric": "rowCount", "query": "SELECT 1", "mustBe": 1}]),
        ["'metric' is not for a quality rule of type 'sql'"],
    ),
    "no row count": (table(quality=[]), ["table 'orders'", "rowCount"]),
    "no quarantine share": (table(customProperties=[]), ["maxQuarantineShare"]),
    "a share of all": (table(customProperties=[{"property": "maxQuarantineShare", "value": 1}]), ["below 1"]),
    "a taken name": (column("note", name="reasons"), ["'reasons'", "quarantine"]),
    "two tables": (lambda document: document["schema"].append(document["schema"][0]), ["one table", "found 2"]),
}


@pytest.mark.parametrize("name", REJECTED)
def test_what_cannot_be_run_is_rejected_at_load_with_file_place_and_guess(name: str, tmp_path: Path) -> None:
    assert_rejected(tmp_path, *REJECTED[name])


def test_columns_whose_checks_would_share_a_name_are_rejected(tmp_path: Path) -> None:
    def change(document: dict[str, Any]) -> None:
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
