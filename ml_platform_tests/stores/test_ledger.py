"""The ledger keeps every event once, in order, through kills and parallel writers, and says when it is damaged."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from ml_platform.errors import ChampionChanged, DataError
from ml_platform.stores.database.connection import Database
from ml_platform.stores.database.schema import ledger as table
from ml_platform.stores.database.schema import ledger_heads
from ml_platform.stores.ledger import Ledger, ledger_models
from ml_platform.stores.ledger_entry import LedgerEntry

NOON = datetime(2013, 4, 1, 12, tzinfo=UTC)
FIRST = LedgerEntry(NOON, "flights", "2013-03", "promoted", "1", "run1", "a" * 64, ("beats_baseline passed: …",))
SECOND = replace(
    FIRST, at=NOON + timedelta(days=30), partition="2013-04", version="2", onnx_sha256="b" * 64, previous_champion="1"
)


@pytest.fixture
def ledger(database_url: str) -> Ledger:
    return Ledger(Database(database_url), "flights")


def test_entries_come_back_in_order(ledger: Ledger) -> None:
    assert ledger.entries() == ()
    assert ledger.append(FIRST)
    assert ledger.append(SECOND)
    assert ledger.entries() == (FIRST, SECOND)
    assert Ledger(ledger.database, "other").entries() == ()
    assert ledger_models(ledger.database) == ["flights"]


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


def test_the_champion_is_the_last_promotion(ledger: Ledger) -> None:
    assert ledger.champion() is None
    for entry, champion in ((FIRST, FIRST), (replace(SECOND, action="rejected"), FIRST), (SECOND, SECOND)):
        ledger.append(entry)
        assert ledger.champion() == champion


def test_the_recorded_hash_is_the_first_one_so_that_a_later_entry_cannot_replace_it(ledger: Ledger) -> None:
    ledger.append(replace(FIRST, action="registered"))
    ledger.append(replace(FIRST, onnx_sha256="f" * 64))
    assert ledger.onnx_sha256("1") == "a" * 64
    assert ledger.onnx_sha256("9") is None


def test_a_promotion_makes_champion_in_the_transaction_of_its_entry(ledger: Ledger) -> None:
    assert ledger.champion() is None
    assert ledger.promote(FIRST, expected_champion=None)
    assert ledger.promote(SECOND, expected_champion="1")
    assert ledger.champion() == SECOND
    with ledger.database.reading() as connection:
        assert connection.execute(sa.select(ledger_heads.c.champion, ledger_heads.c.n_entries)).one() == ("2", 2)


def test_a_promotion_against_a_champion_that_was_replaced_writes_nothing(ledger: Ledger) -> None:
    ledger.promote(FIRST, expected_champion=None)
    ledger.promote(SECOND, expected_champion="1")
    third = replace(SECOND, version="3", onnx_sha256="c" * 64)
    with pytest.raises(ChampionChanged, match=r"Version 3 of 'flights' was compared with version 1, but version 2 is"):
        ledger.promote(third, expected_champion="1")
    with pytest.raises(ChampionChanged, match="was compared with no champion"):
        ledger.promote(third, expected_champion=None)
    with pytest.raises(ChampionChanged, match="Version 1"):
        ledger.promote(replace(FIRST, dagster_run_id="a rerun of the old step"), expected_champion=None)
    assert ledger.entries() == (FIRST, SECOND)


def test_a_repeated_promotion_is_no_error_and_leaves_one_entry(ledger: Ledger) -> None:
    assert ledger.promote(FIRST, expected_champion=None)
    assert not ledger.promote(FIRST, expected_champion=None)
    assert ledger.entries() == (FIRST,)


@pytest.mark.parametrize("wrong", [{"action": "rejected"}, {"version": None}])
def test_what_is_no_promotion_is_not_promoted(ledger: Ledger, wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="is no promotion"):
        ledger.promote(replace(FIRST, **wrong), expected_champion=None)


PROMOTE = """
import sys
from dataclasses import replace
from ml_platform.errors import ChampionChanged
from ml_platform.stores.database.connection import Database
from ml_platform.stores.ledger import Ledger
from ml_platform_tests.stores.test_ledger import FIRST
ledger = Ledger(Database(sys.argv[1]), "flights")
won = 0
for number in range(10):
    before = ledger.champion()
    version = f"{sys.argv[2]}{number:03}"
    entry = replace(FIRST, version=version, previous_champion=before.version if before else None)
    try:
        won += ledger.promote(entry, expected_champion=before.version if before else None)
    except ChampionChanged:
        pass
