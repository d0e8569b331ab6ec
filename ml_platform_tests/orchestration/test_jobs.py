"""Every job that trains or scores contains the contracts of its data; a verb without a job selects assets."""

from __future__ import annotations

import dagster as dg
import pytest

from ml_platform.errors import SpecError
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
    steps = {node.name for node in job.graph.nodes}
    assert {f"{model}__raw_{table}__{kind}" for table in tables for kind in ("contract", "stored")} <= steps
    assert {f"{model}__quarantine_{table}__stored" for table in tables} <= steps
    assert (f"{model}__training_set__leakage" in steps) == (verb in ("explore", "train"))
    assert (f"{model}__decision__gates" in steps) == (verb == "train")
    assert (f"{model}__drift__psi" in steps) == (verb == "score")


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
