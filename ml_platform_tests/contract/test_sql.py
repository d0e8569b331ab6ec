"""A query is one SELECT on known columns, and reaches nothing but the tables that it is given."""

from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from ml_platform.contract import Contract
from ml_platform.contract.sql import SqlRule, run_query
from ml_platform.contract.validation import validate
from ml_platform.errors import ContractError
from ml_platform_tests.contract.rejected import (
    COUNTED,
    Change,
    assert_rejected,
    query,
    table,
)
from ml_platform_tests.contract.small import things

TABLE = pa.table({"x": [1, 2, None]})


def rule(folder: Path, text: str, column: str | None = None) -> SqlRule:
    """Return the one rule of a contract, on the table or on a column."""
    stated = {"type": "sql", "query": text, "mustBe": 1}
    columns = [{"name": "x", "logicalType": "integer"}, {"name": 'a "b"', "logicalType": "string"}]
    if column:
        columns = [{**one, "quality": [stated]} if one["name"] == column else one for one in columns]
    contract: Contract = things(folder, *columns, table={} if column else {"quality": [stated]})
    (found,) = contract.rules
    assert isinstance(found, SqlRule)
    return found


def test_placeholders_are_names_of_the_contract_quoted(tmp_path: Path) -> None:
    assert rule(tmp_path, "SELECT count(*) FROM ${table}").query == 'SELECT count(*) FROM "things"'
    assert rule(tmp_path, "SELECT max({column}) FROM {model}", "x").query == 'SELECT max("x") FROM "things"'
    assert (
        rule(tmp_path, 'SELECT max("${field}") FROM {object}', 'a "b"').query == 'SELECT max("a ""b""") FROM "things"'
    )


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        ("SELECT count(*) FROM things", ()),
        ("SELECT count(*) FROM things JOIN b USING (x) WHERE x IN (SELECT x FROM a)", ("a", "b")),
        ("WITH a AS (SELECT x FROM things) SELECT max(x) FROM a", ()),
        ("WITH a AS (SELECT x FROM c) SELECT max(x) FROM a JOIN things USING (x)", ("c",)),
    ],
)
def test_the_other_tables_that_a_query_reads_are_known(text: str, tables: tuple[str, ...], tmp_path: Path) -> None:
    assert rule(tmp_path, text).tables == tables


def test_a_query_yields_one_value() -> None:
    assert run_query("SELECT max(x) FROM things", {"things": TABLE}) == 2
    assert run_query("SELECT max(x) FROM things WHERE x > 5", {"things": TABLE}) is None
    decimals = pa.table({"x": pa.array([Decimal("0.10")], pa.decimal128(5, 2))})
    assert run_query("SELECT max(x) FROM things", {"things": decimals}) == 0.1
    for text in ("SELECT x FROM things", "SELECT 1, 2", "SELECT x FROM things WHERE x > 5"):
        with pytest.raises(ContractError, match="must yield one value"):
            run_query(text, {"things": TABLE})


def test_one_query_sees_nothing_of_another() -> None:
    run_query("SELECT count(*) FROM things", {"things": TABLE})
    with pytest.raises(ContractError, match=r"could not be run: .*things"):
        run_query("SELECT count(*) FROM things", {})


@pytest.mark.parametrize("text", ["SELECT * FROM read_csv('/etc/hostname')", "SET threads = 2", "INSTALL httpfs"])
def test_nothing_outside_is_reached_and_no_setting_changed(text: str) -> None:
    with pytest.raises(ContractError, match="could not be run"):
        run_query(text, {})


def test_times_are_in_utc() -> None:
    assert run_query("SELECT current_setting('TimeZone')", {}) == "UTC"


REJECTED: dict[str, tuple[Change, list[str]]] = {
    "SQL that is none": (query("SELCT 1"), ["table 'orders', sql", "syntax error", "SELCT"]),
    "SQL that writes": (query("DELETE FROM ${table}"), ["table 'orders', sql", "Only SELECT"]),
    "two queries": (query("SELECT 1; SELECT 2"), ["must be one SELECT, found 2"]),
    "an unknown column in SQL": (query("SELECT max(lin) FROM ${table}"), ["table 'orders', sql", "lin", "line"]),
    "an unknown placeholder": (query("SELECT 1 FROM ${tabel}"), ["'${tabel}'", "Did you mean 'table'?"]),
    "a file in SQL": (query("SELECT count(*) FROM read_csv('/etc/passwd')"), ["table 'orders', sql", "file system"]),
    "SQL without a limit": (table(quality=[COUNTED, {"type": "sql", "query": "SELECT 1"}]), ["needs one operator"]),
}


@pytest.mark.parametrize("name", REJECTED)
def test_what_cannot_be_run_is_rejected_at_load_with_file_place_and_guess(name: str, tmp_path: Path) -> None:
    assert_rejected(tmp_path, *REJECTED[name])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SELECT max(email) FROM people", False),
        ("SELECT any_value(mail) FROM (SELECT email AS mail FROM people)", False),
        ("WITH a AS (SELECT * FROM people) SELECT max(mail) FROM a AS b(mail, age)", False),
        ("SELECT max(COLUMNS('em.*')) FROM people", False),
        ("SELECT max(CAST(email AS INTEGER)) FROM people", False),
        ("SELECT max(age) FROM people", True),
        ("SELECT count(*) FROM people WHERE email LIKE '%anna%'", True),
    ],
)
def test_what_a_query_yields_of_a_personal_column_is_not_told(tmp_path: Path, text: str, told: bool) -> None:
    columns = [{"name": "email", "logicalType": "string"}, {"name": "age", "logicalType": "integer"}]
    quality = [{"type": "sql", "query": text, "mustBe": 17}]
    frame = pd.DataFrame({"email": ["anna@example.org"], "age": [40]})
    for classification in ("public", "personal"):
        stated = [{**columns[0], "classification": classification}, columns[1]]
        contract = things(tmp_path, *stated, table={"name": "people", "quality": quality})
        (result,) = validate(contract, frame, file="people.parquet").failures
        assert ("anna" in result.message or "40" in result.message or "yields 1," in result.message) is (
            told or classification == "public"
        )
