"""Each rule on a table as a whole is found to hold where it holds, and broken, with exact counts, where it does not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.contract import CheckResult, ValidationResult
from ml_platform.contract.table_rule import OPERATORS, Limit, TableRule
from ml_platform.contract.validation import validate
from ml_platform.errors import ContractError
from ml_platform_tests.contract.rejected import (
    NULLS,
    Change,
    assert_rejected,
    column,
    table,
)
from ml_platform_tests.contract.small import things

# Great Expectations imports modules of the standard library that are on their way out
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")
NOW = datetime(2026, 1, 10, tzinfo=UTC)
TEXT: dict[str, Any] = {"name": "x", "logicalType": "string"}
NUMBER: dict[str, Any] = {"name": "n", "logicalType": "integer"}
TIME: dict[str, Any] = {"name": "at", "logicalType": "timestamp", "logicalTypeOptions": {"timezone": True}}
OTHER = pd.DataFrame({"code": ["a", "b", None], "year": [1, 2, 3]})


def frame(**columns: list[Any]) -> pd.DataFrame:
    """Return 10 rows that keep every rule below but for what is given."""
    days = pd.date_range("2026-01-01", periods=10, tz="UTC")
    right = {"x": [*"abababab", None, "b"], "n": list(range(10)), "at": days}
    return pd.DataFrame({**right, **columns})


def validated(folder: Path, data: pd.DataFrame, **stated: Any) -> ValidationResult:
    columns = [{**TEXT, **stated.pop("x", {})}, {**NUMBER, **stated.pop("n", {})}, TIME]
    contract = things(folder, *columns, **stated)
    return validate(contract, data, file="things.parquet", references={"codes": OTHER}, now=NOW)


def only(validation: ValidationResult) -> CheckResult:
    """Return the check_result of the one rule that is not made of the platform's own accord."""
    own = {"schema", "row_count", "quarantine_share", "column_x", "column_n", "column_at"}
    (found,) = (check_result for check_result in validation.check_results if check_result.check not in own)
    return found


def metric(name: str, **words: Any) -> dict[str, Any]:
    return {"quality": [{"metric": name, **words}]}


def sql(query: str, **words: Any) -> dict[str, Any]:
    return {"table": {"quality": [{"type": "sql", "query": query, **words}]}}


def custom(name: str, **kwargs: Any) -> dict[str, Any]:
    implementation = {"type": name, "kwargs": kwargs}
    return {"table": {"quality": [{"type": "custom", "engine": "greatExpectations", "implementation": implementation}]}}


def reference(*sources: str, to: list[str], share: float | None = None) -> dict[str, Any]:
    stated: dict[str, Any] = {"from": [f"things.{one}" for one in sources], "to": [f"codes.{one}" for one in to]}
    if share is not None:
        stated["customProperties"] = [{"property": "minMatchedShare", "value": share}]
    return {"table": {"relationships": [stated]}}


def service_level(name: str, **words: Any) -> dict[str, Any]:
    return {"slaProperties": [{"property": name, "element": "things.at", **words}]}


