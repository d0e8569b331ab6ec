"""A stored table is read back exactly, or the reader is told what is wrong with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml_platform.errors import DataError, NotStored
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.shelf import DocumentStore
from ml_platform.stores.tables import TableStore

SLOT = ArtifactKey("flights", "features", "2013-01")


@pytest.fixture
def store(tmp_path: Path) -> TableStore:
    return TableStore(tmp_path / "tables")


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
    store.write(SLOT, frame())
    pd.testing.assert_frame_equal(store.read(SLOT), frame())
    assert list(store.read(SLOT, ["name", "id"]).columns) == ["name", "id"]


def test_same_rows_have_the_same_version_and_other_rows_another(store: TableStore) -> None:
    first = store.write(SLOT, frame(), run_id="a")
    again = store.write(SLOT, frame(), run_id="b")
    other = store.write(SLOT, frame(seed=1))
    assert again == first, "storing the same rows again changes nothing, not even the run that made them"
    assert other.version != first.version


@given(st.integers(0, 199), st.sampled_from(["id", "amount", "name", "at"]))
@settings(max_examples=20, deadline=None)
def test_any_changed_value_is_noticed_and_its_column_named(
    tmp_path_factory: pytest.TempPathFactory, row: int, column: str
) -> None:
    store = TableStore(tmp_path_factory.mktemp("tables"))
    manifest = store.write(SLOT, frame())
    changed = frame()
    replacement = {"id": -1, "amount": 99.5, "name": "Zoë", "at": pd.Timestamp("1999-01-01", tz="UTC")}[column]
    changed.loc[row, column] = replacement
    pq.write_table(pa.Table.from_pandas(changed, preserve_index=False), store.file(SLOT, manifest.version))
    assert store.differences(SLOT) == [f"column '{column}' has values that differ from the recorded ones"]


def test_older_versions_stay_readable(store: TableStore) -> None:
    first = store.write(SLOT, frame())
    store.write(SLOT, frame(seed=1))
    pd.testing.assert_frame_equal(store.read_version(SLOT, first), frame())


def test_every_flipped_bit_is_an_error_and_never_other_values(store: TableStore) -> None:
    manifest = store.write(SLOT, frame())
    file = store.file(SLOT, manifest.version)
    intact = file.read_bytes()
    for position in np.random.default_rng(0).integers(4, len(intact) - 8, 60):
        damaged = bytearray(intact)
        damaged[position] ^= 1 << int(position) % 8
        file.write_bytes(bytes(damaged))
        try:
            found = store.read(SLOT)
        except DataError as error:
            assert str(file) in str(error)  # noqa: PT017
        else:
            pd.testing.assert_frame_equal(found, frame())


def test_truncated_file_is_named_with_its_size_and_the_repair_works(store: TableStore) -> None:
    manifest = store.write(SLOT, frame())
    file = store.file(SLOT, manifest.version)
    file.write_bytes(file.read_bytes()[:500])
    with pytest.raises(DataError, match=r"500 bytes\) cannot be read.*Run: ml-platform asset materialize"):
        store.read(SLOT)
    store.write(SLOT, frame())
    pd.testing.assert_frame_equal(store.read(SLOT), frame())


def test_missing_partition_names_the_command_that_makes_it(store: TableStore) -> None:
    with pytest.raises(NotStored, match=r"flights/features/2013-01 is not stored.*--partition 2013-01"):
        store.read(SLOT)


def test_a_damaged_manifest_is_no_reason_to_keep_a_table_and_storing_it_again_repairs_it(store: TableStore) -> None:
    inputs = {"raw": "1"}
    store.write(SLOT, frame(), inputs=inputs)
    manifest = store.file(SLOT, "").parents[1] / "2013-01.json"
    manifest.write_text(manifest.read_text().replace('"raw": "1"', '"raw": "2"'))
    assert store.read_made_from(SLOT, {"raw": "2"}) is None
    assert not store.is_intact(SLOT)
    store.write(SLOT, frame(), inputs=inputs)
    assert store.is_intact(SLOT)
    pd.testing.assert_frame_equal(store.read_made_from(SLOT, inputs), frame())


def test_what_a_table_rests_on_is_recorded_and_another_one_does_not_make_it_outdated(tmp_path: Path) -> None:
    documents = DocumentStore(tmp_path / "documents")
    store = TableStore(tmp_path / "tables", beside=[tmp_path / "documents"])
    validation = SLOT._replace(asset="validation_flights")
    for age in ("a day", "two days"):
        judged = documents.write(validation, {"passed": True, "age": age})
        made = store.write(SLOT, frame(), inputs={"raw": "1"}, relies_on={str(validation): judged.version})
    (record,) = made.origins.values()
    assert documents.read_version(validation, documents.records.get(validation, record)) == {
        "passed": True,
        "age": "a day",
    }
    assert store.read_made_from(SLOT, {"raw": "1"}) is not None


KILLED_WRITER = """
import os, signal, sys
from pathlib import Path
import pandas as pd
from ml_platform.stores import files
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.tables import TableStore
n = 0
real = os.fsync
def fsync(descriptor):
    global n
    n += 1
    if n == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    real(descriptor)
os.fsync = fsync
TableStore(Path(sys.argv[1])).write(ArtifactKey("flights", "features", "2013-01"), pd.DataFrame({"id": [1, 2]}))
"""


@pytest.mark.processes
@pytest.mark.parametrize("dies_at_write", [1, 2, 3])
def test_killed_writer_leaves_the_last_good_version(tmp_path: Path, dies_at_write: int) -> None:
    """It writes the content, the record, and the manifest that makes it current, in this order."""
    store = TableStore(tmp_path)
    store.write(SLOT, frame())
    command = [sys.executable, "-c", KILLED_WRITER, str(tmp_path), str(dies_at_write)]
    assert subprocess.run(command, env=dict(os.environ), check=False).returncode == -signal.SIGKILL
    pd.testing.assert_frame_equal(store.read(SLOT), frame())
    assert store.differences(SLOT) == []
