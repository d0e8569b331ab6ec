"""Documents are read back exactly, or not at all."""

from pathlib import Path

import pytest

from ml_platform.errors import DataError, NotStored
from ml_platform.stores.shelf import DocumentStore
from ml_platform.stores.slot import Slot

SLOT = Slot("flights", "decision", "2013-03")


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