MISSING = {"missingValues": ["", "N/A", None]}
VALID = {"validValues": ["a", "b"]}
CASES: dict[str, tuple[dict[str, Any], pd.DataFrame, int, pd.DataFrame, int, str]] = {
    # rule: what is stated, data that holds and its count, data that does not and its count, words of the message
    "nulls in rows": (
        {"x": metric("nullValues", mustBeLessThan=2)}, frame(), 1,
        frame(x=[None] * 4 + ["a"] * 6), 4, "4 of 10",
    ),
    "nulls in percent": (
        {"x": metric("nullValues", unit="percent", mustBeBetween=[5, 10])},
        frame(), 1, frame(x=["a"] * 10), 0, "0 of 10 values of x are missing (0%, must be between 5 and 10 percent)",
    ),
    "missing values": (
        {"x": metric("missingValues", arguments=MISSING, mustBeLessOrEqualTo=1)},
        frame(), 1, frame(x=["", "N/A", None, *"abababa"]), 3,
        "3 of 10 values of x are missing (must be at most 1): row 0: ''",
    ),
    "invalid values": (
        {"x": metric("invalidValues", arguments=VALID, unit="percent", mustBeLessOrEqualTo=10)},
        frame(x=[*"ababababa", "c"]), 1, frame(x=[*"abababab", "c", "d"]), 2, "row 8: 'c', row 9: 'd'",
    ),
    "invalid by set and by pattern": (
        {"x": metric("invalidValues", arguments={"validValues": ["a", "b", "cc"], "pattern": "^.$"}, mustBeLessThan=2)},
        frame(x=[*"ababababa", "cc"]), 1, frame(x=[*"abababab", "cc", "d"]), 2, "2 of 10",
    ),
    "duplicate values": (
        {"n": metric("duplicateValues", mustBeLessThan=2)},
        frame(n=[0, 0, 0, 3, 4, 5, 6, 7, 8, 9]), 3,
        frame(n=[0, 0, 0, 3, 3, 5, 6, 7, 8, 9]), 5, "2 values of n are there",
    ),
    "unique": (
        {"n": {"unique": True}}, frame(n=[None, None, *range(8)]), 0,
        frame(n=[1, 1, *range(2, 10)]), 2, "row 0: 1",
    ),
    "duplicates of several columns": (
        {"table": metric("duplicateValues", arguments={"properties": ["x", "n"]}, mustBe=0)},
        frame(n=[0] * 8 + [1, 1], x=[*"abcdefgh", "a", "b"]), 0,
        frame(n=[0] * 10, x=[*"abcdefgh", "a", "b"]), 4, "2 values of x, n",
    ),
    "rows": (
        {"table": metric("rowCount", mustNotBeBetween=[3, 5])}, frame(), 0, frame().head(4), 0, "there are 4 rows",
    ),
    "a query": (
        sql("SELECT count(*) FROM ${table} WHERE n < 0", mustBe=0),
        frame(), 0, frame(n=[-1, -2, *range(8)]), 0, "yields 2, which must be 0",
    ),
    "a query on a column": (
        {"n": {"quality": [{"type": "sql", "query": "SELECT max({property}) FROM {object}", "mustBeLessThan": 10}]}},
        frame(), 0, frame(n=[10, *range(9)]), 0, "yields 10, which must be below 10",
    ),
    "a query that yields text": (
        sql("SELECT min(x) FROM things", mustBe="a"), frame(), 0, frame(x=["A"] * 10), 0, "yields 'A', which must be a",
    ),
    "a query of another table": (
        sql("SELECT count(*) FROM ${table} JOIN codes ON x = code", mustBeGreaterThan=8),
        frame(), 0, frame(x=["c"] * 10), 0, "yields 0",
    ),
    "a query of no value": (
        sql("SELECT max(n) FROM ${table} WHERE n > 8", mustBeLessThan=10), frame(), 0, frame(n=[0] * 10), 0, "missing",
    ),
    "an expectation": (
        custom("expect_column_sum_to_be_between", column="n", max_value=45),
        frame(), 0, frame(n=[1, *range(1, 10)]), 0, "observed 46",
    ),
    "an expectation of rows": (
        custom("ExpectColumnValuesToNotMatchRegex", column="x", regex="^b", mostly=0.4),
        frame(x=["a"] * 4 + ["b"] * 6), 6, frame(x=["a"] * 3 + ["b"] * 7), 7,
        "7 rows break it (row 3, row 4, row 5, ...)",
    ),
    "an expectation of the table's shape": (
        custom("expect_table_column_count_to_equal", value=3), frame(), 0, frame().drop(columns="n"), 0, "observed 2",
    ),
    "a reference": (
        reference("x", to=["code"]), frame(), 0,
        frame(x=[*"ababababa", "c"]), 1, "9 of 10 values of x are in code of codes",
    ),
    "a reference to a share": (
        reference("x", to=["code"], share=0.8), frame(x=[*"abababab", "c", "d"]), 2,
        frame(x=[*"abababa", "c", "d", None]), 2,
        "7 of 9 values of x are in code of codes (77.8%, at least 80%); not there: row 7: 'c'",
    ),
    "a reference of two columns": (
        reference("x", "n", to=["code", "year"]), frame(x=[*"ab", *[None] * 8], n=[1, 2, *range(8)]), 0,
        frame(x=[*"ab", *[None] * 8], n=[1, 1, *range(8)]), 1, "row 1: 'b', 1",
    ),
    "freshness": (
        service_level("freshness", value=1, unit="d"), frame(), 0,
        frame(at=list(pd.date_range("2025-12-30", periods=10, tz="UTC"))), 0, "2 days before 2026-01-10",
    ),
    "latency": (
        service_level("latency", value="PT24H"), frame(), 0,
        frame(at=list(pd.date_range("2025-12-30", periods=10, tz="UTC"))), 0, "at most 1 day allowed",
    ),
    "frequency": (
        service_level("frequency", value=24, unit="h"), frame(), 0,
        frame(at=[*pd.date_range("2026-01-01", periods=9, tz="UTC"), pd.Timestamp("2026-02-01", tz="UTC")]),
        1, "the longest from 2026-01-09 00:00:00+00:00 to 2026-02-01",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_rule_holds_or_is_broken_with_exact_counts(name: str, tmp_path: Path) -> None:
    stated, holding, n_holding, breaking, n_breaking, words = CASES[name]
    held, broken = only(validated(tmp_path, holding, **stated)), only(validated(tmp_path, breaking, **stated))
    assert (held.passed, held.n_failed) == (True, n_holding), held.message
    assert (broken.passed, broken.n_failed) == (False, n_breaking), broken.message
    assert words in broken.message
    assert "contract_things.yaml" in broken.message
    assert "things.parquet" in broken.message


def test_every_kind_of_rule_has_a_case(tmp_path: Path) -> None:
    kinds = {type(things(tmp_path, *_columns(dict(stated)), **_rest(stated)).rules[0]) for stated, *_ in CASES.values()}
    assert kinds == set(TableRule.__subclasses__())


def _columns(stated: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**TEXT, **stated.get("x", {})}, {**NUMBER, **stated.get("n", {})}, TIME]


def _rest(stated: dict[str, Any]) -> dict[str, Any]:
    return {word: value for word, value in stated.items() if word not in ("x", "n")}


@pytest.mark.parametrize("name", CASES)
def test_no_rule_passes_without_rows_or_without_its_columns(name: str, tmp_path: Path) -> None:
    stated = CASES[name][0]
    assert not only(validated(tmp_path, frame().head(0), **stated)).passed
    contract = things(tmp_path, *_columns(stated), **_rest(stated))
    absent = frame().drop(columns=list(contract.rules[0].reads))
    if len(absent.columns) < 3:
        found = only(validate(contract, absent, file="things.parquet", references={"codes": OTHER}, now=NOW))
        assert not found.passed
        assert "could not be read" in found.message


def test_a_warning_is_reported_and_does_not_block(tmp_path: Path) -> None:
    warned = {"x": metric("invalidValues", arguments=VALID, mustBe=0, severity="warning")}
    validation = validated(tmp_path, frame(x=["c"] * 10), **warned)
    (found,) = validation.warnings
    assert (found.check, found.severity, found.n_failed) == ("rule_x_invalidValues", "warning", 10)
    assert validation.passed
    assert validation.n_quarantined == 0
    assert not validation.failures
    blocking = validated(tmp_path, frame(x=["c"] * 10), x=metric("invalidValues", arguments=VALID, mustBe=0))
    assert not blocking.passed
    assert blocking.n_quarantined == 10


def test_what_a_contract_needs_and_is_not_given_is_an_error(tmp_path: Path) -> None:
    refers = things(tmp_path, TEXT, **reference("x", to=["code"]))
    assert refers.referenced_tables == ("codes",)
    with pytest.raises(ContractError, match=r"contract_things\.yaml: needs table 'codes'.*Did you mean 'code'"):
        validate(refers, frame()[["x"]], file="things.parquet", references={"code": OTHER})
    with pytest.raises(ContractError, match=r"table 'codes' has no column 'code'.*Did you mean 'codes'"):
        validate(
            refers, frame()[["x"]], file="things.parquet", references={"codes": OTHER.rename(columns={"code": "codes"})}
        )
    fresh = things(tmp_path, TIME, **service_level("freshness", value=1))
    for now in (None, datetime(2026, 1, 1)):  # the second has no zone: it is no moment
        with pytest.raises(ContractError, match="needs the time now"):
            validate(fresh, frame()[["at"]], file="things.parquet", now=now)


def test_the_result_is_by_the_time_that_is_given_not_by_the_clock(tmp_path: Path) -> None:
    contract = things(tmp_path, TIME, **service_level("freshness", value=1))
    for days, passed in ((1, True), (2, False)):
        now = NOW + timedelta(days=days)
        assert only(validate(contract, frame()[["at"]], file="things.parquet", now=now)).passed == passed


MEASURED = st.one_of(st.integers(-3, 3), st.floats(-3, 3))


@given(found=MEASURED, low=MEASURED, high=MEASURED)
def test_each_operator_is_the_opposite_of_its_negation(found: float, low: float, high: float) -> None:
    opposites = {
        "mustBe": "mustNotBe",
        "mustBeGreaterThan": "mustBeLessOrEqualTo",
        "mustBeLessThan": "mustBeGreaterOrEqualTo",
        "mustBeBetween": "mustNotBeBetween",
    }
    assert {*opposites, *opposites.values()} == set(OPERATORS)
    for operator, opposite in opposites.items():
        values = (low, high) if operator.endswith("Between") else (low,)
        assert Limit(operator, values).holds(found) != Limit(opposite, values).holds(found)
    inside = Limit("mustBeGreaterOrEqualTo", (low,)).holds(found) and Limit("mustBeLessOrEqualTo", (high,)).holds(found)
    assert Limit("mustBeBetween", (low, high)).holds(found) == inside
    assert not Limit("mustBeLessThan", (low,)).holds("text")


REJECTED: dict[str, tuple[Change, list[str]]] = {
    "a severity": (
        column("amount", quality=[{**NULLS, "mustBeLessOrEqualTo": 5, "severity": "warn"}]),
        ["column 'amount'", "no severity 'warn'", "Did you mean 'warning'?"],
    ),
    "two operators": (
        column("amount", quality=[{**NULLS, "mustBe": 0, "mustBeLessOrEqualTo": 5}]),
        ["one operator", "mustBe, mustBeLessOrEqualTo"],
    ),
    "bounds the wrong way round": (
        table(quality=[{"metric": "rowCount", "mustBeBetween": [9, 3]}]),
        ["rowCount", "smaller number first"],
    ),
    "a limit that is text": (
        column("amount", quality=[{"metric": "nullValues", "mustBe": "none"}]),
        ["column 'amount', nullValues", "must be a number, not 'none'"],
    ),
}


@pytest.mark.parametrize("name", REJECTED)
def test_what_cannot_be_run_is_rejected_at_load_with_file_place_and_guess(name: str, tmp_path: Path) -> None:
    assert_rejected(tmp_path, *REJECTED[name])
