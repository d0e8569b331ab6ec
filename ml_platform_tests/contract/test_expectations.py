"""A custom rule is an expectation of Great Expectations, with arguments that its own description allows."""

from pathlib import Path
from typing import Any

import great_expectations.expectations as gxe
import pandas as pd
import pytest

from ml_platform.contract.expectations import UNDESCRIBED, ExpectationRule, _class, _classes, _schema
from ml_platform.contract.validation import validate
from ml_platform_tests.contract.rejected import (
    COUNTED,
    Change,
    assert_rejected,
    expectation,
    table,
)
from ml_platform_tests.contract.small import things

# Great Expectations imports modules of the standard library that are on their way out
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")
COLUMN = {"name": "x", "logicalType": "string"}


def rule(folder: Path, implementation: Any, *, on_column: bool = False) -> ExpectationRule:
    stated = {"type": "custom", "engine": "greatExpectations", "implementation": implementation}
    quality = {"quality": [stated]}
    (found,) = things(folder, COLUMN | (quality if on_column else {}), table={} if on_column else quality).rules
    assert isinstance(found, ExpectationRule)
    return found


def test_a_rule_is_read_in_both_spellings_and_as_text(tmp_path: Path) -> None:
    arguments = {"column": "x", "regex": "a"}
    class_ = {"type": "ExpectColumnValuesToMatchRegex", "kwargs": arguments}
    for stated in (
        class_,
        class_ | {"type": "expect_column_values_to_match_regex"},
        "type: expect_column_values_to_match_regex\nkwargs: {column: x, regex: a}",
    ):
        found = rule(tmp_path, stated)
        assert (found.expectation.name, found.expectation.arguments) == (class_["type"], arguments)
        assert found.reads == ("x",)
        assert found.description == "ExpectColumnValuesToMatchRegex(column='x', regex='a')"


def test_the_column_that_a_rule_is_on_is_its_argument(tmp_path: Path) -> None:
    unique = rule(tmp_path, {"type": "expect_column_values_to_be_unique"}, on_column=True)
    assert unique.expectation.arguments == {"column": "x"}
    shape = rule(tmp_path, {"type": "expect_table_column_count_to_equal", "kwargs": {"value": 1}}, on_column=True)
    assert shape.expectation.arguments == {"value": 1}


def test_every_expectation_that_is_known_exists_and_is_found_by_both_names() -> None:
    for name in set(_classes().values()):
        assert hasattr(gxe, name), name
        snake = getattr(gxe, name).expectation_type
        assert _class(snake, "here") == _class(name, "here") == name
        assert {"properties", "sources"} <= _schema(name).keys()


def test_those_without_a_description_take_what_is_stated_for_them() -> None:
    for name, stated in UNDESCRIBED.items():
        fields = getattr(gxe, name).__fields__
        assert {"column", *stated} <= set(fields)
        assert _schema(name)["required"] == ["column", *stated]


def test_what_an_expectation_observes_of_a_confidential_column_is_not_told(tmp_path: Path) -> None:
    stated = {"type": "expect_column_min_to_be_between", "kwargs": {"column": "age", "min_value": 18}}
    quality = [{"type": "custom", "engine": "greatExpectations", "implementation": stated}]
    age = {"name": "age", "logicalType": "integer", "required": True}
    for classification, told in (("public", True), ("personal", False)):
        contract = things(tmp_path, {**age, "classification": classification, "quality": quality})
        result = validate(contract, pd.DataFrame({"age": [17, 40]}), file="people.parquet")
        assert ("17" in str(result.to_document())) is told


REJECTED: dict[str, tuple[Change, list[str]]] = {
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
}


@pytest.mark.parametrize("name", REJECTED)
def test_what_cannot_be_run_is_rejected_at_load_with_file_place_and_guess(name: str, tmp_path: Path) -> None:
    assert_rejected(tmp_path, *REJECTED[name])
