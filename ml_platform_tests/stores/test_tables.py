"""A stored table is read back exactly, or the reader is told what is wrong with it."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ml_platform.errors import DataError, NotStored
from ml_platform.lineage.vacuum import stray_objects
from ml_platform.stores.artifact import ArtifactKey, Manifest
from ml_platform.stores.database.schema import manifests as table
from ml_platform.stores.installation import Installation
from ml_platform.stores.objects import ObjectStore
from ml_platform.stores.parquet import to_arrow, to_parquet
from ml_platform.stores.stores import Stores
from ml_platform.stores.tables import TableStore

FEATURES = ArtifactKey("flights", "features", "2013-01")


@pytest.fixture
def store(stores: Stores) -> TableStore:
    return stores.tables


def frame(seed: int = 0, n_rows: int = 200) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "id": np.arange(n_rows),
            "amount": np.where(rng.random(n_rows) < 0.1, np.nan, rng.normal(size=n_rows)),
            "name": rng.choice(["Åse", "Bo", None], n_rows),
            "at": pd.Timestamp("2013-01-01", tz="UTC") + pd.to_timedelta(rng.integers(0, 1000, n_rows), "min"),
        }
    )


def test_what_is_written_is_read_back(store: TableStore) -> None:
    store.write(FEATURES, frame())
    pd.testing.assert_frame_equal(store.read(FEATURES), frame())
    assert list(store.read(FEATURES, ["name", "id"]).columns) == ["name", "id"]


def test_same_rows_have_the_same_version_and_other_rows_another(store: TableStore) -> None:
    first = store.write(FEATURES, frame(), run_id="a")
    again = store.write(FEATURES, frame(), run_id="b")
    other = store.write(FEATURES, frame(seed=1))
    assert again == first, "storing the same rows again changes nothing, not even the run that made them"
    assert other.version != first.version


def put(store: TableStore, manifest: Manifest, content: bytes) -> None:
    """Replace the file of a version."""
    store.objects.put(store.key(FEATURES, manifest.version), content)


def get(store: TableStore, manifest: Manifest) -> bytes:
    return store.objects.get(store.key(FEATURES, manifest.version)) or b""


@given(st.integers(0, 199), st.sampled_from(["id", "amount", "name", "at"]))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_changed_value_is_noticed_and_its_column_named(store: TableStore, row: int, column: str) -> None:
    manifest = store.manifest(FEATURES) or store.write(FEATURES, frame())
    changed = frame()
    replacement = {"id": -1, "amount": 99.5, "name": "Zoë", "at": pd.Timestamp("1999-01-01", tz="UTC")}[column]
    changed.loc[row, column] = replacement
    put(store, manifest, to_parquet(to_arrow(changed)))
    assert store.differences(manifest) == [f"column '{column}' has values that differ from the recorded ones"]


def test_older_versions_stay_readable(store: TableStore) -> None:
    first = store.write(FEATURES, frame())
    store.write(FEATURES, frame(seed=1))
    pd.testing.assert_frame_equal(store.read_version(first), frame())


def test_every_flipped_bit_is_an_error_and_never_other_values(store: TableStore) -> None:
    """Also in the footer, which no page checksum covers."""
    manifest = store.write(FEATURES, frame())
    intact = get(store, manifest)
    places = np.random.default_rng(0).integers(4, len(intact) - 8, 60)
    for place in [*places, *range(len(intact) - 60, len(intact))]:
        damaged = bytearray(intact)
        damaged[place] ^= 1 << int(place) % 8
        put(store, manifest, bytes(damaged))
        try:
            found = store.read(FEATURES)
        except DataError as error:
            assert store.where(FEATURES, manifest.version) in str(error)  # noqa: PT017
        else:
            pd.testing.assert_frame_equal(found, frame())


def test_truncated_file_is_named_with_its_size_and_the_repair_works(store: TableStore) -> None:
    manifest = store.write(FEATURES, frame())
    put(store, manifest, get(store, manifest)[:500])
    with pytest.raises(DataError, match=r"500 bytes\) cannot be read.*Run: ml-platform asset materialize"):
        store.read(FEATURES)
    store.write(FEATURES, frame())
    pd.testing.assert_frame_equal(store.read(FEATURES), frame())


def test_a_file_with_other_types_is_an_error(store: TableStore) -> None:
    manifest = store.write(FEATURES, frame())
    put(store, manifest, to_parquet(to_arrow(frame().assign(id=lambda f: f["id"].astype("int32")))))
    with pytest.raises(DataError, match="'id': 'int32'"):
        store.read(FEATURES, ["id"])


def test_missing_partition_names_the_command_that_makes_it(store: TableStore) -> None:
    with pytest.raises(NotStored, match=r"flights/features/2013-01 is not stored.*--partition 2013-01"):
        store.read(FEATURES)


def test_a_damaged_manifest_is_no_reason_to_keep_a_table_and_storing_it_again_repairs_it(stores: Stores) -> None:
    store, inputs = stores.tables, {"raw": "1"}
    store.write(FEATURES, frame(), inputs=inputs)
    content = sa.func.replace(table.c.content, '"raw": "1"', '"raw": "2"')
    with stores.database.writing("test") as connection:
        connection.execute(sa.update(table).values(content=content))
    assert store.read_made_from(FEATURES, {"raw": "2"}) is None
    with pytest.raises(DataError, match="is not what was recorded"):
        store.read(FEATURES)
    assert not store.differences(store.write(FEATURES, frame(), inputs=inputs))
    manifest, rows = store.read_made_from(FEATURES, inputs) or pytest.fail("made again")
    assert manifest == store.require(FEATURES)
    pd.testing.assert_frame_equal(rows, frame())


def test_what_a_table_relies_on_is_recorded_and_another_one_does_not_make_it_stale(stores: Stores) -> None:
    validation = FEATURES._replace(asset="validation_flights")
    for age in ("a day", "two days"):
        judged = stores.documents.write(validation, {"passed": True, "age": age})
        relies_on = {str(validation): judged.version}
        made = stores.tables.write(FEATURES, frame(), inputs={"raw": "1"}, relies_on=relies_on)
    (origin,) = made.origins.values()
    document = stores.documents.read_version(stores.manifests.get(origin))
    assert document == {"passed": True, "age": "a day"}
    assert stores.tables.read_made_from(FEATURES, {"raw": "1"}) is not None


def test_a_removed_version_says_so_and_is_no_longer_taken_for_removed_when_it_was_made_again(store: TableStore) -> None:
    """Also when it is lost after that: then it is a loss."""
    old, new = store.write(FEATURES, frame()), store.write(FEATURES, frame(seed=1))
    assert store.remove(FEATURES, old.version)
    assert not store.remove(FEATURES, new.version), "it is the current one"
    with pytest.raises(DataError, match=r"was removed by `ml-platform vacuum`"):
        store.read_version(old)
    store.write(FEATURES, frame())
    pd.testing.assert_frame_equal(store.read(FEATURES), frame())
    store.write(FEATURES, frame(seed=1))
    store.objects.delete(store.key(FEATURES, old.version))
    assert not store.is_removed(FEATURES, old.version)
    with pytest.raises(DataError, match="does not exist"):
        store.read_version(old)


def test_a_version_removed_while_it_is_stored_again_stays_readable(
    store: TableStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = store.write(FEATURES, frame())
    store.write(FEATURES, frame(seed=1))
    put_object = ObjectStore.put

    def put_and_remove(self: ObjectStore, key: str, content: bytes) -> None:
        put_object(self, key, content)
        monkeypatch.setattr(ObjectStore, "put", put_object)
        assert store.remove(FEATURES, old.version)

    monkeypatch.setattr(ObjectStore, "put", put_and_remove)
    assert store.write(FEATURES, frame()) == old
    pd.testing.assert_frame_equal(store.read(FEATURES), frame())


def test_a_version_is_copied_into_another_store_only_when_it_is_as_recorded(stores: Stores, tmp_path: Path) -> None:
    into = Stores(Installation(tmp_path / "copy", "")).tables
    manifest = stores.tables.write(FEATURES, frame())
    stores.tables.copy_version(manifest, into)
    pd.testing.assert_frame_equal(into.read_version(manifest), frame())
    put(stores.tables, manifest, b"damaged")
    with pytest.raises(DataError, match="7 bytes"):
        stores.tables.copy_version(manifest, into)


KILLED_WRITER = """
import os, signal, sys
from pathlib import Path
import pandas as pd
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.installation import Installation
from ml_platform.stores.manifests import ManifestStore
from ml_platform.stores.objects import ObjectStore
from ml_platform.stores.stores import Stores

