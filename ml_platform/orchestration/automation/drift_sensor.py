"""Retraining by drift: one run for a critical report, and a sentence in the tick for whatever was decided."""

from collections.abc import Sequence
from datetime import UTC, datetime

import dagster as dg

from ml_platform.orchestration.decided import came_to_decision
from ml_platform.orchestration.keys import asset_key
from ml_platform.pipeline.model import Model
from ml_platform.retraining.decide import decide_retrain
from ml_platform.stores.stores import Stores

RETRAIN_TAG = "ml_platform/retrain"
"""On every run that was asked for by a sensor or a schedule; its value says by which."""

REPORT_TAG = "ml_platform/drift_report"
"""Version of the drift report that a run answers."""

MOST_REPORTS = 1000
"""Looked at in one tick: more than anybody scores between two."""

IN_FLIGHT = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


def drift_sensor(model: Model, job_name: str) -> dg.SensorDefinition:
    """Return the sensor of a model; it is stopped until somebody starts it."""

    @dg.sensor(
        name=f"{model.name}_drift_sensor",
        job_name=job_name,
        minimum_interval_seconds=60,
        description=f"Retrains {model.name} when its newest drift report is critical, at most once per cool-down.",
        required_resource_keys={"stores"},
    )
    def _sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        return answer_newest_report(model, job_name, context)

    return _sensor


def answer_newest_report(model: Model, job_name: str, context: dg.SensorEvaluationContext) -> dg.SensorResult:
    """Decide on the newest drift report after the cursor. The cursor moves only past a report that was decided."""
    records = _reports_after_cursor(model, context)
    if not records:
        return _skip("No new drift report.", context.cursor)
    cursor = str(records[0].storage_id)
    stores: Stores = context.resources.stores
    # Of the newest partition, which need not be the one that was written last: an old one may be scored again.
    partition = max(records, key=lambda record: record.partition_key or "").partition_key
    scored = partition or "the whole table"
    report = stores.documents.read(model.artifact("drift", partition))
    version = stores.documents.require(model.artifact("drift", partition)).version
    champion = stores.registry.champion(model.name)
    if champion is not None and champion.version != report["model_version"]:
        return _skip(
            f"The report on {scored} is about version {report['model_version']}; version {champion.version} is "
            "champion now.",
            cursor,
        )
    attempts = _runs(context, job_name, {REPORT_TAG: version})
    if (answered := _decided(context.instance, model, stores, attempts)) is not None:
        return _skip(f"The report on {scored} was answered by run {answered}.", cursor)
    decision = decide_retrain(
        policy=model.spec.retraining,
        drift=report,
        now=_now(),
        last_retrain_started_at=_last_started(context, job_name),
        in_flight=[run.dagster_run.run_id for run in _runs(context, job_name, {}, IN_FLIGHT)],
    )
    if not decision.retrain:
        return _skip(decision.reason, context.cursor if decision.waiting else cursor)
    request = dg.RunRequest(
        run_key=f"drift-{partition}-{version[:12]}-{len(attempts)}",
        partition_key=partition,
        tags={RETRAIN_TAG: "drift", REPORT_TAG: version, "ml_platform/reason": decision.reason},
    )
    context.log.info(decision.reason)
    return dg.SensorResult(run_requests=[request])


def _reports_after_cursor(model: Model, context: dg.SensorEvaluationContext) -> Sequence[dg.EventLogRecord]:
    """Return the materializations of drift reports that have not been decided, the one written last first."""
    after = int(context.cursor) if context.cursor else None
    wanted = dg.AssetRecordsFilter(asset_key=asset_key(model, "drift"), after_storage_id=after)
    return context.instance.fetch_materializations(wanted, limit=MOST_REPORTS).records


def _runs(
    context: dg.SensorEvaluationContext,
    job_name: str,
    tags: dict[str, str],
    statuses: Sequence[dg.DagsterRunStatus] = (),
) -> Sequence[dg.RunRecord]:
    return context.instance.get_run_records(dg.RunsFilter(job_name=job_name, tags=tags, statuses=list(statuses)))


def _last_started(context: dg.SensorEvaluationContext, job_name: str) -> datetime | None:
    """Return when the newest retraining began, whoever asked for it: the newest run comes first."""
    runs = [run for run in _runs(context, job_name, {}) if RETRAIN_TAG in run.dagster_run.tags]
    return runs[0].create_timestamp if runs else None


def _decided(
    instance: dg.DagsterInstance, model: Model, stores: Stores, attempts: Sequence[dg.RunRecord]
) -> str | None:
    """Return the run that promoted or rejected a candidate because of this report; a crashed run did neither."""
    run_ids = (attempt.dagster_run.run_id for attempt in attempts)
    return next((run_id for run_id in run_ids if came_to_decision(instance, stores, model.name, run_id)), None)


def _skip(reason: str, cursor: str | None) -> dg.SensorResult:
    return dg.SensorResult(skip_reason=reason, cursor=cursor)


def _now() -> datetime:
    return datetime.now(tz=UTC)
