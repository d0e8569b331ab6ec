"""Shares of missing values are counted, and ``$`` is the end of a text."""

import re

import pandas as pd
import polars as pl
import pytest

from ml_platform.contract.odcs.options import FORMATS
from ml_platform.contract.rules import Pattern, null_share_expectation, row_expectation, to_the_end
from ml_platform.contract.validation.engine import run

UUID = "123e4567-e89b-12d3-a456-426614174000"


def test_as_many_values_as_the_bound_says_may_be_missing_and_not_one_more() -> None:
    """1 - 0.58 is not 0.42 to a computer."""
    for percentage in range(100):
        columns = {"at": [None] * percentage + [1] * (100 - percentage)}
        columns["over"] = [None] * (percentage + 1) + [1] * (99 - percentage)
        frame = pl.DataFrame(columns, schema={"at": pl.Int64, "over": pl.Int64}).lazy()
        expectations = [null_share_expectation(name, percentage / 100, 100) for name in columns]
        assert [result.passed for result in run(frame, expectations)] == [True, False], percentage


@pytest.mark.parametrize(
    ("rule", "right"), [(Pattern("^[a-z]+$"), "abc"), (Pattern(r"^a$|^b\$$"), "b$"), (Pattern(FORMATS["uuid"]), UUID)]
)
def test_a_line_end_after_the_end_breaks_a_pattern(rule: Pattern, right: str) -> None:
    frame = pl.DataFrame({"x": [right, f"{right}\n", right, f"{right}!"]}).lazy()
    (result,) = run(frame, [row_expectation("x", rule)])
    assert result.rows == (1, 3)


def test_no_format_takes_a_line_end() -> None:
    right = {"byte": "aGVsbG8=", "email": "a@b.org", "hostname": "a.b", "ipv4": "1.2.3.4", "ipv6": "::1"}
    right |= {"uri": "urn:x", "uuid": UUID}
    assert right.keys() == FORMATS.keys()
    for name, text in right.items():
        regex = to_the_end(FORMATS[name])
        assert re.search(regex, text)
        assert not re.search(regex, f"{text}\n")


@pytest.mark.parametrize("regex", [r"[$]", r"\$", r"[^$a]", r"[]$]", r"\\\$", r"[\]$]"])
def test_a_dollar_that_is_a_letter_stays_one(regex: str) -> None:
    assert to_the_end(regex) == regex
    values = pd.Series(["$", "a$b", "]", "\\$", "x"])
    assert values.str.contains(to_the_end(regex)).equals(values.str.contains(regex))
