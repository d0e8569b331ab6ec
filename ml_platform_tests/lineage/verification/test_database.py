"""A damaged database, manifest or link between manifests is named."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from ml_platform.cli.verify import run
from ml_platform.cli.verify import verify as command
from ml_platform.lineage.verification.verify import checks
from ml_platform.stores.database.schema import inputs, manifests
from ml_platform.stores.installation import DATA
from ml_platform.stores.manifests import id_of
from ml_platform.stores.stores import Stores
from ml_platform_tests.lineage.verification.small import DECISION, FEATURES, VALIDATION, change, fill, shown, verify
from ml_platform_tests.place import Place


@pytest.fixture
def filled(stores: Stores) -> Stores:
    fill(stores)
    return stores


@pytest.mark.parametrize("column", ["content", "version", "partition", "n_rows"])
def test_a_changed_manifest_is_named(filled: Stores, column: str) -> None:
    manifest_id = id_of(filled.manifests.require(FEATURES))
    here = sa.update(manifests).where(manifests.c.id == manifest_id)
    change(filled, here.values({column: 3 if column == "n_rows" else "other"}))
    found = verify(filled)
    assert f"manifest {manifest_id} in {filled.database}" in {one.what for one in found}


def test_a_manifest_that_is_gone_is_named_by_what_was_made_from_it(filled: Stores) -> None:
    manifest_id, older = id_of(filled.manifests.require(VALIDATION)), shown(filled, DECISION)
    change(filled, sa.delete(manifests).where(manifests.c.id == manifest_id))
    found = verify(filled)
    assert {(one.recorded, one.found) for one in found} == {(manifest_id, "missing")}
    assert {one.dependents[0].split(" ")[0] for one in found} == {str(FEATURES)}
    assert older


def test_a_manifest_that_is_no_longer_current_is_named(filled: Stores) -> None:
    change(filled, sa.update(manifests).values(superseded_at=manifests.c.stored_at))
    found = verify(filled)
    assert {one.found for one in found} == {"all are superseded"}
    assert len(found) == 3


@pytest.mark.parametrize("damage", [sa.delete(inputs), sa.update(inputs).values(origin="0" * 32)])
def test_links_that_are_not_those_of_the_manifests_are_named(filled: Stores, damage: sa.Executable) -> None:
    change(filled, damage)
    found = verify(filled)
    assert len(found) == 3
    assert all(one.what.startswith("inputs of manifest ") for one in found)


def test_a_database_that_is_damaged_keeps_no_raw_file_from_being_looked_at(copied: Place) -> None:
    for file in copied.folder.glob("ml_platform.db-*"):
        file.unlink()
    (copied.folder / "ml_platform.db").write_bytes(b"no database" * 1000)
    found, not_checked = run(list(checks(copied.stores)))
    assert found == []
    assert {one.check for one in not_checked} == {"database", "models in the database"}
    result = CliRunner().invoke(command, [], env={DATA: str(copied.folder)})
    assert result.exit_code == 3
    assert "is damaged: file is not a database" in result.output
