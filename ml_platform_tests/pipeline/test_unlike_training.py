"""Values that training has not seen are told by feature, with what it has seen and what there is instead."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ml_platform.pipeline.unlike_training import UnlikeTraining, _describe, unlike_training
from ml_platform_tests.loop import Loop

BETWEEN, IN_SET, NOT_NULL = (f"ExpectColumnValuesTo{what}" for what in ("BeBetween", "BeInSet", "NotBeNull"))


@pytest.mark.parametrize(
    ("expectation", "arguments", "values", "seen", "found"),
    [
        (BETWEEN, {"min_value": 1.0, "max_value": 5.0}, [0.5, 3.0, np.nan, 9.0], "1 … 5", "0.5 … 9"),
        (IN_SET, {"value_set": ["a", "b"]}, ["c", "a", "c", None], "2 values", "'c' (2)"),
        (IN_SET, {"value_set": ["a"]}, list("bbcdef"), "1 values", "'b' (2), 'c' (1), 'd' (1) and 2 more"),
        (NOT_NULL, {}, [1.0, np.nan], "no missing values", "missing (1)"),
    ],
)
def test_each_kind_of_rule_says_what_is_new(
    expectation: str, arguments: dict[str, object], values: list[object], seen: str, found: str
) -> None:
    rule = {"expectation": expectation, "arguments": {"column": "x", **arguments}, "n_failed": 2}
    told = _describe(rule, pd.DataFrame({"x": values}), hidden=False)
    assert told == UnlikeTraining("x", 2, seen, found)


def test_of_a_personal_feature_no_value_is_shown() -> None:
    rule = {"expectation": IN_SET, "arguments": {"column": "x", "value_set": ["Anna"]}, "n_failed": 1}
    told = _describe(rule, pd.DataFrame({"x": ["Anna", "Bert"]}), hidden=True)
    assert "Anna" not in repr(told)
    assert "Bert" not in repr(told)
    assert told.found.startswith("#")


def test_nothing_is_told_of_rows_like_the_training(loop: Loop) -> None:
    assert unlike_training(loop.model, loop.stores, None) == (569, [])
