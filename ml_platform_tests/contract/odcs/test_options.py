"""Every logical type and every option of it sets aside the rows that break it, and no others."""

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ml_platform.contract.odcs.options import FORMATS, OPTIONS, SIZES
from ml_platform.contract.validation import validate
from ml_platform_tests.contract.rejected import (
    Change,
    assert_rejected,
    column,
)
from ml_platform_tests.contract.small import things

# Great Expectations imports modules of the standard library that are on their way out
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")


def utc(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="UTC")


CASES: list[tuple[str, dict[str, Any], list[Any], list[Any], str]] = [
    # logical type, options, values that hold, values that do not, words of the reason
    ("string", {"minLength": 2}, ["ab", "größe", None], ["a", ""], "at least 2 characters"),
    ("string", {"maxLength": 2}, ["ab", "ü", ""], ["abc"], "at most 2 characters"),
    ("string", {"pattern": "^[A-Z]+$"}, ["AB"], ["Ab", ""], "match ^[A-Z]+$"),
    ("string", {"format": "email"}, ["a.b@example.org"], ["a@", "a b@c.de"], "of the format email"),
    ("string", {"format": "uuid"}, ["123e4567-e89b-12d3-a456-426614174000"], ["123e4567"], "of the format uuid"),
    ("string", {"format": "uri"}, ["https://example.org/x?y=1", "urn:isbn:1"], ["example.org", "a b:c"], "format uri"),
    ("string", {"format": "hostname"}, ["example.org", "a"], ["-a", "a..b"], "format hostname"),
    ("string", {"format": "ipv4"}, ["10.0.0.255"], ["10.0.0.256", "1.2.3"], "format ipv4"),
    ("string", {"format": "ipv6"}, ["::1", "2001:db8::8a2e:370:7334", "1:2:3:4:5:6:7:8"], ["1::2::3", ":1"], "ipv6"),
    ("string", {"format": "byte"}, ["aGVsbG8=", ""], ["aGVsbG8"], "format byte"),
    ("integer", {"minimum": 1, "maximum": 3}, [1, 3, None], [0, 4], "between 1 and 3"),
    ("integer", {"exclusiveMinimum": 1, "exclusiveMaximum": 4}, [2, 3], [1, 4], "above 1 and below 4"),
    ("integer", {"multipleOf": 5}, [0, -10, 15], [1, 7], "multiple of 5"),
    ("integer", {"format": "i8"}, [-128, 127], [-129, 128], "between -128 and 127"),
    ("integer", {"format": "u64"}, [0, 2**40], [-1], "at least 0"),
    ("number", {"minimum": 0.5}, [0.5, 7], [0.4], "at least 0.5"),
    ("number", {"exclusiveMaximum": 1}, [0.99], [1.0], "below 1"),
    ("number", {"multipleOf": 0.01}, [0.29, 1.1, 1234567.89], [0.295], "multiple of 0.01"),
    ("number", {"format": "f32"}, [3.4e38], [3.5e38], "between"),
    ("boolean", {}, [True, False, None], ["yes"], "must be a boolean"),
    ("timestamp", {"timezone": True, "minimum": "2026-01-01T00:00:00Z"}, [utc("2026")], [utc("2025-12-31")], "least"),
    (
        "timestamp", {"defaultTimezone": "Europe/Berlin", "minimum": "2026-01-01T00:00:00Z"},
        [pd.Timestamp("2026-01-01 01:00")], [pd.Timestamp("2026-01-01 00:59")], "at least 2026-01-01 00:00:00+00:00",
    ),
    (
        "timestamp", {"format": "yyyy-MM-dd'T'HH:mm:ssXXX", "timezone": True, "maximum": "2026-01-01T00:00:00Z"},
        ["2026-01-01T01:00:00+01:00"], ["2026-01-01T00:00:00-01:00", "2026-01-01 00:00:00"], "2026-01-01",
    ),
    ("date", {"minimum": "2026-01-02"}, [dt.date(2026, 1, 2)], [dt.date(2026, 1, 1)], "at least 2026-01-02"),
    ("date", {"exclusiveMaximum": "2026-01-02"}, [dt.date(2026, 1, 1)], [dt.date(2026, 1, 2)], "below 2026-01-02"),
    ("date", {"format": "dd.MM.yyyy", "minimum": "2026-01-02"}, ["02.01.2026"], ["01.01.2026", "2.1.2026", "x"], ""),
    ("time", {"maximum": "08:30:00"}, [dt.time(8, 30)], [dt.time(8, 30, 1)], "at most 08:30:00"),
    ("time", {"format": "HH:mm", "minimum": "08:00:00"}, ["08:00"], ["07:59", "24:00"], ""),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]} {' '.join(case[1])}")
