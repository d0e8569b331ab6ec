"""Times that are written as text are read as they are meant, whichever parts their format has."""

import datetime as dt
from typing import Any

import polars as pl
import pytest
from hypothesis import given, note, seed
from hypothesis import strategies as st

from ml_platform.contract import Column
from ml_platform.contract.odcs.columns import read_time_format
from ml_platform.contract.validation.types import typed

SEED = 1970


def read(kind: str, pattern: str, texts: list[str | None], zone: str | None = None) -> list[Any]:
    text_format = (pattern, *read_time_format(pattern, "here"))
    column = Column("x", kind, False, (), text_format=text_format, default_time_zone=zone)
    expression = typed(column, pl.String())
    assert expression is not None
    return pl.DataFrame({"x": texts}, schema={"x": pl.String}).select(x=expression).to_series().to_list()


@pytest.mark.parametrize(
    ("kind", "pattern", "text", "expected"),
    [
        ("date", "yyyyMMdd", "99991231", dt.date(9999, 12, 31)),
        ("date", "dd.MM.yy", "02.01.26", dt.date(2026, 1, 2)),
        ("date", "yyyy-MM", "2026-02", dt.date(2026, 2, 1)),
        ("date", "yyyy", "2026", dt.date(2026, 1, 1)),
        ("time", "HH", "08", dt.time(8)),
        ("time", "HH:mm", "08:30", dt.time(8, 30)),
        ("time", "HHmmss.SSS", "083001.250", dt.time(8, 30, 1, 250_000)),
        ("timestamp", "yyyy-MM-dd HH", "2026-01-02 08", dt.datetime(2026, 1, 2, 8)),
        ("timestamp", "yyyy-MM-dd", "0001-01-02", dt.datetime(1, 1, 2)),
        ("timestamp", "yyyy-MM-dd'T'HH:mmXXX", "2026-01-02T08:00+02:00", dt.datetime(2026, 1, 2, 6, tzinfo=dt.UTC)),
        ("timestamp", "yyyy-MM-dd'T'HH:mmXX", "2026-01-02T08:00Z", dt.datetime(2026, 1, 2, 8, tzinfo=dt.UTC)),
        ("timestamp", "HH:mm dd/MM/yyyy 'at' 100%", "08:30 02/01/2026 at 100%", dt.datetime(2026, 1, 2, 8, 30)),
    ],
)  # fmt: skip
def test_a_format_may_leave_parts_out(kind: str, pattern: str, text: str, expected: Any) -> None:
    wrong = [f"{text}\n", f" {text}", text[:-1], "", "x"]
    assert read(kind, pattern, [text, None, *wrong]) == [expected, None, *[None] * len(wrong)]


def test_a_time_without_a_zone_is_read_in_the_default_one() -> None:
    (summer, skipped, twice) = read(
        "timestamp", "yyyy-MM-dd HH:mm", ["2026-07-01 12:00", "2026-03-29 02:30", "2026-10-25 02:30"], "Europe/Berlin"
    )
    assert summer == dt.datetime(2026, 7, 1, 10, tzinfo=dt.UTC)
    assert skipped == dt.datetime(2026, 3, 29, 1, tzinfo=dt.UTC)
    assert twice == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)


@seed(SEED)
@given(st.datetimes())
def test_every_moment_is_read_as_it_was_written(moment: dt.datetime) -> None:
    note(f"seed {SEED}")
    text = moment.isoformat(timespec="microseconds")
    assert read("timestamp", "yyyy-MM-dd'T'HH:mm:ss.SSSSSS", [text]) == [moment]
    assert read("date", "yyyy-MM-dd", [text[:10]]) == [moment.date()]
    assert read("time", "HH:mm:ss", [text[11:19]]) == [moment.time().replace(microsecond=0)]
