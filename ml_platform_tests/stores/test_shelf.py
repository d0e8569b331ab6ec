"""Documents are read back exactly, or not at all."""

from pathlib import Path

import pytest

from ml_platform.errors import DataError, NotStored
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.shelf import DocumentStore

SLOT = ArtifactKey("flights", "decision", "2013-03")


def test_document_round_trip_keeps_its_inputs_and_its_first_run(tmp_path: Path) -> None:
    store = DocumentStore(tmp_path)
    store.write(SLOT, {"promote": True, "ø": [0.1, None]}, inputs={"a": "1"}, run_id="first")
    manifest = store.write(SLOT, {"ø": [0.1, None], "promote": True}, inputs={"a": "1"}, run_id="second")
    assert store.read(SLOT) == {"promote": True, "ø": [0.1, None]}
    assert (manifest.inputs, manifest.run_id) == ({"a": "1"}, "first")
    assert store.partitions("flights", "decision") == ["2013-03"]


def test_edited_document_is_refused_by_name(tmp_path: Path) -> None:
    store = DocumentStore(tmp_path)
    manifest = store.write(SLOT, {"promote": False})
    file = next((tmp_path / "flights" / "decision" / "2013-03").glob("*.json"))
    file.write_text(file.read_text().replace("false", "true"))
    assert manifest.version.startswith(file.stem)
    with pytest.raises(DataError, match=r"is not what was recorded for flights/decision/2013-03"):
        store.read(SLOT)


def test_nothing_stored_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(NotStored, match="--partition 2013-03"):
        DocumentStore(tmp_path).read(SLOT)


def test_nan_is_refused_rather_than_stored(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        DocumentStore(tmp_path).write(SLOT, {"auc": float("nan")})


def test_a_manifest_with_one_flipped_bit_is_refused_and_repaired_by_storing_again(tmp_path: Path) -> None:
    store = DocumentStore(tmp_path)
    store.write(SLOT, {"promote": False}, inputs={"a": "1"}, run_id="abc")
    manifest = tmp_path / "flights" / "decision" / "2013-03.json"
    intact = manifest.read_bytes()
    for place in range(len(intact)):
        damaged = bytearray(intact)
        damaged[place] ^= 1
        manifest.write_bytes(damaged)
        with pytest.raises(DataError, match=r"2013-03\.json is not"):
            store.read(SLOT)
    store.write(SLOT, {"promote": False}, inputs={"a": "1"}, run_id="abc")
    assert store.read(SLOT) == {"promote": False}


def test_every_manifest_that_was_ever_current_is_kept_with_what_it_was_made_from(tmp_path: Path) -> None:
    """Two equal versions of an input have different histories: what was made from one keeps which one it was."""
    store = DocumentStore(tmp_path, code="c0ffee")
    made = SLOT._replace(asset="champion")
    records, versions = [], []
    for origin in ("first", "second"):
        input_ = store.write(SLOT, {"promote": True}, inputs={"raw": origin})
        result = store.write(made, {"made from": origin}, inputs={str(SLOT): input_.version, "raw": "x"})
        records.append(result.origins[str(SLOT)])
        versions.append(input_.version)
        assert result.code == "c0ffee"
    assert versions[0] == versions[1]
    assert [store.records.get(SLOT, record).inputs for record in records] == [{"raw": "first"}, {"raw": "second"}]
    kept = sorted(store.records.of(made).values(), key=lambda manifest: manifest.version)
    assert {store.read_version(made, manifest)["made from"] for manifest in kept} == {"first", "second"}
    assert store.read(made) == {"made from": "second"}


def test_a_changed_or_missing_record_is_named(tmp_path: Path) -> None:
    store = DocumentStore(tmp_path)
    store.write(SLOT, {"promote": True})
    record = store.record(SLOT)
    file = tmp_path / "flights" / "decision" / "2013-03" / "records" / f"{record}.json"
    file.write_bytes(file.read_bytes().replace(b"decision", b"Decision"))
    with pytest.raises(DataError, match=rf"{record}\.json is not what was recorded"):
        store.records.get(SLOT, record)
    file.unlink()
    with pytest.raises(NotStored, match=rf"record {record} of flights/decision/2013-03 is gone"):
        store.records.get(SLOT, record)
