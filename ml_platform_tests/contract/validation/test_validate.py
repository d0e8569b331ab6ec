from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest

from ml_platform.contract import CheckResult, Column, Contract, ValidationResult, Window, load_contract
from ml_platform.contract.validation import validate
from ml_platform.contract.validation.types import typed
from ml_platform.errors import ContractError
from ml_platform_tests.contract import rejected
from ml_platform_tests.contract.frames import valid_frame
from ml_platform_tests.contract.small import orders, shipped, write

# Great Expectations imports modules of the standard library that are on their way out
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")
FILE = "data/raw/flights/2013-02.parquet"
FEBRUARY = Window("sched_dep_at", datetime(2013, 2, 1, 5, tzinfo=UTC), datetime(2013, 3, 1, 5, tzinfo=UTC))
YEAR = Window(
    "year", datetime(2016, 1, 1, 5, tzinfo=UTC), datetime(2017, 1, 1, 5, tzinfo=UTC), "%Y", "America/New_York"
)
N_ROWS = 200


@pytest.fixture(scope="module")
def flights() -> Contract:
    return shipped("flights")


@pytest.fixture
def frame(flights: Contract) -> pd.DataFrame:
    return valid_frame(flights, N_ROWS, 1, window=FEBRUARY)


def validated(contract: Contract, frame: pd.DataFrame, window: Window | None = FEBRUARY) -> ValidationResult:
    validation = validate(contract, frame, file=FILE, window=window)
    expected = contract.checks if window is None else contract.partitioned_checks
    assert [(one.check, one.column) for one in validation.check_results] == [(one.name, one.column) for one in expected]
    return validation


def check_result(validation: ValidationResult, check: str) -> CheckResult:
    (found,) = (one for one in validation.check_results if one.check == check)
    return found


def failed(validation: ValidationResult) -> list[str]:
    return [one.check for one in validation.failures]


@pytest.mark.parametrize(
    ("name", "window"), [("flights", FEBRUARY), ("weather", None), ("planes", None), ("employment", YEAR)]
)
def test_a_frame_that_holds_passes_every_shipped_contract(name: str, window: Window | None) -> None:
    contract = shipped(name)
    validation = validated(contract, valid_frame(contract, N_ROWS, 1, window=window), window)
    assert not validation.failures
    assert validation.passed
    assert validation.n_quarantined == 0


def test_a_renamed_column_stops_the_table_and_the_other_columns_are_still_checked(
    flights: Contract, frame: pd.DataFrame
) -> None:
    frame.loc[:99, "distance"] = 0
    validation = validated(flights, frame.rename(columns={"air_time": "air_tme"}))
    assert failed(validation) == ["schema", "quarantine_share", "column_air_time", "column_distance"]
    for check in ("schema", "column_air_time"):
        message = check_result(validation, check).message
        for text in ("contract_flights.yaml", "column 'air_time'", f"{FILE} (200 rows)", "Did you mean 'air_tme'?"):
            assert text in message
    assert "'air_tme'" in check_result(validation, "schema").message
    assert "100 of 200 rows" in check_result(validation, "column_distance").message


def test_a_missing_key_and_time_column_leave_nothing_unchecked_as_passed(
    flights: Contract, frame: pd.DataFrame
) -> None:
    validation = validated(flights, frame.drop(columns=["carrier", "sched_dep_at"]))
    assert failed(validation) == ["schema", "key", "column_carrier", "column_sched_dep_at", "partition"]
    assert check_result(validation, "schema").n_failed == 2


@pytest.mark.parametrize(
    ("column", "values", "words"),
    [
        ("flight", lambda old: old.astype(str), "expected an integer (row 0: '"),
        ("flight", lambda old: old + 0.5, "is float64, expected an integer"),
        ("carrier", lambda old: pd.Series(range(len(old))), "is int64, expected a string (row 0: 0)"),
        ("time_hour", lambda old: old.dt.tz_localize(None), "expected a timestamp with a time zone"),
        ("time_hour", lambda old: old.astype(str), "expected a timestamp"),
        ("distance", lambda old: old > 0, "is bool, expected an integer (row 0: True)"),
    ],
)
def test_a_retyped_column_stops_the_table(  # type: ignore[no-untyped-def]
    column: str, values, words: str, flights: Contract, frame: pd.DataFrame
) -> None:
    frame[column] = values(frame[column])
    validation = validated(flights, frame)
    assert {"schema", f"column_{column}"} <= set(failed(validation))
    assert words in check_result(validation, f"column_{column}").message
    assert f"column '{column}'" in check_result(validation, "schema").message
    assert f"{FILE} (200 rows)" in check_result(validation, "schema").message


