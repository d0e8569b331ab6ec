"""What is changed, removed or added behind the platform's back is named, on this machine alone and on shared stores."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ml_platform.stores.database.schema import documents, manifests, objects
from ml_platform.stores.stores import Stores
from ml_platform_tests.lineage.verification.small import (
    DECISION,
    FEATURES,
    FRAME,
    VALIDATION,
    change,
    fill,
    shown,
    verify,
)


@pytest.fixture(autouse=True)
def _filled(stores: Stores) -> None:
    fill(stores)


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


def test_all_manifests_of_a_table_gone_leave_files_that_nothing_refers_to(stores: Stores) -> None:
    change(stores, sa.delete(manifests).where(manifests.c.asset == "features"))
    found = {one.found for one in verify(stores)}
    assert "no manifest is of it" in found


def test_a_record_of_an_object_that_is_gone_is_named(stores: Stores) -> None:
    change(stores, sa.delete(objects).where(objects.c.key.startswith("tables/")))
    assert "the hash of the file is not in the database" in {one.found for one in verify(stores)}
