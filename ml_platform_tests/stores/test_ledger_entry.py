"""An entry of the ledger survives its JSON, and says what it must."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml_platform.stores.ledger_entry import LedgerEntry

ENTRY = LedgerEntry(datetime(2013, 4, 1, tzinfo=UTC), "flights", "2013-03", "promoted", "1", "run1", "a" * 64)

texts = st.text(max_size=20)
entries = st.builds(
    LedgerEntry,
    at=st.datetimes(timezones=st.just(UTC)),
    model=texts,
    partition=st.none() | texts,
    action=st.sampled_from(["registered", "promoted", "rejected"]),
    version=st.none() | texts,
    run_id=texts,
    onnx_sha256=texts,
    reasons=st.lists(texts, max_size=3).map(tuple),
    previous_champion=st.none() | texts,
    dagster_run_id=st.none() | texts,
    files=st.dictionaries(texts, texts, max_size=3),
    candidate=texts,
)


@given(entries)
@settings(max_examples=300, deadline=None)
def test_an_entry_survives_its_json_whatever_it_says(entry: LedgerEntry) -> None:
    assert LedgerEntry.from_json(entry.to_json()) == entry
    assert entry.to_json().isascii()


@pytest.mark.parametrize("wrong", [{"at": datetime(2013, 4, 1)}, {"action": "deleted"}])
def test_an_entry_without_a_zone_or_with_an_unknown_action_cannot_be_made(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"time zone|is none of"):
        replace(ENTRY, **wrong)


def test_an_entry_told_again_in_its_run_has_the_same_key_whatever_else_it_says() -> None:
    again = replace(ENTRY, at=ENTRY.at + timedelta(hours=1), reasons=("said otherwise",), previous_champion="0")
    assert again.key == ENTRY.key
    for change in ({"action": "rejected"}, {"version": "2"}, {"onnx_sha256": "b" * 64}, {"dagster_run_id": "other"}):
        assert replace(ENTRY, **change).key != ENTRY.key


def test_json_of_another_version_of_the_platform_is_no_entry() -> None:
    with pytest.raises(TypeError, match="unexpected keyword"):
        LedgerEntry.from_json(ENTRY.to_json().replace('"model"', '"name"'))
