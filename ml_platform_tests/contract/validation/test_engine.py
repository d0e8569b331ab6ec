"""Both engines give the same results: counted in one pass, and Great Expectations' own on pandas."""

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from hypothesis import HealthCheck, given, note, seed, settings
from hypothesis import strategies as st

from ml_platform.contract.odcs.options import FORMATS
from ml_platform.contract.result import Expectation
from ml_platform.contract.rules import (
    Length,
    NoneOf,
    OneOf,
    Pattern,
    Range,
    Required,
    null_share_expectation,
    row_count_expectation,
    row_expectation,
    true_expectation,
    unique_expectation,
)
from ml_platform.contract.validation.engine import count, run, run_on_pandas

SEED = 2013
NOON = datetime(2013, 3, 10, 12, tzinfo=UTC)
EXPECTATIONS = [
    row_count_expectation(1, 5),
    null_share_expectation("number", 0.25, 8),
    unique_expectation(("whole",)),
    unique_expectation(("whole", "text")),
    true_expectation("flag"),
    *(row_expectation(name, Required()) for name in ("number", "text", "at")),
    row_expectation("number", Range(0, 10)),
    row_expectation("number", Range(-0.5, None, strict_minimum=True)),
    row_expectation("number", OneOf((1.5, 2))),
    row_expectation("whole", Range(None, 3, strict_maximum=True)),
    row_expectation("whole", Range(1.5, 2.5)),
    row_expectation("whole", NoneOf((2, 3))),
    row_expectation("text", Length(1, 2)),
    row_expectation("text", Pattern("^[a-c]+$")),
    row_expectation("text", Pattern(r"^(?!b)\w")),
    row_expectation("text", Pattern(FORMATS["email"])),
    row_expectation("text", OneOf(("a", "é"))),
    row_expectation("at", Range(NOON, None)),
    row_expectation("at", Range(None, NOON, strict_maximum=True)),
]
EARLIER, LATER = datetime(2013, 3, 10, 11, 59, 59, 999999, tzinfo=UTC), datetime(2014, 1, 1, tzinfo=UTC)
NUMBERS = st.sampled_from([None, -0.0, 0.0, -0.5, 1.5, 2.0, 10.0, 10.000001, float("nan"), float("inf")])
ROWS = st.lists(
    st.tuples(
        NUMBERS,
        st.integers(0, 4),
        st.sampled_from([None, "", "a", "ab", "b\n", "a\n", "é", "\U0001d4b3", "a@b.org", "cccc"]),
        st.sampled_from([None, True, False]),
        st.sampled_from([None, NOON, EARLIER, LATER]),
    ),
    min_size=1,
    max_size=8,
)


def table(rows: list[tuple]) -> pd.DataFrame:
    """Return rows as pandas has them."""
    columns = dict(zip(("number", "whole", "text", "flag", "at"), zip(*rows, strict=True), strict=True))
    return pd.DataFrame(
        {
            "number": pd.Series(columns["number"], dtype="float64"),
            "whole": pd.Series(columns["whole"], dtype="int64"),
            "text": pd.Series(columns["text"], dtype=object),
            "flag": pd.Series(columns["flag"], dtype=object),
            "at": pd.Series(columns["at"], dtype="datetime64[ns, UTC]").dt.tz_convert("America/New_York"),
        }
    )


def lazy(frame: pd.DataFrame) -> pl.LazyFrame:
    return pl.from_pandas(frame, nan_to_null=True).lazy()


@seed(SEED)
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(ROWS, st.lists(st.sampled_from(EXPECTATIONS), min_size=1, max_size=3))
def test_both_engines_give_the_same_results(rows: list[tuple], expectations: list[Expectation]) -> None:
    """Outcomes, failing rows and observed values, with missing values, NaN, duplicates, zones and line ends."""
    note(f"seed {SEED}")
    frame = table(rows)
    assert run(lazy(frame), expectations) == run_on_pandas(frame, expectations)


def test_every_rule_of_a_contract_is_counted_in_one_pass() -> None:
    """On a full row, none of them is left to the engine on pandas."""
    frame = table([(1.0, 1, "a", True, NOON)])
    assert count(lazy(frame), EXPECTATIONS).keys() == set(range(len(EXPECTATIONS)))


@pytest.mark.parametrize(
    ("values", "expectation"),
    [
        pytest.param(["a", "b"], row_expectation("x", Range(0, 1)), id="a range of strings"),
        pytest.param([1, 2], row_expectation("y", Required()), id="no such column"),
        pytest.param(
            [1, 2, 9],
            Expectation("ExpectColumnValuesToBeBetween", {"column": "x", "max_value": 5, "mostly": 0.5}),
            id="mostly",
        ),
        pytest.param([1, 2], Expectation("ExpectColumnMeanToBeBetween", {"column": "x", "max_value": 1}), id="a mean"),
        pytest.param([None, None], row_expectation("x", OneOf(("a",))), id="nothing but missing"),
    ],
)
def test_what_cannot_be_counted_has_a_result_all_the_same(values: list, expectation: Expectation) -> None:
    """By the library's own engine, errors included, beside others that are counted."""
    frame = pd.DataFrame({"x": values})
    expectations = [row_count_expectation(1, 10), expectation]
    assert run(lazy(frame), expectations) == run_on_pandas(frame, expectations)


def test_a_scanned_file_gives_the_results_of_its_frame(tmp_path: Path) -> None:
    """A caller with a file need not load it."""
    frame = table([(1.0, 1, "a", True, NOON), (None, 1, None, False, None), (11.0, 2, "zzz", None, NOON)])
    expectations = [*EXPECTATIONS, Expectation("ExpectColumnMeanToBeBetween", {"column": "number", "max_value": 1})]
    frame.to_parquet(tmp_path / "table.parquet")
    assert run(pl.scan_parquet(tmp_path / "table.parquet"), expectations) == run(lazy(frame), expectations)
