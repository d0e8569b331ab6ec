"""The history of manifests: nothing is forgotten, nothing changes unnoticed."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from ml_platform.errors import DataError, NotStored
from ml_platform.stores.artifact import ArtifactKey, Manifest
from ml_platform.stores.database.schema import inputs
from ml_platform.stores.database.schema import manifests as table
from ml_platform.stores.manifests import ManifestStore, id_of, is_of
from ml_platform.stores.stores import Stores

DECISION = ArtifactKey("flights", "decision", "2013-03")


def current(stores: Stores) -> list[str]:
    with stores.database.reading() as connection:
        return list(connection.scalars(sa.select(table.c.id).where(table.c.superseded_at.is_(None))))


def test_a_manifest_with_one_changed_bit_is_an_error_and_is_repaired_by_storing_again(stores: Stores) -> None:
    stores.documents.write(DECISION, {"promote": False}, inputs={"a": "1"}, run_id="abc")
    (manifest_id,) = current(stores)
    with stores.database.reading() as connection:
        intact: str = connection.scalar(sa.select(table.c.content))
    for place in range(0, len(intact), 7):
        damaged = f"{intact[:place]}{chr(ord(intact[place]) ^ 1)}{intact[place + 1 :]}"
        with stores.database.writing("test") as connection:
            connection.execute(sa.update(table).values(content=damaged))
        with pytest.raises(DataError, match=f"Manifest {manifest_id} of flights/decision/2013-03 .* is not what was"):
            stores.documents.read(DECISION)
    stores.documents.write(DECISION, {"promote": False}, inputs={"a": "1"}, run_id="abc")
    assert stores.documents.read(DECISION) == {"promote": False}


@pytest.mark.parametrize("column", ["model", "asset", "partition", "version", "n_rows"])
def test_a_changed_column_of_a_manifest_is_an_error(stores: Stores, column: str) -> None:
    stores.documents.write(DECISION, {"promote": False})
    (manifest_id,) = current(stores)
    with stores.database.writing("test") as connection:
        connection.execute(sa.update(table).values({column: 3 if column == "n_rows" else "other"}))
    with pytest.raises(DataError, match=f"{column} differ from its content"):
        stores.manifests.get(manifest_id)


def test_every_manifest_that_was_ever_current_is_kept_with_what_it_was_made_from(stores: Stores) -> None:
    """Two equal versions of an input have different histories: what was made from one keeps which one it was."""
    documents, made = stores.documents, DECISION._replace(asset="champion")
    origins, versions = [], []
    for origin in ("first", "second"):
        made_from = documents.write(DECISION, {"promote": True}, inputs={"raw": origin})
        result = documents.write(made, {"made from": origin}, inputs={str(DECISION): made_from.version, "raw": "x"})
        origins.append(result.origins[str(DECISION)])
        versions.append(made_from.version)
        assert result.code == stores.code
    assert versions[0] == versions[1]
    assert [stores.manifests.get(origin).inputs for origin in origins] == [{"raw": "first"}, {"raw": "second"}]
    kept = stores.manifests.select(*is_of(made))
    assert [documents.read_version(manifest)["made from"] for manifest in kept.values()] == ["first", "second"]
    assert all(id_of(manifest) == manifest_id for manifest_id, manifest in kept.items())
    assert documents.read(made) == {"made from": "second"}
    assert stores.manifests.assets("flights") == ["champion", "decision"]
    assert stores.manifests.models() == ["flights"]


def test_what_comes_back_is_current_again_and_the_other_is_superseded(stores: Stores) -> None:
    first = stores.documents.write(DECISION, {"promote": True})
    second = stores.documents.write(DECISION, {"promote": False})
    assert current(stores) == [id_of(second)]
    assert stores.documents.write(DECISION, {"promote": True}) == first
    assert current(stores) == [id_of(first)]
    assert set(stores.manifests.select(*is_of(DECISION))) == {id_of(first), id_of(second)}


def test_a_missing_manifest_is_named(stores: Stores) -> None:
    stores.documents.write(DECISION, {"promote": True})
    (manifest_id,) = current(stores)
    with stores.database.writing("test") as connection:
        connection.execute(sa.delete(table))
    with pytest.raises(NotStored, match=f"Manifest {manifest_id} is gone"):
        stores.manifests.get(manifest_id)


names = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=5)


@given(artifacts=st.lists(st.builds(ArtifactKey, names, names, names), min_size=1, max_size=5), data=st.data())
@settings(max_examples=200, deadline=None)
def test_the_table_of_inputs_says_what_the_manifests_say(
    tmp_path_factory: pytest.TempPathFactory, artifacts: list[ArtifactKey], data: st.DataObject
) -> None:
    from ml_platform.stores.database.connection import Database

    folder = tmp_path_factory.getbasetemp() / "inputs of manifests"
    folder.mkdir(exist_ok=True)
    store = ManifestStore(Database(f"sqlite:///{folder}/facts.db"))
    made: list[Manifest] = []
    for number, artifact in enumerate(artifacts):
        chosen = data.draw(st.lists(st.sampled_from(made), max_size=3)) if made else []
        manifest = Manifest(
            artifact=str(artifact), version=str(number), inputs={"raw": "1", **{m.artifact: m.version for m in chosen}}
        )
        made.append(store.commit(artifact, manifest, store=lambda _connection, _was_removed: None))
    for manifest in made:
        with store.database.reading() as connection:
            rows = connection.execute(sa.select(inputs).where(inputs.c.manifest_id == id_of(manifest))).all()
        assert {row.name: row.version for row in rows if row.version is not None} == manifest.inputs
        assert {row.name: row.origin for row in rows if row.origin is not None} == manifest.origins
        assert {name for name in manifest.inputs if name != "raw"} == set(manifest.origins)


def test_the_current_versions_of_a_model_are_those_of_its_artifacts_alone(stores: Stores) -> None:
    assert stores.manifests.versions("flights") == {}
    stores.documents.write(DECISION, {"promote": False})
    now = stores.documents.write(DECISION, {"promote": True})
    other = stores.documents.write(ArtifactKey("flights", "candidate"), {"run_id": "1"})
    stores.documents.write(ArtifactKey("employment", "candidate"), {"run_id": "2"})
    assert stores.manifests.versions("flights") == {
        "flights/decision/2013-03": now.version,
        "flights/candidate/whole": other.version,
    }
