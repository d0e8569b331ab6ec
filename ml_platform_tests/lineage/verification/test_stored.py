"""What is changed, removed or added behind the platform's back is named, on this machine alone and on shared stores."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from ml_platform.lineage.verification.difference import Difference
from ml_platform.lineage.verification.verify import checks
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.database.schema import documents, inputs, manifests, objects
from ml_platform.stores.manifests import id_of
from ml_platform.stores.stores import Stores

VALIDATION = ArtifactKey("m", "validation_rows", "2013-01")
FEATURES = ArtifactKey("m", "features", "2013-01")
DECISION = ArtifactKey("m", "decision", "2013-01")
FRAME = pd.DataFrame({"id": np.arange(1000), "x": np.linspace(0, 1, 1000)})


@pytest.fixture(autouse=True)
def _filled(stores: Stores) -> None:
    """A document, features made from it (twice, so that there is an older version), a decision and a report."""
    made_from = stores.documents.write(VALIDATION, {"passed": True})
    made_from = {str(VALIDATION): made_from.version}
    stores.tables.write(FEATURES, FRAME.head(10), inputs=made_from)
    features = stores.tables.write(FEATURES, FRAME, inputs=made_from)
    stores.documents.write(DECISION, {"promote": True}, inputs={str(FEATURES): features.version})
    stores.reports.write(ArtifactKey("m", "drift", "2013-01"), b"<p>fine</p>")


def verify(stores: Stores) -> list[Difference]:
    return [difference for check in checks(stores) for difference in check.differences()]


def change(stores: Stores, statement: sa.Executable) -> None:
    with stores.database.writing("test") as connection:
        connection.execute(statement)


def shown(stores: Stores, artifact: ArtifactKey) -> str:
    return f"{artifact} {stores.manifests.require(artifact).version[:12]}"


def test_all_is_as_recorded(stores: Stores) -> None:
    assert verify(stores) == []


def test_one_random_bit_in_a_table_is_named_wherever_it_lies(stores: Stores) -> None:
    version = stores.tables.require(FEATURES).version
    key = stores.tables.key(FEATURES, version)
    intact = stores.objects.get(key) or b""
    for place in (0, 3, len(intact) // 2, *range(len(intact) - 120, len(intact), 7)):
        damaged = bytearray(intact)
        damaged[place] ^= 4
        stores.objects.put(key, bytes(damaged))
        (found,) = verify(stores)
        assert found.what == stores.tables.where(FEATURES, version)
        assert found.dependents == (shown(stores, DECISION),)
        assert "Run: ml-platform asset materialize" in found.run


def test_the_same_rows_in_another_file_are_told_from_other_rows(stores: Stores) -> None:
    key = stores.tables.key(FEATURES, stores.tables.require(FEATURES).version)
    sink = FRAME.to_parquet()
    stores.objects.put(key, sink)
    (found,) = verify(stores)
    assert found.found.startswith("the same rows in another file: SHA-256 ")
    changed = FRAME.assign(x=FRAME["x"].where(FRAME["id"] != 7, 0.5))
    stores.objects.put(key, changed.to_parquet())
    (found,) = verify(stores)
    assert found.found == "column 'x' has values that differ from the recorded ones"


def test_a_table_or_report_that_is_gone_is_named(stores: Stores) -> None:
    for found in list(stores.objects.list()):
        stores.objects.delete(found.key)
    old, new, report = sorted(verify(stores), key=lambda one: (one.run.startswith("Nothing"), one.what))
    assert {old.found, new.found, report.found} == {"missing"}
    assert report.what == stores.objects.where("reports/m/drift/2013-01.html")


def test_a_changed_report_is_named(stores: Stores) -> None:
    stores.objects.put("reports/m/drift/2013-01.html", b"<p>fake</p>")
    (found,) = verify(stores)
    assert found.what == stores.objects.where("reports/m/drift/2013-01.html")


@pytest.mark.parametrize("key", ["tables/m/features/2013-01/0123456789abcdef.parquet", "reports/m/drift/2013-02.html"])
def test_an_object_that_nothing_refers_to_is_named(stores: Stores, key: str) -> None:
    stores.objects.put(key, b"planted")
    (found,) = verify(stores)
    assert (found.what, found.recorded, found.found) == (stores.objects.where(key), "nothing", "7 bytes")


def test_a_changed_document_is_named(stores: Stores) -> None:
    version = stores.documents.require(VALIDATION).version
    content = sa.func.replace(documents.c.content, "true", "false")
    change(stores, sa.update(documents).where(documents.c.version == version).values(content=content))
    (found,) = verify(stores)
    assert found.what == f"document {version} of {VALIDATION} in {stores.database}"
    assert set(found.dependents) >= {shown(stores, FEATURES), shown(stores, DECISION)}


@pytest.mark.parametrize("column", ["content", "version", "partition", "n_rows"])
def test_a_changed_manifest_is_named(stores: Stores, column: str) -> None:
    manifest_id = id_of(stores.manifests.require(FEATURES))
    here = sa.update(manifests).where(manifests.c.id == manifest_id)
    change(stores, here.values({column: 3 if column == "n_rows" else "other"}))
    found = verify(stores)
    assert f"manifest {manifest_id} in {stores.database}" in {one.what for one in found}


def test_a_manifest_that_is_gone_is_named_by_what_was_made_from_it(stores: Stores) -> None:
    manifest_id, older = id_of(stores.manifests.require(VALIDATION)), shown(stores, DECISION)
    change(stores, sa.delete(manifests).where(manifests.c.id == manifest_id))
    found = verify(stores)
    assert {(one.recorded, one.found) for one in found} == {(manifest_id, "missing")}
    assert {one.dependents[0].split(" ")[0] for one in found} == {str(FEATURES)}
    assert older


def test_all_manifests_of_a_table_gone_leave_files_that_nothing_refers_to(stores: Stores) -> None:
    change(stores, sa.delete(manifests).where(manifests.c.asset == "features"))
    found = {one.found for one in verify(stores)}
    assert "no manifest is of it" in found


def test_a_manifest_that_is_no_longer_current_is_named(stores: Stores) -> None:
    change(stores, sa.update(manifests).values(superseded_at=manifests.c.stored_at))
    found = verify(stores)
    assert {one.found for one in found} == {"all are superseded"}
    assert len(found) == 3


@pytest.mark.parametrize("damage", [sa.delete(inputs), sa.update(inputs).values(origin="0" * 32)])
def test_links_that_are_not_those_of_the_manifests_are_named(stores: Stores, damage: sa.Executable) -> None:
    change(stores, damage)
    found = verify(stores)
    assert len(found) == 3
    assert all(one.what.startswith("inputs of manifest ") for one in found)


def test_a_record_of_an_object_that_is_gone_is_named(stores: Stores) -> None:
    change(stores, sa.delete(objects).where(objects.c.key.startswith("tables/")))
    assert "the hash of the file is not in the database" in {one.found for one in verify(stores)}
