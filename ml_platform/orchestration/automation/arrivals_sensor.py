"""New and corrected files: each starts the score job of its partition, once."""

from datetime import UTC, datetime

import dagster as dg

from ml_platform.orchestration.automation.drift_sensor import IN_FLIGHT
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.stale import StalePartition, stale_partitions
from ml_platform.stores.stores import Stores

ARRIVAL_TAG = "ml_platform/arrival"
"""On each run that this sensor asked for; its value says for which state of the data."""


def arrivals_sensor(model: Model, job_name: str) -> dg.SensorDefinition:
    """Return the sensor of a model; it is stopped until somebody starts it."""

    @dg.sensor(
        name=f"{model.name}_arrivals_sensor",
        job_name=job_name,
        minimum_interval_seconds=30,
        description=(
            f"Scores a partition of {model.name} when its file is new or corrected, or when what it is made from was "
            "repaired: once for each state of the data, the oldest partition first, one run at a time."
        ),
        required_resource_keys={"stores"},
    )
    def _sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        return answer_arrivals(model, context, datetime.now(tz=UTC))

    return _sensor


def answer_arrivals(model: Model, context: dg.SensorEvaluationContext, now: datetime) -> dg.SensorResult:
    """Ask for a run on the oldest partition that is stale and has not been tried in its present state."""
    stores: Stores = context.resources.stores
    if stores.registry.champion(model.name) is None:
        return dg.SensorResult(skip_reason=f"{model.name} has no champion yet: run {model.name}_train first.")
    if (run_id := _in_flight(context, model)) is not None:
        return dg.SensorResult(skip_reason=f"Waiting for run {run_id}, which is in flight.")
    waiting = stale_partitions(model, stores, now)
    untried = [one for one in waiting if not _runs(context, _tags(model, one))]
    if untried:
        context.log.info(f"{untried[0].partition or model.name}: {'; '.join(untried[0].reasons)}")
        return dg.SensorResult(run_requests=[_request(model, untried[0])])
    if waiting:
        failed = ", ".join(one.partition or "whole" for one in waiting)
        return dg.SensorResult(skip_reason=f"Tried before and not repaired since: {failed}.")
    return dg.SensorResult(skip_reason="No file is new or has changed.")


def _request(model: Model, one: StalePartition) -> dg.RunRequest:
    tags = {**_tags(model, one), "ml_platform/reason": "; ".join(one.reasons)}
    return dg.RunRequest(
        run_key=f"arrival-{model.name}-{one.partition or 'whole'}-{one.state}", partition_key=one.partition, tags=tags
    )


def _tags(model: Model, one: StalePartition) -> dict[str, str]:
    return {"model": model.name, ARRIVAL_TAG: f"{one.partition or 'whole'}-{one.state}"}


def _in_flight(context: dg.SensorEvaluationContext, model: Model) -> str | None:
    running = context.instance.get_run_records(dg.RunsFilter(tags={"model": model.name}, statuses=IN_FLIGHT))
    return next((run.dagster_run.run_id for run in running if ARRIVAL_TAG in run.dagster_run.tags), None)


def _runs(context: dg.SensorEvaluationContext, tags: dict[str, str]) -> bool:
    return context.instance.get_runs_count(dg.RunsFilter(tags=tags)) > 0