def test_nulls_in_a_required_column_stop_the_table(flights: Contract, frame: pd.DataFrame) -> None:
    frame.loc[:59, "flight"] = np.nan
    validation = validated(flights, frame)
    assert failed(validation) == ["quarantine_share", "column_flight"]
    assert check_result(validation, "column_flight").message == (
        "contract_flights.yaml, column 'flight': 60 of 200 rows of data/raw/flights/2013-02.parquet "
        "must be quarantined (30%, at most 1%): must be present (row 0: missing, row 1: missing, row 2: missing, ...)."
    )


@pytest.mark.parametrize("missing", [np.nan, None])
def test_a_nullable_column_without_any_value_stops_the_table(
    missing: float | None, flights: Contract, frame: pd.DataFrame
) -> None:
    frame["arr_delay"] = missing
    frame["tailnum"] = missing
    frame["time_hour"] = pd.NaT
    validation = validated(flights, frame)
    assert failed(validation) == ["quarantine_share", "column_arr_delay", "column_tailnum", "column_time_hour"]
    assert "200 of 200 values of data/raw" in check_result(validation, "column_arr_delay").message
    assert "(100%, at most 10%)" in check_result(validation, "column_arr_delay").message


def test_an_empty_frame_fails_every_check_that_it_could_not_make(flights: Contract, frame: pd.DataFrame) -> None:
    validation = validated(flights, frame.head(0))
    assert set(failed(validation)) == {check.name for check in flights.partitioned_checks} - {"schema"}
    assert "has 0 rows, expected at least 1" in check_result(validation, "row_count").message
    assert len(validation.rejected) == 0


def test_a_frame_without_columns_fails(flights: Contract) -> None:
    assert not validated(flights, pd.DataFrame()).passed
    assert not validated(flights, pd.DataFrame(index=range(5))).passed


def test_too_few_and_too_many_rows_stop_the_table(flights: Contract, frame: pd.DataFrame) -> None:
    few = validated(replace(flights, min_rows=20_000), frame)
    assert failed(few) == ["row_count"]
    assert "data/raw/flights/2013-02.parquet has 200 rows, expected at least 20,000" in few.failures[0].message
    assert failed(validated(replace(flights, max_rows=199), frame)) == ["row_count"]


def test_a_shared_key_stops_the_table_and_shows_two_rows(flights: Contract, frame: pd.DataFrame) -> None:
    for column in flights.key:
        frame.loc[7, column] = frame.loc[3, column]
    validation = validated(flights, frame)
    assert failed(validation) == ["key"]
    message = check_result(validation, "key").message
    assert "2 of 200 rows of data/raw/flights/2013-02.parquet share their key (time_hour, carrier, flight)" in message
    assert f"rows 3 and 7 have time_hour = {frame.loc[3, 'time_hour']}, carrier = '" in message


def test_a_shared_key_of_one_column_stops_the_table() -> None:
    planes = shipped("planes")
    frame = valid_frame(planes, 20, 1)
    frame.loc[5:7, "tailnum"] = frame.loc[5, "tailnum"]
    validation = validated(planes, frame, None)
    assert failed(validation) == ["key"]
    assert "3 of 20 rows" in check_result(validation, "key").message


def test_a_value_out_of_range_is_quarantined_below_the_share_and_stops_the_table_above() -> None:
    weather = shipped("weather")
    frame = valid_frame(weather, 400, 1)
    frame.loc[9, "wind_speed"] = 1048.36
    validation = validated(weather, frame, None)
    assert validation.passed
    assert validation.n_quarantined == 1
    assert check_result(validation, "column_wind_speed").message == (
        "1 of 400 rows quarantined: wind_speed must be between 0 and 150 (row 9: 1048.36)."
    )
    frame.loc[10:11, "wind_speed"] = -1.0
    validation = validated(weather, frame, None)
    assert failed(validation) == ["quarantine_share", "column_wind_speed"]
    assert "3 of 400 rows of data/raw" in check_result(validation, "column_wind_speed").message
    assert "(0.75%, at most 0.5%)" in check_result(validation, "quarantine_share").message


def test_rows_set_aside_by_many_columns_count_together(flights: Contract, frame: pd.DataFrame) -> None:
    for row, column in enumerate(("distance", "hour", "minute")):
        frame.loc[row, column] = -1
    validation = validated(flights, frame)
    assert failed(validation) == ["quarantine_share"]
    assert "3 of 200 rows quarantined (1.5%, at most 1%)" in validation.failures[0].message


def test_values_of_mixed_types_are_quarantined_one_by_one(flights: Contract, frame: pd.DataFrame) -> None:
    frame["distance"] = frame["distance"].astype(object)
    frame["carrier"] = frame["carrier"].astype(object)
    frame.loc[0, ["distance", "carrier"]] = ["far", 7]
    frame.loc[1, "air_time"] = np.inf
    validation = validated(flights, frame)
    assert validation.passed
    assert validation.rejected.to_dict("list") == {
        "row": [0, 0, 1],
        "column": ["carrier", "distance", "air_time"],
        "reason": ["must be a string: 7", "must be an integer: 'far'", "must be a finite number: inf"],
    }


