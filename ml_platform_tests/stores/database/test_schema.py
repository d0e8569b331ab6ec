"""The schema is what the migrations make, and its times are moments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import given, settings
from hypothesis import strategies as st

from ml_platform.stores.database.connection import Database
from ml_platform.stores.database.schema import REVISION, REVISION_TABLE, UtcTime, found_revision, metadata
from ml_platform.stores.database.upgrade import MIGRATIONS


def test_the_migrations_make_the_tables_of_the_schema(database_url: str) -> None:
    with Database(database_url).reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": REVISION_TABLE})
        assert compare_metadata(context, metadata) == []


def test_the_newest_migration_is_the_one_that_the_schema_names() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_a_database_without_tables_is_at_no_revision() -> None:
    with sa.create_engine("sqlite://").connect() as connection:
        assert found_revision(connection) is None


zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=zones))
@settings(max_examples=300, deadline=None)
def test_a_moment_comes_back_whatever_zone_it_was_told_in(moment: datetime) -> None:
    kept = UtcTime().process_bind_param(moment, None)
    assert kept is not None
    assert kept.tzinfo is None
    back = UtcTime().process_result_value(kept, None)
    assert (back, back.tzinfo if back else None) == (moment, UTC)


def test_a_time_that_is_not_known_stays_so(database_url: str) -> None:
    moment = datetime(2013, 4, 1, 12, tzinfo=timezone(timedelta(hours=9)))
    query = sa.select(sa.literal(moment, UtcTime), sa.literal(None, UtcTime))
    with Database(database_url).reading() as connection:
        assert connection.execute(query).one() == (moment, None)


@pytest.mark.parametrize("second", [{}, {"superseded_at": None}])
def test_an_artifact_has_one_current_manifest(database_url: str, second: dict[str, object]) -> None:
    row = {"model": "m", "asset": "a", "partition": "p", "version": "1", "content": "{}"}
    row["stored_at"] = datetime(2013, 4, 1, tzinfo=UTC)  # type: ignore[assignment]
    with Database(database_url).writing("test") as connection:
        connection.execute(sa.insert(metadata.tables["manifests"]), {"id": "1", **row})
        with pytest.raises(sa.exc.IntegrityError), connection.begin_nested():
            connection.execute(sa.insert(metadata.tables["manifests"]), {"id": "2", **row, **second})
