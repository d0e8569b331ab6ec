"""The hash and size of what was put are recorded by key, until it is removed on purpose."""

from __future__ import annotations

import hashlib

from ml_platform.stores.database.connection import Database
from ml_platform.stores.recorded_objects import RecordedObject, forget_object, record_object, recorded_objects


def record(database: Database, **contents: bytes) -> None:
    with database.writing("test") as connection:
        for key, content in contents.items():
            record_object(connection, key.replace("__", "/"), content)


def test_an_object_is_recorded_as_it_was_put_last(database_url: str) -> None:
    database = Database(database_url)
    record(database, tables__m__a=b"old")
    record(database, tables__m__a=b"newer")
    expected = RecordedObject(hashlib.sha256(b"newer").hexdigest(), 5)
    assert recorded_objects(database, "tables/m") == {"tables/m/a": expected}
    with database.writing("test") as connection:
        forget_object(connection, "tables/m/a")
        forget_object(connection, "tables/m/a")
    assert recorded_objects(database, "tables/m") == {}


def test_a_prefix_is_a_folder_and_no_pattern(database_url: str) -> None:
    database = Database(database_url)
    record(database, tables__m__b=b"1", tables__m__a=b"2", tables__mm__a=b"3")
    with database.writing("test") as connection:
        record_object(connection, "tables/m_x/a", b"4")
        record_object(connection, "tables/mxx/a", b"5")
    assert list(recorded_objects(database, "tables/m")) == ["tables/m/a", "tables/m/b"]
    assert list(recorded_objects(database, "tables/m_x")) == ["tables/m_x/a"]
    assert recorded_objects(database, "tables/%") == {}