def test_rows_outside_the_partition_stop_the_table(flights: Contract, frame: pd.DataFrame) -> None:
    frame.loc[4, "sched_dep_at"] = pd.Timestamp(FEBRUARY.end)
    frame.loc[5, "sched_dep_at"] = pd.Timestamp(FEBRUARY.start) - pd.Timedelta(1, "ms")
    frame.loc[6, "sched_dep_at"] = pd.Timestamp(FEBRUARY.start)
    validation = validated(flights, frame)
    assert failed(validation) == ["partition"]
    assert "2 of 200 rows of data/raw/flights/2013-02.parquet have sched_dep_at outside [2013-02-01 05:00+0000" in (
        check_result(validation, "partition").message
    )
    assert "row 4: 2013-03-01 05:00:00+00:00" in check_result(validation, "partition").message


def test_years_are_read_in_the_time_zone_of_the_window() -> None:
    employment = shipped("employment")
    frame = valid_frame(employment, 50, 1, window=YEAR)
    frame.loc[3, "year"] = 2015
    validation = validated(employment, frame, YEAR)
    assert failed(validation) == ["partition"]
    assert "1 of 50 rows" in validation.failures[0].message
    assert "row 3: 2015" in validation.failures[0].message


def test_a_window_on_a_column_that_the_contract_does_not_have_is_rejected(
    flights: Contract, frame: pd.DataFrame
) -> None:
    window = replace(FEBRUARY, column="sched_dep")
    with pytest.raises(ContractError, match=r"contract_flights\.yaml has no column 'sched_dep'.*Did you mean"):
        validate(flights, frame, file=FILE, window=window)


def test_a_column_that_is_there_twice_or_not_in_the_contract_stops_the_table(tmp_path: Path) -> None:
    contract = orders(tmp_path)
    frame = valid_frame(contract, 20, 1)
    twice = pd.concat([frame, frame[["note"]]], axis="columns")
    assert failed(validated(contract, twice, None)) == ["schema", "column_note"]
    assert "is there 2 times" in validated(contract, twice, None).failures[0].message
    validation = validated(contract, frame.assign(extra=1), None)
    assert failed(validation) == ["schema"]
    assert "column 'extra' of data/raw/flights/2013-02.parquet (20 rows) is not in the contract" in (
        validation.failures[0].message
    )


def test_an_expectation_that_raises_fails_its_check(
    flights: Contract, frame: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    def let_through(column: Column, dtype: pl.DataType) -> pl.Expr | None:
        return pl.col("distance").cast(pl.String) if column.name == "distance" else typed(column, dtype)

    monkeypatch.setattr("ml_platform.contract.validation.table.typed", let_through)
    validation = validated(flights, frame)
    assert failed(validation) == ["column_distance"]
    assert "could not be checked in data/raw/flights/2013-02.parquet (200 rows)" in validation.failures[0].message


def test_the_same_frame_gives_the_same_result_whatever_its_index(flights: Contract, frame: pd.DataFrame) -> None:
    frame.loc[11, "distance"] = -1
    once, again = validated(flights, frame), validated(flights, frame.set_index(frame.index[::-1]))
    assert once == again
    pd.testing.assert_frame_equal(once.rejected, again.rejected)
    assert once.rejected["row"].tolist() == [11]


def test_the_frame_given_is_left_as_it_was(flights: Contract, frame: pd.DataFrame) -> None:
    before = frame.copy()
    validated(flights, frame)
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("mark", [{"classification": "PII"}, {"tags": ["hr", "personal"]}])
def test_of_a_personal_column_no_message_shows_a_value(tmp_path: Path, mark: dict[str, object]) -> None:
    contract = load_contract(write(tmp_path / "contract_orders.yaml", rejected.column("code", **mark)))
    frame = valid_frame(contract, N_ROWS, 1).assign(code="AB1")
    frame.loc[[3, 4, 5], "code"] = ["Anna", "Anna", "Bert"]
    validation = validate(contract, frame, file=FILE)
    said = str(validation.to_document()) + validation.rejected.to_csv()
    assert "Anna" not in said
    assert "Bert" not in said
    first, second, third = validation.rejected.query("column == 'code'")["reason"]
    assert first == second != third
    assert "#" in check_result(validation, "column_code").message


def test_a_column_without_such_a_mark_is_shown(tmp_path: Path) -> None:
    contract = load_contract(write(tmp_path / "contract_orders.yaml", rejected.column("code", classification="public")))
    frame = valid_frame(contract, N_ROWS, 1).assign(code="AB1")
    frame.loc[3, "code"] = "Anna"
    assert "row 3: 'Anna'" in check_result(validate(contract, frame, file=FILE), "column_code").message
