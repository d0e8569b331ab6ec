"""A block `rolling` that contradicts itself or the other blocks is rejected where the YAML is read."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from ml_platform.errors import SpecError
from ml_platform.features.rolling_settings import Aggregate, Rolling, validate_rolling
from ml_platform.features.settings import Feature, Join
from ml_platform.features.target import Target
from ml_platform_tests.features.tables import ENTITY, VEHICLES

SHARE = {"name": "late", "column": "target", "function": "share", "group_by": ["place"], "windows": ["PT6H", "P7D"]}
TARGET = Target(column="delay", greater_than=15)


def rolling(**changes: Any) -> Rolling:
    return Rolling.model_validate({"available_after": "PT1H", "aggregates": [{**SHARE, **changes}]})


def test_columns_are_named_by_their_windows() -> None:
    assert rolling().features == ("late_6h", "late_7d")
    assert rolling(windows=["PT36H", "PT48H"]).features == ("late_36h", "late_2d")


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ({"aggregates": [SHARE]}, "exactly one of available_after and available_at"),
        ({"available_after": "PT1H", "aggregates": []}, "at least 1 item"),
        ({"available_after": "-PT1H", "aggregates": [SHARE]}, "greater than or equal"),
        ({"available_after": "PT1H", "aggregates": [{**SHARE, "windows": ["PT90M"]}]}, "whole number of hours or days"),
        ({"available_after": "PT1H", "aggregates": [{**SHARE, "windows": ["PT0S"]}]}, "whole number of hours or days"),
        (
            {"available_after": "PT1H", "aggregates": [{**SHARE, "function": "median"}]},
            "'share', 'mean', 'sum' or 'count'",
        ),
        (
            {"available_after": "PT1H", "aggregates": [{**SHARE, "function": "count", "min_rows": 5}]},
            "leave min_rows out",
        ),
    ],
)
def test_a_block_that_contradicts_itself_is_refused(block: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Rolling.model_validate(block)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"entity": ENTITY.model_copy(update={"time": None})}, "without entity.time"),
        ({"rolling": rolling(group_by=["delay"])}, "'group_by' uses column 'delay', which is only available after"),
        ({"target": Target(column="delay", classes=(1, 2, 3))}, "a target with classes has no share"),
        ({"joins": [VEHICLES.model_copy(update={"table": "rolling"})]}, "cannot be called 'rolling'"),
        ({"features": [Feature(name="x", kind="number", sources=("rolling.late_7",))]}, "Did you mean 'late_7d'"),
        ({"rolling": rolling(windows=["P1D", "PT24H"])}, "rolling aggregate declared twice: late_1d"),
    ],
)
def test_a_block_that_does_not_fit_the_model_is_refused(arguments: dict[str, Any], message: str) -> None:
    fitting = {"rolling": rolling(), "entity": ENTITY, "target": TARGET, "joins": [], "features": []}
    validate_rolling(**fitting)
    with pytest.raises(SpecError, match=message):
        validate_rolling(**{**fitting, **arguments})


def test_a_joined_table_says_when_its_rows_were_known() -> None:
    block = {"table": "t", "contract": "c", "match": {"a": "b"}}
    for wrong in (block, {**block, "static": True, "observed_at": "o"}):
        with pytest.raises(ValidationError, match="say when its rows were observed"):
            Join.model_validate(wrong)
    with pytest.raises(ValidationError, match="available_after and within"):
        Join.model_validate({**block, "static": True, "available_after": "PT1H"})


def test_an_aggregate_names_its_columns_with_letters_that_checks_can_carry() -> None:
    with pytest.raises(ValidationError, match="pattern"):
        Aggregate.model_validate({**SHARE, "name": "late share"})
