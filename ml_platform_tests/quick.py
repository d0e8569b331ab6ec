"""The model `flights` trained in a moment, in a file that Dagster's commands can load."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
from dagster_shared.utils.warnings import disable_dagster_warnings

from ml_platform.orchestration.automation.mlflow_status import FINISH_WITH_LAST_STEP
from ml_platform.orchestration.graph import build_pipeline
from ml_platform.orchestration.jobs import EXECUTORS
from ml_platform.orchestration.keys import asset_key
from ml_platform.pipeline.model import Model
from ml_platform.spec import ModelSpec, load_spec

FLIGHTS = Path(__file__).parents[1] / "ml_platform" / "defs" / "flights"


def quick_model(*, margin: float = 0.0) -> Model:
    """Return `flights` with few trees and few resamples; a large margin closes the first gate."""
    document = load_spec(FLIGHTS).model_dump(mode="json", by_alias=True)
    document["training"]["estimators"]["hist_gradient_boosting"] = {"max_iter": 5}
    document["evaluation"]["resamples"] = 100
    document["gates"]["beats_baseline"]["margin"] = margin
    return Model.load(ModelSpec.model_validate(document), FLIGHTS)


def quick_definitions(model: Model) -> dg.Definitions:
    """Return the model's graph, and jobs that begin where the features are stored."""
    features = dg.AssetSelection.assets(asset_key(model, "features"), asset_key(model, "labels"))
    to_champion = (
        features.downstream(include_self=False) & dg.AssetSelection.assets(asset_key(model, "champion")).upstream()
    )
    training_set = dg.AssetSelection.assets(asset_key(model, "training_set"))
    two_steps = dg.AssetSelection.assets(asset_key(model, "candidate"), asset_key(model, "evaluation")).without_checks()
    jobs = [
        dg.define_asset_job("to_champion", to_champion),
        dg.define_asset_job("training_set_alone", training_set),
        dg.define_asset_job("two_steps", two_steps),
        dg.define_asset_job(
            "two_processes", two_steps, executor_def=EXECUTORS["multiprocess"], hooks=FINISH_WITH_LAST_STEP
        ),
    ]
    shared = dg.Definitions(jobs=jobs, executor=EXECUTORS["in_process"])
    with disable_dagster_warnings():  # as Dagster does when it loads a component: partitioned checks are in preview
        return dg.Definitions.merge(build_pipeline(model), shared)


@dg.definitions
def defs() -> dg.Definitions:
    return quick_definitions(quick_model())
