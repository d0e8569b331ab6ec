"""Documents are read back exactly, or not at all."""

import pytest
import sqlalchemy as sa

from ml_platform.errors import DataError, NotStored
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.database.schema import documents as table
from ml_platform.stores.stores import Stores

DECISION = ArtifactKey("flights", "decision", "2013-03")


def test_document_round_trip_keeps_its_inputs_and_its_first_run(stores: Stores) -> None:
    store = stores.documents
    store.write(DECISION, {"promote": True, "ø\0": [0.1, None]}, inputs={"a": "1"}, run_id="first")
    manifest = store.write(DECISION, {"ø\0": [0.1, None], "promote": True}, inputs={"a": "1"}, run_id="second")
    assert store.read(DECISION) == {"promote": True, "ø\0": [0.1, None]}
    assert (manifest.inputs, manifest.run_id) == ({"a": "1"}, "first")
    assert store.partitions("flights", "decision") == ["2013-03"]


def test_an_edited_document_is_an_error_that_names_it(stores: Stores) -> None:
    manifest = stores.documents.write(DECISION, {"promote": False})
    with stores.database.writing("test") as connection:
        connection.execute(sa.update(table).values(content=sa.func.replace(table.c.content, "false", "true")))
    with pytest.raises(DataError, match=f"Document {manifest.version} of flights/decision/2013-03 is not what was"):
        stores.documents.read(DECISION)
    stores.documents.write(DECISION, {"promote": False})
    assert stores.documents.read(DECISION) == {"promote": False}


def test_a_removed_document_is_an_error_that_names_it(stores: Stores) -> None:
    stores.documents.write(DECISION, {"promote": False})
    with stores.database.writing("test") as connection:
        connection.execute(sa.delete(table))
    with pytest.raises(DataError, match="flights/decision/2013-03 is gone"):
        stores.documents.read(DECISION)


def test_nothing_stored_names_the_command(stores: Stores) -> None:
    with pytest.raises(NotStored, match="--partition 2013-03"):
        stores.documents.read(DECISION)


def test_nan_is_an_error_rather_than_stored(stores: Stores) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        stores.documents.write(DECISION, {"auc": float("nan")})


def test_the_same_document_of_two_artifacts_is_read_from_both(stores: Stores) -> None:
    other = DECISION._replace(partition=None)
    for artifact in (DECISION, other):
        stores.documents.write(artifact, {"promote": True})
    assert stores.documents.read(DECISION) == stores.documents.read(other) == {"promote": True}
    assert stores.documents.partitions("flights", "decision") == ["2013-03"]
