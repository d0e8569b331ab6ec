"""A name in YAML picks an entry of a table, with its options; what is wrong is named with a guess from the table."""

from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from ml_platform.choices import Block, Choice, Choices, Why, choose, chosen, did_you_mean, validate_options
from ml_platform.drift.metrics import DRIFT_METRICS
from ml_platform.errors import SpecError
from ml_platform.evaluation.metrics import METRICS
from ml_platform.promotion.gates import GATES
from ml_platform.training.estimators import ESTIMATORS
from ml_platform.training.preparation import MISSING_CATEGORIES, MISSING_NUMBERS, OUTLIERS

Share = Annotated[float, Field(ge=0, lt=1)]
TABLES: list[dict[str, Any]] = [
    *(DRIFT_METRICS, METRICS, GATES, ESTIMATORS),
    *(MISSING_NUMBERS, MISSING_CATEGORIES, OUTLIERS),
]


def clip(values: list[float], *, lower: Share = 0.0, upper: int | None = None) -> list[Any]:
    return [*values, lower, upper]


def bound(*, limit: float) -> float:
    return limit


TABLE = {"clip": clip, "bound": bound}


@pytest.mark.parametrize("table", TABLES)
def test_every_entry_is_chosen_by_its_name_and_a_slip_is_guessed(table: dict[str, Any]) -> None:
    for name, entry in table.items():
        assert choose(table, name, "entry") is entry
        slip = name[:2] + "x" + name[2:]
        with pytest.raises(SpecError, match=rf"entry '{slip}' does not exist. Known: .*Did you mean '\w+'\?") as caught:
            choose(table, slip, "entry")
        assert all(known in str(caught.value) for known in table)


@given(st.text(), st.lists(st.text(min_size=1), max_size=5))
def test_a_guess_is_one_of_those_known(name: str, known: list[str]) -> None:
    said = did_you_mean(name, known)
    assert said.startswith(f"Known: {', '.join(known)}.")
    if "Did you mean" in said[len(f"Known: {', '.join(known)}.") :]:
        assert any(said.endswith(f"Did you mean '{one}'?") for one in known)


def test_nothing_close_is_no_guess() -> None:
    assert did_you_mean("zzz", ["clip", "none"]) == "Known: clip, none."
    assert did_you_mean("clib", ["clip", "none"]) == "Known: clip, none. Did you mean 'clip'?"


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("clip", {"lowr": 0.1}, r"step 'clip' has no option 'lowr'. Known: lower, upper. Did you mean 'lower'\?"),
        ("clip", {"values": [1]}, "has no option 'values'"),
        ("clip", {"lower": 1}, "step 'clip', option 'lower': .*less than 1, not 1"),
        ("clip", {"lower": "0.1"}, "option 'lower': .*not '0.1'"),
        ("clip", {"upper": True}, "option 'upper': .*not True"),
        ("clip", {"upper": 1.0}, "option 'upper': .*not 1.0"),
        ("bound", {}, "step 'bound' needs the option 'limit'"),
        ("bound", {"limit": None}, "option 'limit': .*not None"),
    ],
)
def test_an_option_that_does_not_fit_is_refused(name: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError, match=message):
        validate_options(TABLE[name], options, f"step '{name}'")
    with pytest.raises(SpecError, match=message):
        chosen(TABLE, {name: options}, "step")


def test_the_chosen_function_has_its_options_bound() -> None:
    assert chosen(TABLE, {"clip": {"lower": 0.5, "upper": 3}}, "step")([1.0]) == [1.0, 0.5, 3]
    assert chosen(TABLE, {"clip": {}}, "step")([1.0]) == [1.0, 0.0, None]
    with pytest.raises(SpecError, match="step 'clop' does not exist"):
        chosen(TABLE, {"clop": {}}, "step")


class Step(Block):
    one: Choice = Field(default={"clip": {}})
    many: Choices = Field(default={"clip": {}}, min_length=1)
    because: Why = "it is so"


@pytest.mark.parametrize("one", ["clip", {"clip": None}, {"clip": {}}])
def test_a_name_alone_and_no_options_are_none_given(one: Any) -> None:
    assert Step(one=one).one == {"clip": {}}


def test_several_are_named_in_order_each_with_its_options() -> None:
    block = Step.model_validate({"many": {"b": None, "a": {"n": 1}}})
    assert list(block.many.items()) == [("b", {}), ("a", {"n": 1})]


@pytest.mark.parametrize(
    "block", [{"one": {}}, {"one": {"a": {}, "b": {}}}, {"one": 3}, {"many": {}}, {"many": "clip"}]
)
def test_what_is_no_choice_is_refused(block: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Step.model_validate(block)


def test_the_schema_says_what_yaml_may_say() -> None:
    properties = Step.model_json_schema()["properties"]
    assert {entry.get("type") for entry in properties["one"]["anyOf"]} == {"string", "object"}
    options = properties["many"]["additionalProperties"]["anyOf"]
    assert {entry.get("type") for entry in options} == {"object", "null"}


def test_a_block_never_changes() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Step().because = "it is not"
