"""A target that does not fit its task, or its column's contract, is rejected where the YAML is read."""

import pytest

from ml_platform.errors import SpecError
from ml_platform.features.target import Target, resolve_target
from ml_platform.task import Task

WHERE = "column 'y' in contract_t.yaml"


def target(**says: object) -> Target:
    return Target.model_validate({"column": "y", **says})


@pytest.mark.parametrize(
    ("task", "says", "words"),
    [
        ("binary", {"classes": ["a", "b", "c"]}, ["'classes'", "'binary'", "'greater_than' or 'positive'"]),
        ("multiclass", {"positive": "yes"}, ["'positive'", "'multiclass'", "Did you mean 'task: binary'?"]),
        ("regression", {"greater_than": 1}, ["'greater_than'", "nothing but the column", "'task: binary'"]),
        ("regression", {"classes": ["a", "b", "c"]}, ["Did you mean 'task: multiclass'?"]),
    ],
)
def test_a_target_of_another_task_is_refused_with_a_guess(
    task: Task, says: dict[str, object], words: list[str]
) -> None:
    with pytest.raises(SpecError) as caught:
        target(**says).validate_task(task)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("task", "says", "logical_type", "allowed", "message"),
    [
        (
            "regression",
            {},
            "string",
            None,
            "a regression needs a number, but column 'y' in contract_t.yaml is .* string",
        ),
        ("binary", {"greater_than": 3}, "string", None, "'greater_than: 3' needs a number"),
        ("binary", {}, "integer", None, "say which value is 'positive'"),
        ("binary", {"positive": True}, "string", None, r"names True, a bool, .* logicalType string.* in quotes"),
        ("binary", {"positive": "1"}, "integer", None, "names '1', a str"),
        ("binary", {"positive": True}, "integer", None, "names True, a bool"),
        ("binary", {"positive": "Yes"}, "string", ("yes", "no"), "not in the set .*Did you mean 'yes'"),
        ("multiclass", {}, "string", None, "no set to take them from"),
        ("multiclass", {}, "string", ("a", "b"), "a set of 2"),
        ("multiclass", {"classes": ["a", "b", "x"]}, "string", ("a", "b", "c"), "'classes' names 'x'"),
        ("multiclass", {"classes": ["a", "b", "c"]}, "string", ("a", "b", "c", "d"), "may also hold d"),
    ],
)
def test_what_the_contract_excludes_is_refused(
    task: Task, says: dict[str, object], logical_type: str, allowed: tuple[str, ...] | None, message: str
) -> None:
    with pytest.raises(SpecError, match=message):
        resolve_target(target(**says), task, logical_type, allowed, WHERE)


def test_the_contract_says_what_the_target_leaves_out() -> None:
    assert resolve_target(target(), "binary", "boolean", None, WHERE).positive is True
    assert resolve_target(target(), "multiclass", "string", ("c", "a", "b"), WHERE).classes == ("c", "a", "b")
    stated = target(classes=["b", "a", "c"])
    assert resolve_target(stated, "multiclass", "string", ("c", "a", "b"), WHERE).classes == ("b", "a", "c")
    assert resolve_target(target(), "regression", "integer", None, WHERE) == target()


def test_rare_values_are_merged_or_dropped_and_the_rest_are_the_classes() -> None:
    stated = target(merge={"other": ["c", "d"]}, drop_values=["e"])
    found = resolve_target(stated, "multiclass", "string", ["a", "b", "c", "d", "e"], WHERE)
    assert found.classes == ("a", "b", "other")
    with pytest.raises(SpecError, match=r"'merge or drop_values' names 'x'"):
        resolve_target(target(merge={"other": ["x"]}), "multiclass", "string", ["a", "b", "c"], WHERE)


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ({"merge": {"o": ["a"]}, "drop_values": ["a"]}, "merged or dropped twice: a"),
        ({"classes": ["a", "b", "c"], "drop_values": ["a"]}, "both a class and merged or dropped: a"),
    ],
)
def test_a_value_has_one_fate(says: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        target(**says)


def test_values_of_a_number_are_neither_merged_nor_dropped() -> None:
    with pytest.raises(SpecError, match="'merge' is for task 'multiclass'"):
        target(merge={"o": ["a"]}).validate_task("binary")
    with pytest.raises(SpecError, match="'drop_values' is for classes"):
        target(drop_values=[1]).validate_task("regression")