print(won)
"""


@pytest.mark.processes
def test_promotions_from_several_processes_leave_one_champion_and_a_consistent_ledger(database_url: str) -> None:
    """The first of them to open the database makes its tables."""
    commands = [[sys.executable, "-c", PROMOTE, database_url, str(worker)] for worker in (1, 2, 3)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for command in commands]
    won = [int(process.communicate(timeout=120)[0]) for process in processes]
    ledger = Ledger(Database(database_url), "flights")
    told = ledger.entries()
    assert len(told) == sum(won) >= 10
    assert [entry.previous_champion for entry in told] == [None, *(entry.version for entry in told[:-1])]
    assert ledger.champion() == told[-1]


def test_parallel_writers_lose_nothing(ledger: Ledger) -> None:
    many = [replace(FIRST, version=str(number), run_id=f"run{number}") for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ledger.append, many))
    assert sorted(ledger.entries(), key=lambda entry: int(entry.version or 0)) == many


def execute(ledger: Ledger, statement: sa.Executable) -> None:
    with ledger.database.writing("test") as connection:
        connection.execute(statement)


def test_one_changed_character_anywhere_is_noticed_and_nothing_is_appended_after_it(ledger: Ledger) -> None:
    for entry in (FIRST, SECOND):
        ledger.append(entry)
    intact = FIRST.to_json()
    for place in range(0, len(intact), 5):
        damaged = f"{intact[:place]}{chr(ord(intact[place]) ^ 1)}{intact[place + 1 :]}"
        execute(ledger, sa.update(table).where(table.c.number == 1).values(content=damaged))
        with pytest.raises(DataError, match=r"ledger of 'flights' in .*: entry 1, or one before it, was changed"):
            ledger.entries()
    with pytest.raises(DataError, match="entry 1"):
        ledger.append(replace(FIRST, version="3"))
    with pytest.raises(DataError, match="entry 1"):
        ledger.promote(replace(FIRST, version="3"), expected_champion="2")
    execute(ledger, sa.update(table).where(table.c.number == 1).values(content=intact))
    assert ledger.entries() == (FIRST, SECOND)


THIRD = replace(FIRST, action="rejected", version=None)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (sa.delete(table).where(table.c.number == 1), "entry 1"),
        (sa.delete(table).where(table.c.number == 2), "entry 2"),
        (sa.delete(table).where(table.c.number == 3), "has 2 entries.*recorded were 3"),
        (sa.delete(table), "has 0 entries and the champion None; recorded were 3 entries and the champion 2"),
        (sa.update(table).values(number=table.c.number + 10), "entry 1"),
        (sa.update(table).where(table.c.number == 2).values(seal="0" * 64), "entry 2"),
        (sa.update(ledger_heads).values(champion="1"), "the champion 2; recorded were 3 entries and the champion 1"),
        (sa.delete(ledger_heads), "recorded were 0 entries"),
    ],
)
def test_a_removed_moved_or_changed_entry_is_noticed(ledger: Ledger, damage: sa.Executable, said: str) -> None:
    for entry in (FIRST, SECOND, THIRD):
        ledger.append(entry)
    execute(ledger, damage)
    for ask in (ledger.entries, ledger.champion, lambda: ledger.append(FIRST)):
        with pytest.raises(DataError, match=said):
            ask()


def test_an_entry_that_was_inserted_with_a_seal_of_its_own_is_noticed(ledger: Ledger) -> None:
    from ml_platform.stores.ledger import seal

    ledger.append(FIRST)
    content = SECOND.to_json()
    row = {"model": "flights", "number": 2, "content": content, "seal": seal(content, "not the one before")}
    execute(ledger, sa.insert(table).values(row))
    with pytest.raises(DataError, match="entry 2"):
        ledger.entries()
