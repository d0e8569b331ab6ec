"""A model's whole graph. Read `asset_kinds` for what is in it, and `check_kinds` for what is held against it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import dagster as dg

from ml_platform.orchestration.asset import build_asset
from ml_platform.orchestration.asset_kind import AssetKind
from ml_platform.orchestration.assets.contract import raw_kind, valid_kind
from ml_platform.orchestration.assets.drift import drift_kind
from ml_platform.orchestration.assets.evaluation import evaluation_kind
from ml_platform.orchestration.assets.exploration import exploration_kind
from ml_platform.orchestration.assets.features import features_kind, labels_kind
from ml_platform.orchestration.assets.predictions import predictions_kind
from ml_platform.orchestration.assets.promotion import champion_kind, decision_kind
from ml_platform.orchestration.assets.training import baseline_kind, candidate_kind, training_set_kind
from ml_platform.orchestration.automation.arrivals_sensor import arrivals_sensor
from ml_platform.orchestration.automation.drift_sensor import drift_sensor
from ml_platform.orchestration.automation.schedule import retraining_schedule
from ml_platform.orchestration.check import CheckKind
from ml_platform.orchestration.checks.contract import contract_checks
from ml_platform.orchestration.checks.drift import drift_checks
from ml_platform.orchestration.checks.gates import gate_checks
from ml_platform.orchestration.checks.interfaces import features_checks, input_checks, predictions_checks
from ml_platform.orchestration.checks.leakage import leakage_checks
from ml_platform.orchestration.checks.stored import raw_as_recorded, table_as_recorded
from ml_platform.orchestration.jobs import RESOURCES, build_jobs, job_name
from ml_platform.pipeline.model import Model


def build_pipeline(model: Model) -> dg.Definitions:
    """Return a model's assets, checks, jobs, schedule and sensors, and what they need wherever they are loaded."""
    checks: dict[str, list[CheckKind]] = defaultdict(list)
    for kind in check_kinds(model):
        checks[kind.asset].append(kind)
    assets = [
        build_asset(model, kind, [check for asset in kind.assets for check in checks[asset.name]])
        for kind in asset_kinds(model)
    ]
    jobs = {job.name: job for job in build_jobs(model, assets)}
    train, score = (jobs[job_name(model.name, verb)] for verb in ("train", "score"))
    return dg.Definitions(
        assets=assets,
        jobs=jobs.values(),
        schedules=retraining_schedule(model, train.name),
        sensors=[drift_sensor(model, train.name), arrivals_sensor(model, train, score)],
        resources=RESOURCES,
    )


def asset_kinds(model: Model) -> Iterator[AssetKind]:
    """Yield the kinds of asset in a model, along the flow of its data."""
    entity = model.spec.entity.table
    for table in model.spec.tables:
        yield raw_kind(table, partitioned=table == entity)
        yield valid_kind(table, partitioned=table == entity)
    yield features_kind(model)
    yield labels_kind(entity)
    yield training_set_kind(model)
    yield exploration_kind()
    yield baseline_kind()
    yield candidate_kind(model)
    yield evaluation_kind()
    yield decision_kind()
    yield champion_kind()
    yield predictions_kind(model)
    yield drift_kind()


def check_kinds(model: Model) -> Iterator[CheckKind]:
    """Yield the kinds of check in a model, in the same order."""
    entity = model.spec.entity.table
    for table in model.spec.tables:
        partitioned = table == entity
        yield raw_as_recorded(table, partitioned=partitioned)
        yield contract_checks(model, table, partitioned=partitioned)
        yield table_as_recorded(f"valid_{table}", partitioned=partitioned)
        yield table_as_recorded(f"quarantine_{table}", partitioned=partitioned)
    yield table_as_recorded("features")
    yield features_checks(model)
    yield table_as_recorded("labels")
    yield leakage_checks(model)
    yield gate_checks(model)
    yield table_as_recorded("predictions")
    yield predictions_checks(model)
    yield input_checks()
    yield drift_checks(model)
