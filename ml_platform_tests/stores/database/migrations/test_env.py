"""Migrations run on the connection that is given, all of them or none, and beside those of MLflow."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ml_platform.stores.database.connection import Database
from ml_platform.stores.database.schema import REVISION_TABLE


def test_a_migration_that_fails_leaves_nothing(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("the power went out")

    with monkeypatch.context() as patch:
        patch.setattr("alembic.op.create_index", fail)
        with pytest.raises(RuntimeError, match="power"), Database(database_url).reading():
            pass
    with Database(database_url).reading() as connection:
        assert sa.inspect(connection).has_table("ledger_heads")


def test_the_revision_is_not_where_alembic_and_so_mlflow_keeps_its_own(database_url: str) -> None:
    with Database(database_url).reading() as connection:
        tables = sa.inspect(connection).get_table_names()
    assert REVISION_TABLE in tables
    assert "alembic_version" not in tables
