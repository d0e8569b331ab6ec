"""The graph that two YAML files make: keys, lineage, checks, jobs, and nothing that runs unasked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.dependency import NodeHandle

from ml_platform.contract import load_contract
from ml_platform.errors import SpecError
from ml_platform.orchestration.checks.stored import AS_RECORDED
from ml_platform.orchestration.jobs import find_job
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


def test_a_model_as_of_march_is_trained_on_january_to_march_and_scores_nothing_of_its_own_partition(
    definitions: dg.Definitions,
) -> None:
    graph = definitions.resolve_asset_graph()
    cut = graph.get(dg.AssetKey(["flights", "features"])).partitions_def

    def upstream(asset: str, of: str, partition: str) -> list[str]:
        mapping = graph.get(dg.AssetKey(["flights", asset])).partition_mappings[dg.AssetKey(["flights", of])]
        subset = cut.subset_with_partition_keys([partition])
        found = mapping.get_upstream_mapped_partitions_result_for_partitions(subset, cut, cut)
        return sorted(found.partitions_subset.get_partition_keys())

    assert upstream("training_set", "features", "2013-03") == ["2013-01", "2013-02", "2013-03"]
    assert upstream("training_set", "features", "2013-01") == ["2013-01"]
    assert upstream("predictions", "champion", "2013-04") == ["2013-03"]


@pytest.mark.parametrize("model", MODELS)
def test_raw_assets_have_a_blocking_check_per_column_and_rule(definitions: dg.Definitions, model: str) -> None:
    graph, folder = definitions.resolve_asset_graph(), PACKAGE / "defs" / model
    spec = load_spec(folder)
    for table in spec.tables:
        contract = load_contract(folder / spec.contract_file(table))
        promised = contract.partitioned_checks if table == spec.entity.table else contract.checks
        keys = graph.get_check_keys_for_assets({dg.AssetKey([model, f"raw_{table}"])})
        assert {key.name for key in keys} == {check.name for check in promised} | {"as_recorded"}
        assert {f"column_{column}" for column in contract.columns} <= {key.name for key in keys}
        warnings = {check.name for check in promised if check.severity == "warning"}
        assert {key.name for key in keys if not graph.get_check_spec(key).blocking} == warnings


@pytest.mark.parametrize("model", MODELS)
def test_gates_block_and_drift_does_not(definitions: dg.Definitions, model: str) -> None:
    graph = definitions.resolve_asset_graph()
    gates = graph.get_check_keys_for_assets({dg.AssetKey([model, "decision"])})
    drift = graph.get_check_keys_for_assets({dg.AssetKey([model, "drift"])})
    assert {key.name for key in gates} == {"gate_beats_baseline", "gate_not_worse_than_champion"}
    assert all(graph.get_check_spec(key).blocking for key in gates)
    features = {feature.name for feature in load_spec(PACKAGE / "defs" / model).features}
    assert {key.name for key in drift} == {f"psi_{column}" for column in features | {"score"}}
    assert not any(graph.get_check_spec(key).blocking for key in drift)


@pytest.mark.parametrize("verb", ["ingest", "explore", "train", "score"])
@pytest.mark.parametrize("model", MODELS)
def test_every_job_contains_the_contracts_with_all_their_checks(
    definitions: dg.Definitions, model: str, verb: str
) -> None:
    job, selected = find_job(definitions, f"{model}_{verb}")
    job = job.get_subset(asset_selection=frozenset(selected))
    contained = {key.path[1] for key in job.asset_layer.executable_asset_keys}
    tables = load_spec(PACKAGE / "defs" / model).tables
    assert {f"{stage}_{table}" for table in tables for stage in ("raw", "valid", "quarantine")} <= contained
    assert {"features", "labels"} <= contained
    assert ("exploration" in contained) == (verb == "explore")
    assert ("champion" in contained) == (verb == "train")
    assert ("drift" in contained) == (verb == "score")
    checks = _checks(job)
    for table in tables:
        contract = load_contract(PACKAGE / "defs" / model / load_spec(PACKAGE / "defs" / model).contract_file(table))
        assert {(f"raw_{table}", check.name) for check in contract.checks} <= checks
        assert {(f"{stage}_{table}", AS_RECORDED) for stage in ("raw", "valid", "quarantine")} <= checks
    assert (("training_set", "leakage") in checks) == (verb in ("explore", "train"))
    assert (("decision", "gate_beats_baseline") in checks) == (verb == "train")
    assert any(asset == "drift" for asset, _ in checks) == (verb == "score")


def _checks(job: dg.JobDefinition) -> set[tuple[str, str]]:
    """Return the asset and name of each check that a job evaluates."""
    layer = job.asset_layer
    handles = (NodeHandle(node.name, None) for node in job.graph.nodes)
    keys = {key for handle in handles for key in layer.get_selected_entity_keys_for_node(handle)}
    return {(key.asset_key.path[1], key.name) for key in keys if isinstance(key, dg.AssetCheckKey)}


def test_a_verb_without_a_job_is_a_selection_of_assets(definitions: dg.Definitions) -> None:
    names = {job.name for job in definitions.resolve_all_job_defs() if not job.name.startswith("__")}
    assert names == {f"{model}_{verb}" for model in MODELS for verb in ("train", "score")}
    _, selected = find_job(definitions, "flights_validate")
    assert {key.path[1] for key in selected} == {
        f"{stage}_{table}" for table in ("flights", "weather", "planes") for stage in ("raw", "valid", "quarantine")
    }


@pytest.mark.parametrize("wrong", ["flights_trian", "flight_train", "flights_exploring", "train"])
def test_a_job_that_does_not_exist_is_named_with_a_guess(definitions: dg.Definitions, wrong: str) -> None:
    with pytest.raises(SpecError, match=f"There is no job '{wrong}'"):
        find_job(definitions, wrong)


def test_nothing_runs_unasked(definitions: dg.Definitions) -> None:
    repository = definitions.get_repository_def()
    sensors, schedules = repository.sensor_defs, repository.schedule_defs
    of_models = {f"{model}_{kind}_sensor" for model in ("flights", "employment") for kind in ("drift", "arrivals")}
    assert {s.name for s in sensors} == of_models | {"mlflow_status_sensor"}
    assert {s.name for s in schedules} == {"flights_retrain_schedule", "employment_retrain_schedule"}
    assert all(s.default_status == dg.DefaultSensorStatus.STOPPED for s in sensors)
    assert all(s.default_status == dg.DefaultScheduleStatus.STOPPED for s in schedules)


def test_training_runs_of_a_model_wait_for_each_other(definitions: dg.Definitions) -> None:
    candidate = definitions.resolve_assets_def(dg.AssetKey(["flights", "candidate"]))
    assert candidate.op.pool == "flights_training"


LOOK = """
import sys
from ml_platform.definitions import defs
defs().get_repository_def().get_all_jobs()
heavy = ("great_expectations", "evidently", "shap", "mlflow", "sklearn", "dagster_mlflow", "onnxruntime", "scipy")
print(",".join(name for name in heavy if name in sys.modules))
"""
LOOK_SPEC = "import sys; import ml_platform.spec, ml_platform.stores.stores; print('dagster' in sys.modules)"


@pytest.mark.processes
@pytest.mark.parametrize(("code", "said"), [(LOOK, ""), (LOOK_SPEC, "False")])
def test_loading_is_light(code: str, said: str) -> None:
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == said
