"""Every job that trains or scores contains the contracts of its data; a verb without a job selects assets."""

from __future__ import annotations

import dagster as dg
import pytest
from dagster._core.definitions.dependency import NodeHandle

from ml_platform.contract import load_contract
from ml_platform.errors import WrongCall
from ml_platform.orchestration.checks.stored import AS_RECORDED
from ml_platform.orchestration.jobs import find_job
from ml_platform.spec import load_spec
from ml_platform_tests.quick import FLIGHTS

MODELS = ("employment", "flights")
DEFS = FLIGHTS.parent


@pytest.mark.parametrize("verb", ["ingest", "explore", "train", "score"])
@pytest.mark.parametrize("model", MODELS)
def test_every_job_contains_the_contracts_with_all_their_checks(
    definitions: dg.Definitions, model: str, verb: str
) -> None:
    job, selected = find_job(definitions, f"{model}_{verb}")
    job = job.get_subset(asset_selection=frozenset(selected))
    contained = {key.path[1] for key in job.asset_layer.executable_asset_keys}
    tables = load_spec(DEFS / model).tables
    assert {f"{stage}_{table}" for table in tables for stage in ("raw", "valid", "quarantine")} <= contained
    assert {"features", "labels"} <= contained
    assert ("exploration" in contained) == (verb == "explore")
    assert ("champion" in contained) == (verb == "train")
    assert ("drift" in contained) == (verb == "score")
    checks = _checks(job)
    for table in tables:
        contract = load_contract(DEFS / model / load_spec(DEFS / model).contract_file(table))
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
    with pytest.raises(WrongCall, match=f"There is no job '{wrong}'"):
        find_job(definitions, wrong)
