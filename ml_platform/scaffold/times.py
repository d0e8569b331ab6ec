"""Dates and times in text: ISO 8601, or one of the usual formats where only one of them fits all values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import product
from typing import Any, Literal

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
ISO_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}(:?\d{2})?)?")
OTHER = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{1,4}( \d{1,2}:\d{2}(:\d{2})?)?")
FORMATS = tuple(
    day + time
    for day, time in product(
        ("%Y/%m/%d", "%Y.%m.%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y"),
        ("", " %H:%M", " %H:%M:%S"),
    )
)
YEARS = range(1700, 2250)
"""The range of 64-bit nanoseconds since 1970, to which pandas parses text."""


Kind = Literal["integer", "number", "boolean", "timestamp", "date", "string"]


@dataclass(frozen=True)
class Meaning:
    """The value of each distinct text of a column. Times with a zone are in UTC."""

    kind: Kind
    values: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    """What a person should know of how they were read."""
    time_format: str | None = None
    """The strptime format of times that are not ISO 8601."""


def read_times(distinct: Sequence[str], time_format: str | None = None) -> Meaning:
    """Return the times of all texts by one format: `time_format` when it is given.

    The kind is ``string``, without values, when they are not times. Notes name a text that looks like a date but is
    none, and formats that fit equally well.
    """
    if time_format is not None:
        values = _by_format(distinct, time_format)
        return _named(values, time_format) if values else Meaning("string")
    if all(ISO_DATE.fullmatch(text) for text in distinct):
        return _iso(distinct, "date")
    if all(ISO_TIME.fullmatch(text) for text in distinct):
        return _iso(distinct, "timestamp")
    return _by_only_fitting_format(distinct) if all(OTHER.fullmatch(text) for text in distinct) else Meaning("string")


def _by_only_fitting_format(distinct: Sequence[str]) -> Meaning:
    fitting = {form: values for form in FORMATS if (values := _by_format(distinct, form))}
    if len(fitting) == 1:
        ((form, values),) = fitting.items()
        return _named(values, form)
    forms = " and ".join(f"'{form}'" for form in fitting)
    notes = (f"times that can be read as {forms}: read as text",) if fitting else ()
    return Meaning("string", notes=notes)


def _iso(distinct: Sequence[str], kind: Literal["timestamp", "date"]) -> Meaning:
    values: dict[str, date | datetime] = {}
    for text in distinct:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return Meaning("string", notes=(f"looks like times, but there is no {text}: read as text",))
        if moment.year not in YEARS:
            return Meaning("string", notes=(f"times outside of the years 1700 to 2249, such as {text}: read as text",))
        values[text] = moment.date() if kind == "date" else moment.astimezone(UTC) if moment.tzinfo else moment
    zoned = {value.tzinfo is not None for value in values.values() if isinstance(value, datetime)}
    if len(zoned) > 1:
        return Meaning("string", notes=("times of which only some have a zone: read as text",))
    return Meaning(kind, values)


def _by_format(distinct: Sequence[str], form: str) -> dict[str, datetime]:
    """Return the time of each text by a format; nothing when one text does not have the format."""
    values = {}
    for text in distinct:
        try:
            moment = datetime.strptime(text, form)
        except ValueError:
            return {}
        if moment.year not in YEARS:
            return {}
        values[text] = moment.astimezone(UTC) if moment.tzinfo else moment
    return values


def _named(values: Mapping[str, datetime], form: str) -> Meaning:
    note = (f"read as {form}",)
    if "%H" in form or "%I" in form:
        return Meaning("timestamp", dict(values), note, form)
    return Meaning("date", {text: moment.date() for text, moment in values.items()}, note, form)
