"""Retraining by drift: one run for a critical report, and a sentence in the tick for whatever was decided."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import dagster as dg

from ml_platform.orchestration.automation.attempts import failed_runs, runs_in_flight
from ml_platform.orchestration.automation.interval import interval
from ml_platform.orchestration.automation.ticks import REASON_TAG, ask, give_up, skip
from ml_platform.orchestration.decided import came_to_decision
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.newest_report import StoredReport, newest_report, passed_over
from ml_platform.retraining.decide import decide_retrain
from ml_platform.stores.stores import Stores

RETRAIN_TAG = "ml_platform/retrain"
"""On every run that was asked for by a sensor or a schedule; its value says by which."""

REPORT_TAG = "ml_platform/drift_report"
"""Version of the drift report that a run answers."""

PARTITION_TAG = "dagster/partition"
"""Dagster's own."""


def drift_sensor(model: Model, job_name: str) -> dg.SensorDefinition:
    """Return the sensor of a model; it is stopped until somebody starts it."""

    @dg.sensor(
        name=f"{model.name}_drift_sensor",
        job_name=job_name,
        minimum_interval_seconds=interval(60),
        description=(
            f"Retrains {model.name} when its newest drift report is critical: once for a report, at most once per "
            "cool-down. A run that fails before its decision is tried again, after a delay that doubles."
        ),
        required_resource_keys={"stores"},
    )
    def _sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        return answer_newest_report(model, job_name, context)

    return _sensor


def answer_newest_report(model: Model, job_name: str, context: dg.SensorEvaluationContext) -> dg.SensorResult:
    """Decide on the newest drift report. The cursor is the version of the last report that was decided."""
    stores: Stores = context.resources.stores
    report = newest_report(model, stores)
    if report is None or report.version == context.cursor:
        return skip(context, "No new drift report.", context.cursor)
    if (reason := passed_over(model, stores, report)) is not None:
        return skip(context, reason, report.version)
    attempts = _runs(context, job_name, tags={REPORT_TAG: report.version})
    if answer := _decided(context, model, [*attempts, *_since(context, job_name, report)]):
        return skip(context, f"The report on {report.scored} was answered by run {answer}.", report.version)
    failed = failed_runs(context.instance, attempts)
    decision = decide_retrain(
        policy=model.spec.retraining,
        drift=report.document,
        now=_now(),
        last_decided_retrain_started_at=_last_decided(context, model, job_name),
        in_flight=[run.run_id for run in runs_in_flight(context.instance, job_name=job_name)],
        failed=failed,
    )
    if decision.action == "retrain":
        tags = {RETRAIN_TAG: "drift", REPORT_TAG: report.version, REASON_TAG: decision.reason}
        run_key = f"drift-{report.partition}-{report.version[:12]}-{len(attempts)}"
        return ask(context, dg.RunRequest(run_key=run_key, partition_key=report.partition, tags=tags))
    if decision.action == "give_up":
        command = f"ml-platform train {model.name}" + (f" --partition {report.partition}" if report.partition else "")
        return give_up(context, f"{decision.reason} Repair the cause, then run: {command}", failed)
    return skip(context, decision.reason, context.cursor if decision.action == "wait" else report.version)


def _runs(
    context: dg.SensorEvaluationContext,
    job_name: str,
    *,
    tags: dict[str, str] | None = None,
    created_after: datetime | None = None,
) -> Sequence[dg.RunRecord]:
    """Return runs of a job, the newest first."""
    return context.instance.get_run_records(dg.RunsFilter(job_name=job_name, tags=tags, created_after=created_after))


def _since(context: dg.SensorEvaluationContext, job_name: str, report: StoredReport) -> Sequence[dg.RunRecord]:
    """Return the runs on a report's partition that began after it, whoever started them."""
    tags = {PARTITION_TAG: report.partition} if report.partition else None
    return _runs(context, job_name, tags=tags, created_after=report.stored_at.astimezone(UTC))


def _last_decided(context: dg.SensorEvaluationContext, model: Model, job_name: str) -> datetime | None:
    """Return when the newest retrain that came to a decision began; those before a cool-down do not matter."""
    since = _now() - timedelta(hours=model.spec.retraining.cooldown_hours)
    runs = _runs(context, job_name, created_after=since)
    retrains = [run for run in runs if RETRAIN_TAG in run.dagster_run.tags]
    decided = _decided(context, model, retrains)
    return next((run.create_timestamp for run in retrains if run.dagster_run.run_id == decided), None)


def _decided(context: dg.SensorEvaluationContext, model: Model, runs: Sequence[dg.RunRecord]) -> str | None:
    """Return the first of these runs that promoted or rejected a candidate; a crashed run did neither."""
    stores: Stores = context.resources.stores
    run_ids = (run.dagster_run.run_id for run in runs)
    return next((one for one in run_ids if came_to_decision(context.instance, stores, model.name, one)), None)


def _now() -> datetime:
    return datetime.now(tz=UTC)