def kill(*_arguments, **_options):
    os.kill(os.getpid(), signal.SIGKILL)

data, database, objects, where = sys.argv[1:]
if where == "before the object":
    ObjectStore.put = kill
if where == "after the object":
    ManifestStore.commit = kill
if where == "in the transaction":
    import ml_platform.stores.tables as tables
    tables.record_object = kill
stores = Stores(Installation(Path(data), "", database_url=database, store_url=objects))
stores.tables.write(ArtifactKey("flights", "features", "2013-01"), pd.DataFrame({"id": [1, 2]}))
"""


@pytest.mark.processes
@pytest.mark.parametrize("where", ["before the object", "after the object", "in the transaction"])
def test_killed_writer_leaves_the_last_good_version_and_what_it_left_is_found(stores: Stores, where: str) -> None:
    store, installation = stores.tables, stores.installation
    store.write(FEATURES, frame())
    arguments = [str(installation.data), installation.database_url, installation.store_url, where]
    killed = subprocess.run([sys.executable, "-c", KILLED_WRITER, *arguments], check=False)
    assert killed.returncode == -signal.SIGKILL
    pd.testing.assert_frame_equal(store.read(FEATURES), frame())
    assert store.differences(store.require(FEATURES)) == []
    now = datetime.now(tz=UTC) + timedelta(minutes=1)
    stray = list(stray_objects(stores, "flights", put_before=now))
    assert len(stray) == (where != "before the object")
    store.write(FEATURES, pd.DataFrame({"id": [1, 2]}))
    assert list(stray_objects(stores, "flights", put_before=now)) == []
