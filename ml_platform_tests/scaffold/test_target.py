"""The task follows from the target's values, unless it is stated; what nothing can be learned from is refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from ml_platform.errors import DataError, SpecError
from ml_platform.scaffold.profile import profile_columns
from ml_platform.scaffold.target import InferredTarget, infer_target
from ml_platform.task import Task
from ml_platform_tests.scaffold.shop import infer

TARGETS: dict[str, tuple[list[Any], str]] = {
    "two words": (["a", "b", "b", "b"], "binary"),
    "zero and one": ([0, 1, 1, 0], "binary"),
    "true and false": ([True, False, False, True], "binary"),
    "numbered classes": ([0, 1, 2, 2], "multiclass"),
    "words": (["x", "y", "z", "z"], "multiclass"),
    "whole amounts": ([3, 17, 250, 4_000], "regression"),
    "numbers": ([0.5, 1.5, 2.25, 9.0], "regression"),
    "two halves": ([0.5, 1.5, 1.5, 0.5], "binary"),
}


@pytest.mark.parametrize("case", TARGETS)
def test_the_task_follows_from_the_target(tmp_path: Path, case: str) -> None:
    values, task = TARGETS[case]
    frame = pd.DataFrame({"x": np.random.default_rng(0).random(200), "y": values * 50})
    assert infer(tmp_path, frame, "y").target.task == task


def inferred(values: list[Any], stated: Task | None = None) -> InferredTarget:
    return infer_target(profile_columns(pa.table({"y": values}))["y"], stated)


@pytest.mark.parametrize(
    ("values", "positive"),
    [
        ([True] * 40 + [False] * 60, True),
        ([0] * 40 + [1] * 60, 1),
        ([2.5] * 60 + [1.5] * 40, 2.5),
        (["yes"] * 60 + ["no"] * 40, "yes"),
        (["Late"] * 60 + ["punctual"] * 40, "Late"),
        (["a"] * 60 + ["b"] * 40, "b"),
    ],
)
def test_the_positive_value_is_said_by_its_name_its_size_or_its_rarity(values: list[Any], positive: Any) -> None:
    found = inferred(values)
    assert (found.task, found.positive, type(found.positive)) == ("binary", positive, type(positive))


def test_a_stated_task_wins() -> None:
    numbered = [0, 1, 2] * 40
    assert inferred(numbered).task == "multiclass"
    assert inferred(numbered).classes == (0, 1, 2)
    assert inferred(numbered, "regression").task == "regression"
    assert inferred(numbered, "regression").reason == "as stated"


@pytest.mark.parametrize(
    ("values", "stated", "kind", "message"),
    [
        (["a"] * 90, None, DataError, "has the one value 'a'"),
        ([0] * 90, None, DataError, "has the one value 0"),
        ([pd.Timestamp("2023-01-01"), pd.Timestamp("2023-01-02")] * 40, None, DataError, "holds times"),
        ([0, 1, 2] * 40, "binary", SpecError, "has 3 values; task 'binary' needs two"),
        ([0, 1] * 40, "multiclass", SpecError, "has 2 values; task 'multiclass' needs 3 to 50"),
        (["a", "b"] * 40, "regression", SpecError, "is of type string; task 'regression' needs numbers"),
        (["a"] * 29 + ["b"] * 90, None, DataError, "the value 'a' is there 29 times"),
    ],
)
def test_a_target_that_does_not_do_is_refused(values: list[Any], stated: Any, kind: type, message: str) -> None:
    with pytest.raises(kind, match=message):
        inferred(values, stated)
