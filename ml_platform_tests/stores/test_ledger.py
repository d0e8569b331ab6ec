"""The ledger keeps every event once, in order, through kills and parallel writers, and says when it is damaged."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml_platform.errors import DataError
from ml_platform.stores.ledger import Ledger, LedgerEntry

NOON = datetime(2013, 4, 1, 12, tzinfo=UTC)
FIRST = LedgerEntry(NOON, "flights", "2013-03", "promoted", "1", "run1", "a" * 64, ("beats_baseline passed: …",))
SECOND = replace(
    FIRST, at=NOON + timedelta(days=30), partition="2013-04", version="2", onnx_sha256="b" * 64, previous_champion="1"
)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger" / "flights.jsonl")


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
@settings(deadline=None)
def test_an_entry_survives_its_line_whatever_it_says(entry: LedgerEntry) -> None:
    line = entry.to_line()
    assert line.count(b"\n") == 1
    assert LedgerEntry.from_line(line) == entry


def test_entries_come_back_in_order(ledger: Ledger) -> None:
    assert ledger.entries() == ()
    assert ledger.append(FIRST)
    assert ledger.append(SECOND)
    assert ledger.entries() == (FIRST, SECOND)


def test_a_repeated_step_leaves_one_entry_and_a_changed_mind_leaves_all(ledger: Ledger) -> None:
    rejected = replace(SECOND, action="rejected")
    later = replace(FIRST, at=NOON + timedelta(hours=1))
    assert [ledger.append(entry) for entry in (FIRST, later, rejected, rejected, later)] == [
        True,
        False,
        True,
        False,
        True,
    ]
    assert [entry.action for entry in ledger.entries()] == ["promoted", "rejected", "promoted"]


def test_a_version_is_registered_once_and_does_not_hide_a_repeated_decision(ledger: Ledger) -> None:
    registered = replace(FIRST, action="registered")
    assert [ledger.append(entry) for entry in (registered, FIRST, registered, FIRST)] == [True, True, False, False]


def test_the_same_decision_in_another_run_is_another_event(ledger: Ledger) -> None:
    """The drift sensor asks whether a given run has decided."""
    for run in ("x", "y"):
        assert ledger.append(replace(FIRST, action="rejected", dagster_run_id=run))


def test_the_champion_of_a_time_is_the_last_promotion_before_it(ledger: Ledger) -> None:
    for entry in (FIRST, replace(SECOND, action="rejected"), SECOND):
        ledger.append(entry)
    assert ledger.champion_at(NOON - timedelta(seconds=1)) is None
    assert ledger.champion_at(NOON + timedelta(days=29)) == FIRST
    assert ledger.champion_at(SECOND.at) == SECOND


def test_the_recorded_hash_is_the_first_one_so_that_a_later_line_cannot_replace_it(ledger: Ledger) -> None:
    ledger.append(replace(FIRST, action="registered"))
    ledger.append(replace(FIRST, onnx_sha256="f" * 64))
    assert ledger.onnx_sha256("1") == "a" * 64
    assert ledger.onnx_sha256("9") is None


@pytest.mark.parametrize("kept", [1, 50, -1])
def test_a_line_torn_by_a_kill_is_ignored_and_the_next_entry_is_whole(ledger: Ledger, kept: int) -> None:
    ledger.append(FIRST)
    with ledger.path.open("ab") as file:
        file.write(SECOND.to_line()[:kept])
    assert ledger.entries() == (FIRST,)
    ledger.append(SECOND)
    assert ledger.entries() == (FIRST, SECOND)


@pytest.mark.parametrize("damage", [b"not json\n", b"{}\n", b"[1]\n", b"\n", b'{"at": 3, "reasons": []}\n', b"\xff\n"])
def test_a_damaged_line_is_named_and_nothing_is_appended_after_it(ledger: Ledger, damage: bytes) -> None:
    ledger.append(FIRST)
    before = ledger.path.read_bytes() + damage
    ledger.path.write_bytes(before)
    with pytest.raises(DataError, match=r"flights\.jsonl, line 2: not a ledger entry"):
        ledger.entries()
    with pytest.raises(DataError, match="line 2"):
        ledger.append(SECOND)
    assert ledger.path.read_bytes() == before


def test_parallel_writers_lose_nothing(ledger: Ledger) -> None:
    many = [replace(FIRST, version=str(number), run_id=f"run{number}") for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ledger.append, many))
    assert sorted(ledger.entries(), key=lambda entry: int(entry.version or 0)) == many


def test_one_flipped_bit_anywhere_in_the_file_is_noticed(ledger: Ledger) -> None:
    """Except in the line break of the last line, which then is a torn one."""
    for entry in (FIRST, SECOND):
        ledger.append(entry)
    intact = ledger.path.read_bytes()
    for place in range(len(intact) - 1):
        damaged = bytearray(intact)
        damaged[place] ^= 1
        ledger.path.write_bytes(damaged)
        with pytest.raises(DataError, match=r"flights\.jsonl, line [12]: not a ledger entry"):
            ledger.entries()


@pytest.mark.parametrize(
    "change", [lambda lines: lines[1:], lambda lines: lines[::-1], lambda lines: [*lines, lines[0]]]
)
def test_a_removed_moved_or_repeated_line_is_noticed(
    ledger: Ledger, change: Callable[[list[bytes]], list[bytes]]
) -> None:
    for entry in (FIRST, SECOND, replace(FIRST, action="rejected")):
        ledger.append(entry)
    ledger.path.write_bytes(b"".join(change(ledger.path.read_bytes().splitlines(keepends=True))))
    with pytest.raises(DataError, match="was changed after it was written"):
        ledger.entries()


@pytest.mark.parametrize("wrong", [{"at": datetime(2013, 4, 1)}, {"action": "deleted"}])
def test_an_entry_without_a_zone_or_with_an_unknown_action_cannot_be_made(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"time zone|is none of"):
        replace(FIRST, **wrong)
