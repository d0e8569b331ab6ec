"""Retraining by the clock."""

from datetime import datetime

import dagster as dg

from ml_platform.errors import NotStored, UncheckedData
from ml_platform.orchestration.automation.drift_sensor import RETRAIN_TAG
from ml_platform.orchestration.automation.ticks import REASON_TAG
from ml_platform.pipeline.freshness import require_fresh
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.stores import Stores


def retraining_schedule(model: Model, job_name: str) -> list[dg.ScheduleDefinition]:
    """Return the schedule of a model whose policy has a cron expression; it is stopped until somebody starts it."""
    policy = model.spec.retraining
    if policy.cron is None:
        return []

    @dg.schedule(
        name=f"{model.name}_retrain_schedule",
        cron_schedule=policy.cron,
        job_name=job_name,
        execution_timezone=model.timezone,
        description=f"Retrains {model.name} on the newest partition that has features and has not been trained on.",
        required_resource_keys={"stores"},
    )
    def _schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        return newest_untrained(model, context.resources.stores, context.scheduled_execution_time)

    return [_schedule]


def _whole_table(model: Model, stores: Stores) -> dg.RunRequest | dg.SkipReason:
    """Return a run, unless the candidate was trained on the features of the raw files as they are now."""
    candidate = stores.documents.manifest(model.artifact("candidate", None))
    artifact = model.artifact("features", None)
    try:
        current = require_fresh(model, stores, "features", None, RunContext()).version
    except (NotStored, UncheckedData):  # the run will make them
        current = None
    if current is not None and candidate is not None and candidate.inputs.get(str(artifact)) == current:
        return dg.SkipReason(f"{model.name} has already been trained on its table as it is now.")
    reason = "The schedule is due, and the table has changed since the candidate was trained."
    return dg.RunRequest(tags={RETRAIN_TAG: "schedule", REASON_TAG: reason})


def newest_untrained(model: Model, stores: Stores, now: datetime) -> dg.RunRequest | dg.SkipReason:
    """Return a run for the newest partition with features, or the whole table, or why there is nothing to train on."""
    if model.spec.partitions is None:
        return _whole_table(model, stores)
    stored = stores.tables.partitions(model.name, "features")
    if not stored:
        return dg.SkipReason(f"{model.name} has no features yet: run {model.name}_ingest on a partition first.")
    newest = stored[-1]
    if newest in stores.documents.partitions(model.name, "candidate"):
        return dg.SkipReason(f"{model.name} has already been trained as of {newest}, its newest partition.")
    reason = f"The schedule is due, and nothing has been trained as of {newest}, the newest partition with features."
    tags = {RETRAIN_TAG: "schedule", REASON_TAG: reason}
    return dg.RunRequest(run_key=f"schedule-{newest}-{now.isoformat()}", partition_key=newest, tags=tags)
