"""The graph that two YAML files make: keys, lineage, checks, jobs, and nothing that runs unasked."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from ml_platform.spec import load_spec

PACKAGE = Path(__file__).parents[2] / "ml_platform"
MODELS = ("employment", "flights")
LATER = {
    "features",
    "labels",
    "training_set",
    "exploration",
    "baseline",
    "candidate",
    "evaluation",
    "decision",
    "champion",
}


def assets(model: str) -> set[str]:
    tables = load_spec(PACKAGE / "defs" / model).tables
    raw = {f"{stage}_{table}" for table in tables for stage in ("raw", "valid", "quarantine")}
    return raw | LATER | {"predictions", "drift"}


@pytest.mark.parametrize("model", MODELS)
def test_every_asset_says_what_it_is_and_whose(definitions: dg.Definitions, model: str) -> None:
    graph = definitions.resolve_asset_graph()
    nodes = [graph.get(key) for key in graph.get_all_asset_keys() if key.path[0] == model]
    assert {node.key.path[1] for node in nodes} == assets(model)
    for node in nodes:
        assert node.description
        assert node.kinds
        assert list(node.owners) == ["team:ml-platform"]
        assert node.group_name == model
        assert node.code_version
        assert (PACKAGE / node.tags["stage"]).is_dir()


def test_lineage_of_flights(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()

    def parents(asset: str) -> set[str]:
        return {key.path[1] for key in graph.get(dg.AssetKey(["flights", asset])).parent_keys}

    assert parents("valid_flights") == {"raw_flights"}
    assert parents("features") == {"valid_flights", "valid_weather", "valid_planes"}
    assert parents("training_set") == {"features", "labels"}
    assert parents("exploration") == {"training_set"}
    assert parents("evaluation") == {"candidate", "baseline"}
    assert parents("predictions") == {"features", "champion"}
    assert parents("drift") == {"features", "predictions"}
