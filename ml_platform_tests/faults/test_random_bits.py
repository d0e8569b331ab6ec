"""A random bit flipped in a database: all of it reads as before, or `verify` says that something is wrong."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from ml_platform_tests.faults.project import Project
from ml_platform_tests.faults.questions import ask, examined

pytestmark = pytest.mark.processes

N_BITS = 12


def rows(database: Path) -> list[str] | None:
    """Return every row of a database, or None when they cannot be read."""
    connection = sqlite3.connect(f"file:{database}?immutable=1", uri=True)
    try:
        return [line for line in connection.iterdump() if line.startswith("INSERT")]
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return None
    finally:
        connection.close()


@pytest.mark.parametrize("name", ["ml_platform.db", "mlflow/mlflow.db"])
def test_a_random_bit_is_named_or_changes_nothing(name: str, clinic: Project) -> None:
    database = clinic.data / name
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    intact, before, silent = database.read_bytes(), rows(database), []
    for number in range(N_BITS):
        chance, content = random.Random(number), bytearray(intact)
        place = chance.randrange(len(content))
        content[place] ^= 1 << chance.randrange(8)
        database.write_bytes(content)
        after = rows(database)
        if after != before and not any(ask(clinic, examined, []).values()):
            silent.append((place, set(after or ()) ^ set(before or ())))
        database.write_bytes(intact)
        for log in database.parent.glob(f"{database.name}-*"):
            log.unlink()
    assert silent == []
