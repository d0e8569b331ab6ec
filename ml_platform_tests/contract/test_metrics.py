"""A metric becomes a rule on each row, a bound of the contract, or a count with a limit: whichever it states."""

from pathlib import Path
from typing import Any

import pytest

from ml_platform.contract.metrics import CountRule, DuplicateRule, RowCountRule
from ml_platform.contract.rules import NoneOf, OneOf, Pattern, Required
from ml_platform.contract.table_rule import Limit
from ml_platform_tests.contract.rejected import (
    COUNTED,
    Change,
    assert_rejected,
    column,
    table,
)
from ml_platform_tests.contract.small import things

VALID = {"validValues": ["a"], "pattern": "^a$"}


@pytest.mark.parametrize(
    ("rule", "row_rules", "share", "n_counted"),
    [
        ({"metric": "invalidValues", "arguments": VALID, "mustBe": 0}, (OneOf(("a",)), Pattern("^a$")), 0.99, 0),
        ({"metric": "invalidValues", "arguments": VALID, "mustBeLessThan": 1}, (), 0.99, 1),
        ({"metric": "invalidValues", "arguments": VALID, "mustBe": 0, "severity": "warning"}, (), 0.99, 1),
        ({"metric": "nullValues", "unit": "percent", "mustBeLessOrEqualTo": 12.3}, (), 0.123, 0),
        ({"metric": "nullValues", "unit": "percent", "mustBeLessOrEqualTo": 100}, (), None, 1),
        ({"metric": "nullValues", "unit": "percent", "mustBeLessThan": 5}, (), None, 1),
        ({"metric": "nullValues", "mustBeLessOrEqualTo": 5}, (), None, 1),
    ],
)
def test_only_what_says_how_each_row_must_be_sets_rows_aside(
    rule: dict[str, Any], row_rules: tuple[Any, ...], share: float | None, n_counted: int, tmp_path: Path
) -> None:
    contract = things(tmp_path, {"name": "x", "logicalType": "string", "quality": [rule]})
    column = contract.columns["x"]
    assert (column.rules, column.max_null_share, len(contract.rules)) == (row_rules, share, n_counted)


def test_a_second_bound_of_missing_values_is_a_check_of_its_own(tmp_path: Path) -> None:
    stated = [{"metric": "nullValues", "unit": "percent", "mustBeLessOrEqualTo": n, "id": f"n{n}"} for n in (5, 7)]
    contract = things(tmp_path, {"name": "x", "logicalType": "string", "quality": stated})
    (rule,) = contract.rules
    assert contract.columns["x"].max_null_share == 0.05
    assert isinstance(rule, CountRule)
    assert (rule.name, rule.parts, str(rule.limit)) == ("rule_n7", (Required(),), "be at most 7 percent")


@pytest.mark.parametrize(
    ("stated", "bounds"),
    [
        ({"mustBe": 5}, (5, 5)),
        ({"mustBeGreaterThan": 5}, (6, None)),
        ({"mustBeGreaterOrEqualTo": 5}, (5, None)),
        ({"mustBeLessThan": 5}, (1, 4)),
        ({"mustBeLessOrEqualTo": 5}, (1, 5)),
        ({"mustBeBetween": [2, 5]}, (2, 5)),
    ],
)
def test_a_row_count_bounds_the_contract(
    stated: dict[str, Any], bounds: tuple[int, int | None], tmp_path: Path
) -> None:
    contract = things(tmp_path, {"name": "x", "logicalType": "string"}, table={"quality": [COUNT | stated]})
    assert (contract.min_rows, contract.max_rows) == bounds
    assert contract.rules == ()


COUNT = {"metric": "rowCount"}


def test_several_row_counts_bound_it_together_and_the_rest_are_checks(tmp_path: Path) -> None:
    stated = [
        {**COUNT, "mustBeLessThan": 90}, {**COUNT, "mustBeBetween": [2, 99]},
        {**COUNT, "mustNotBe": 7, "id": "not7"}, {**COUNT, "mustBe": 8, "severity": "warning", "id": "warned"},
    ]  # fmt: skip
    contract = things(tmp_path, {"name": "x", "logicalType": "string"}, table={"quality": stated})
    assert (contract.min_rows, contract.max_rows) == (2, 89)
    severities = {rule.name: rule.severity for rule in contract.rules}
    assert severities == {"rule_not7": "error", "rule_warned": "warning"}
    assert all(isinstance(rule, RowCountRule) for rule in contract.rules)


def test_what_stands_for_a_missing_value_is_counted_beside_missing_ones(tmp_path: Path) -> None:
    stated = {"metric": "missingValues", "arguments": {"missingValues": ["-", None]}, "mustBe": 0}
    contract = things(tmp_path, {"name": "x", "logicalType": "string", "unique": True, "quality": [stated]})
    unique, missing = contract.rules
    assert isinstance(unique, DuplicateRule)
    assert (unique.name, unique.reads, unique.limit) == ("unique_x", ("x",), Limit("mustBe", (0,)))
    assert isinstance(missing, CountRule)
    assert missing.parts == (Required(), NoneOf(("-",)))
    assert missing.description == "The number of missing values of x must be 0."


REJECTED: dict[str, tuple[Change, list[str]]] = {
    "a metric": (
        column("amount", quality=[{"metric": "averageValues", "mustBe": 0}]),
        ["column 'amount'", "cannot run metric 'averageValues'"],
    ),
    "a metric without its arguments": (
        column("code", quality=[{"metric": "missingValues", "mustBe": 0}]),
        ["column 'code', missingValues", "arguments.missingValues"],
    ),
    "an argument": (
        column("code", quality=[{"metric": "invalidValues", "arguments": {"validValue": ["A"]}, "mustBe": 0}]),
        ["cannot run argument 'validValue'", "Did you mean 'validValues'?"],
    ),
    "a unit": (
        column("amount", quality=[{"metric": "nullValues", "unit": "%", "mustBe": 0}]),
        ["column 'amount', nullValues", "rows or percent, not in '%'"],
    ),
    "rows in percent": (
        table(quality=[{"metric": "rowCount", "unit": "percent", "mustBeGreaterThan": 3}]),
        ["table 'orders', rowCount", "whole number"],
    ),
    "duplicates of an unknown column": (
        table(quality=[COUNTED, {"metric": "duplicateValues", "arguments": {"properties": ["lin"]}, "mustBe": 0}]),
        ["no column 'lin'", "Did you mean 'line'?"],
    ),
    "an empty table allowed": (table(quality=[{"metric": "rowCount", "mustBeBetween": [0, 9]}]), ["at least one row"]),
}


@pytest.mark.parametrize("name", REJECTED)
def test_what_cannot_be_run_is_rejected_at_load_with_file_place_and_guess(name: str, tmp_path: Path) -> None:
    assert_rejected(tmp_path, *REJECTED[name])
