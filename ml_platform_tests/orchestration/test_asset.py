"""A kind of asset becomes Dagster assets of a model: keys, tags, what is shown, and failures that a person can read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg
import pytest

from ml_platform.errors import DataError
from ml_platform.orchestration.asset import build_asset
from ml_platform.orchestration.asset_kind import DATA_VERSION, Asset, AssetKind, Body, Made
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.artifact import Column, Manifest
from ml_platform.stores.stores import Stores

COLUMN = Column(name="x", type="double", digest="0")
MANIFEST = Manifest(artifact="tumours/rows/whole", version="v1", n_rows=3, columns=(COLUMN,))


def kind(body: Body, *names: str) -> AssetKind:
    assets = tuple(Asset(name, f"The {name}.", frozenset({"pandas"})) for name in names)
    return AssetKind("features", assets, body, deps=["earlier"])


def make(
    model: Model, of: AssetKind, instance: dg.DagsterInstance, *, select: str = "*", **options: Any
) -> dg.ExecuteInProcessResult:
    keys = [dg.AssetKey([model.name, asset.name]) for asset in of.assets if select in ("*", asset.name)]
    resources = {"stores": "the stores"}
    return dg.materialize([build_asset(model, of)], instance=instance, resources=resources, selection=keys, **options)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def test_the_body_is_given_model_stores_and_run_and_what_it_made_is_shown(
    tumours: Model, instance: dg.DagsterInstance
) -> None:
    given: list[object] = []

    def body(model: Model, stores: Stores, partition: str | None, run: RunContext) -> Iterator[Made]:
        given.extend((model, stores, partition, run.run_id))
        yield Made("rows", "v1", MANIFEST, {"share": 0.5}, {"x": "A length."})

    result = make(tumours, kind(body, "rows"), instance)
    assert given == [tumours, "the stores", None, result.run_id]
    (made,) = result.asset_materializations_for_node("tumours__rows")
    assert (made.asset_key, made.tags[DATA_VERSION]) == (dg.AssetKey(["tumours", "rows"]), "v1")
    assert (made.metadata["share"].value, made.metadata["dagster/row_count"].value) == (0.5, 3)
    (column,) = made.metadata["dagster/column_schema"].value.columns
    assert (column.name, column.type, column.description) == ("x", "double", "A length.")


def test_the_definition_says_whose_it_is_of_which_stage_and_version(tumours: Model) -> None:
    (spec,) = build_asset(tumours, kind(lambda *_: (), "rows")).specs
    assert (spec.group_name, list(spec.owners), spec.tags["stage"]) == ("tumours", ["team:tests"], "features")
    assert (spec.code_version, spec.partitions_def) == (tumours.version, None)
    assert [dep.asset_key for dep in spec.deps] == [dg.AssetKey(["tumours", "earlier"])]


def test_of_two_assets_only_the_selected_one_is_recorded(tumours: Model, instance: dg.DagsterInstance) -> None:
    def body(*_: object) -> Iterator[Made]:
        yield Made("valid", "v1", MANIFEST)
        yield Made("quarantine", "v2", MANIFEST)

    result = make(tumours, kind(body, "valid", "quarantine"), instance, select="quarantine")
    keys = [made.asset_key.path[1] for made in result.asset_materializations_for_node("tumours__valid")]
    assert keys == ["quarantine"]


def test_an_unchanged_asset_goes_on_to_show_what_it_showed_unless_its_version_is_another(
    tumours: Model, instance: dg.DagsterInstance
) -> None:
    def shown(version: str, *, kept: bool, **metadata: str) -> dict[str, Any]:
        made = Made("rows", version, MANIFEST, metadata, kept=kept)
        result = make(tumours, kind(lambda *_: [made], "rows"), instance)
        (event,) = result.asset_materializations_for_node("tumours__rows")
        return {name: event.metadata[name].value for name in ("picture", "note") if name in event.metadata}

    assert shown("v1", kept=False, picture="roc", note="first") == {"picture": "roc", "note": "first"}
    assert shown("v1", kept=True, note="again") == {"picture": "roc", "note": "again"}
    assert shown("v1", kept=False) == {}
    assert shown("v2", kept=True) == {}


def test_what_a_person_can_repair_is_a_failure_with_its_message_and_not_our_stack(
    tumours: Model, instance: dg.DagsterInstance
) -> None:
    def body(*_: object) -> Iterator[Made]:
        raise DataError("rows.parquet: 0 rows")
        yield

    result = make(tumours, kind(body, "rows"), instance, raise_on_error=False)
    (event,) = result.get_step_failure_events()
    failure = event.step_failure_data.user_failure_data
    assert failure is not None
    assert failure.description == "rows.parquet: 0 rows"
    assert 'raise DataError("rows.parquet: 0 rows")' in failure.metadata["raised_at"].value
