"""One database for several processes: what is committed stays, what is killed leaves nothing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from ml_platform.errors import DataError, StoreUnavailable
from ml_platform.stores.database.connection import Database, upsert
from ml_platform.stores.database.schema import documents, objects


def write(database: Database, version: str) -> None:
    with database.writing("test") as connection:
        upsert(connection, documents, {"version": version, "content": "{}"})


def versions(database: Database) -> list[str]:
    with database.reading() as connection:
        return sorted(connection.scalars(sa.select(documents.c.version)))


def test_a_transaction_is_written_whole_or_not_at_all(database_url: str) -> None:
    database = Database(database_url)
    write(database, "1")
    with pytest.raises(StoreUnavailable), database.writing("test") as connection:  # noqa: PT012
        upsert(connection, documents, {"version": "2", "content": "{}"})
        raise OSError("the network went away")
    assert versions(database) == ["1"]


def test_a_row_with_its_key_is_replaced_except_for_what_is_kept(database_url: str) -> None:
    database = Database(database_url)
    with database.writing("test") as connection:
        upsert(connection, objects, {"key": "k", "sha256": "first", "n_bytes": 1})
        upsert(connection, objects, {"key": "k", "sha256": "second", "n_bytes": 2}, keep=["n_bytes"])
        assert connection.execute(sa.select(objects)).one() == ("k", "second", 1)


def test_a_reader_sees_one_state_while_others_write(database_url: str) -> None:
    database = Database(database_url)
    write(database, "1")
    with database.reading() as connection:
        count = sa.select(sa.func.count()).select_from(documents)
        assert connection.scalar(count) == 1
        write(database, "2")
        assert connection.scalar(count) == 1


KILLED = """
import os, signal, sys
from ml_platform.stores.database.connection import Database, upsert
from ml_platform.stores.database.schema import documents
with Database(sys.argv[1]).writing("test") as connection:
    upsert(connection, documents, {"version": "2", "content": "{}"})
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.processes
def test_a_writer_killed_in_its_transaction_leaves_nothing_and_no_lock(database_url: str) -> None:
    database = Database(database_url)
    write(database, "1")
    killed = subprocess.run([sys.executable, "-c", KILLED, database_url], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert versions(database) == ["1"]
    write(database, "3")


OPEN = """
import sys
from ml_platform.stores.database.connection import Database
with Database(sys.argv[1]).reading() as connection:
    print(connection.exec_driver_sql("SELECT count(*) FROM manifests").scalar())
"""


@pytest.mark.processes
def test_processes_that_open_a_new_database_at_once_make_its_tables_once(database_url: str) -> None:
    processes = [
        subprocess.Popen([sys.executable, "-c", OPEN, database_url], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert [process.communicate(timeout=120)[0] for process in processes] == ["0\n"] * 4


def test_a_file_that_was_replaced_is_opened_again(tmp_path: Path) -> None:
    """As `make clean` and a restored backup do under a server that runs on."""
    database = Database(f"sqlite:///{tmp_path}/data/facts.db")
    write(database, "1")
    shutil.rmtree(tmp_path / "data")
    assert versions(database) == []
    write(database, "2")
    assert versions(Database(f"sqlite:///{tmp_path}/data/facts.db")) == ["2"]


def test_every_commit_of_sqlite_is_flushed_to_disk_and_readers_do_not_wait(tmp_path: Path) -> None:
    with Database(f"sqlite:///{tmp_path}/facts.db").reading() as connection:
        assert connection.scalar(sa.text("PRAGMA synchronous")) == 2
        assert connection.scalar(sa.text("PRAGMA journal_mode")) == "wal"


def test_a_database_that_is_not_there_or_is_locked_or_is_none_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ml_platform.stores.database.connection.BUSY_SECONDS", 0.1)
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match=r"file/facts\.db does not answer"):
        write(Database(f"sqlite:///{tmp_path}/file/facts.db"), "1")
    with pytest.raises(StoreUnavailable, match=r"postgresql://me:\*\*\*@127.0.0.1:1/facts does not answer"):
        write(Database("postgresql://me:secret@127.0.0.1:1/facts"), "1")
    url = f"sqlite:///{tmp_path}/locked.db"
    with Database(url).writing("test"), pytest.raises(StoreUnavailable, match="locked"):
        write(Database(f"{url}?timeout=0.1"), "1")
    (tmp_path / "text.db").write_text("no database" * 1000)
    with pytest.raises(DataError, match=r"text\.db is damaged: file is not a database"):
        write(Database(f"sqlite:///{tmp_path}/text.db"), "1")


@pytest.mark.parametrize("url", ["mysql://host/facts", "facts.db", ""])
def test_another_kind_of_database_is_an_error_that_says_which_there_are(url: str) -> None:
    with pytest.raises(StoreUnavailable, match="sqlite:///<path> or postgresql://"):
        versions(Database(url))


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    limited = """
import resource, signal, sys
from ml_platform.errors import StoreUnavailable
from ml_platform.stores.database.connection import Database, upsert
from ml_platform.stores.database.schema import documents
database = Database(sys.argv[1])
with database.reading():
    pass
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
try:
    with database.writing("test") as connection:
        upsert(connection, documents, {"version": "1", "content": "0" * 1_000_000})
except StoreUnavailable as error:
    print(error)
"""
    url = f"sqlite:///{tmp_path}/facts.db"
    done = subprocess.run(
        [sys.executable, "-c", limited, url], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert "facts.db does not answer as it should" in done.stdout
    assert versions(Database(url)) == []
