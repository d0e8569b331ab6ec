"""Texts are times when one format reads all of them; two that fit are not decided between."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml_platform.scaffold.times import FORMATS, YEARS, read_times

MOMENTS = st.datetimes(datetime(YEARS[0], 1, 1), datetime(YEARS[-1], 12, 31)).map(
    lambda moment: moment.replace(microsecond=0)
)


@given(st.lists(MOMENTS, min_size=1, max_size=10, unique=True), st.sampled_from(FORMATS))
@settings(max_examples=300, deadline=None)
def test_a_stated_format_gives_back_what_was_written(moments: list[datetime], form: str) -> None:
    texts = [moment.strftime(form) for moment in moments]
    found = read_times(texts, form)
    assert found.kind == ("timestamp" if "%H" in form else "date")
    for text, value in found.values.items():
        assert value.strftime(form) == text
    assert set(found.values) == set(texts)
    assert found.notes == (f"read as {form}",)


@given(st.lists(MOMENTS, min_size=1, max_size=10, unique=True), st.sampled_from([" ", "T"]))
@settings(max_examples=300, deadline=None)
def test_iso_8601_needs_no_format(moments: list[datetime], between: str) -> None:
    found = read_times([moment.isoformat(between) for moment in moments])
    assert (found.kind, list(found.values.values()), found.notes) == ("timestamp", moments, ())
    days = {moment.date() for moment in moments}
    assert set(read_times([day.isoformat() for day in days]).values.values()) == days


@given(st.lists(MOMENTS, min_size=1, max_size=10, unique=True), st.sampled_from(FORMATS))
@settings(max_examples=300, deadline=None)
def test_without_a_format_no_text_is_read_as_another_day(moments: list[datetime], form: str) -> None:
    found = read_times([moment.strftime(form) for moment in moments])
    if found.kind == "string":
        assert "can be read as" in " ".join(found.notes)
        return
    assert all(value.strftime(form) == text for text, value in found.values.items())


NO_TIMES: dict[str, tuple[list[str], str | None, str]] = {
    "no such day": (["2023-02-28", "2023-02-29"], None, "there is no 2023-02-29"),
    "before pandas' times": (["1600-01-01"], None, "outside of the years 1700 to 2249, such as 1600-01-01"),
    "some with a zone": (["2024-01-01 10:00", "2024-01-01 11:00Z"], None, "only some have a zone"),
    "day or month first": (["01/02/2024"], None, "can be read as '%d/%m/%Y' and '%m/%d/%Y'"),
    "words": (["soon"], None, ""),
    "another format than the stated": (["2024-01-01", "soon"], "%Y-%m-%d", ""),
}


@pytest.mark.parametrize("case", NO_TIMES)
def test_what_is_no_time_stays_text_with_the_reason(case: str) -> None:
    texts, form, note = NO_TIMES[case]
    found = read_times(texts, form)
    assert (found.kind, dict(found.values)) == ("string", {})
    assert note in " ".join(found.notes)


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("2024-01-01T12:00+02:00", None, datetime(2024, 1, 1, 10, tzinfo=UTC)),
        ("01.01.2024 12:00 +0200", "%d.%m.%Y %H:%M %z", datetime(2024, 1, 1, 10, tzinfo=UTC)),
        ("13.02.2024", None, date(2024, 2, 13)),
        ("5/31/2024 7:05", None, datetime(2024, 5, 31, 7, 5)),
    ],
)
def test_zones_become_utc_and_the_only_fitting_format_is_taken(text: str, form: str | None, expected: Any) -> None:
    assert dict(read_times([text], form).values) == {text: expected}