def test_an_option_sets_aside_the_rows_that_break_it(
    case: tuple[str, dict[str, Any], list[Any], list[Any], str], tmp_path: Path
) -> None:
    kind, options, right, wrong, words = case
    stated: dict[str, Any] = {"name": "x", "logicalType": kind, "logicalTypeOptions": options}
    if "format" in options and kind in ("timestamp", "date", "time"):
        stated["physicalType"] = "string"
    contract = things(tmp_path, stated, share=0.9)
    values = [*right, *wrong]
    numbers = all(type(value) in (int, float) for value in values)
    column = pd.Series(values, dtype=None if numbers or isinstance(values[0], pd.Timestamp) else object)
    validation = validate(contract, pd.DataFrame({"x": column}), file="things.parquet")
    assert sorted(set(validation.rejected["row"])) == list(range(len(right), len(values))), validation.rejected
    assert validation.passed
    assert all(words in reason for reason in validation.rejected["reason"])


def test_every_option_of_every_type_has_a_case() -> None:
    tried = {(kind, option) for kind, options, *_ in CASES for option in options}
    bounds = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
    for kind, options in OPTIONS.items():
        assert {option for option in options if option not in bounds} <= {
            option for one, option in tried if one == kind
        }
    assert {options.get("format") for kind, options, *_ in CASES if kind == "string"} == {None, *FORMATS}
    assert set(SIZES["integer"]) == {f"{sign}{bits}" for sign in "iu" for bits in (8, 16, 32, 64, 128)}
    assert set(SIZES["number"]) == {"f32", "f64"}


REJECTED: dict[str, tuple[Change, list[str]]] = {
    "an option": (
        column("code", logicalTypeOptions={"multipleOf": 5}),
        ["column 'code'", "cannot run string option 'multipleOf'"],
    ),
    "a misspelt option": (column("amount", logicalTypeOptions={"minimun": 0}), ["Did you mean 'minimum'?"]),
    "a bound that is text": (column("amount", logicalTypeOptions={"minimum": "low"}), ["amount', minimum", "'low'"]),
    "crossed bounds": (column("amount", logicalTypeOptions={"minimum": 9, "maximum": 1}), ["9 is above the maximum 1"]),
    "a pattern that is none": (column("code", logicalTypeOptions={"pattern": "["}), ["'['", "regular expression"]),
    "a format": (column("code", logicalTypeOptions={"format": "emial"}), ["format 'emial'", "Did you mean 'email'?"]),
    "a time zone": (
        column("at", logicalTypeOptions={"defaultTimezone": "Berlin"}),
        ["no time zone 'Berlin'", "Europe/Berlin"],
    ),
    "a step of nothing": (column("amount", logicalTypeOptions={"multipleOf": 0}), ["multipleOf", "above 0"]),
}


@pytest.mark.parametrize("name", REJECTED)
def test_what_cannot_be_run_is_rejected_at_load_with_file_place_and_guess(name: str, tmp_path: Path) -> None:
    assert_rejected(tmp_path, *REJECTED[name])
