"""New and corrected files: each starts the score job of its partition, once; without a champion, the train job."""

from dataclasses import dataclass
from datetime import UTC, datetime

import dagster as dg

from ml_platform.orchestration.automation.attempts import failed_runs, runs_in_flight
from ml_platform.orchestration.automation.interval import interval
from ml_platform.orchestration.automation.ticks import REASON_TAG, ask, give_up, skip
from ml_platform.orchestration.decided import came_to_decision
from ml_platform.pipeline.first_training import first_training
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.stale import partitions_to_score
from ml_platform.retraining.retries import Attempt, FailedRun, decide_attempt
from ml_platform.stores.stores import Stores

ARRIVAL_TAG = "ml_platform/arrival"
"""On each run that this sensor asked for; its value says for which state of the files."""

SHOWN_PARTITIONS = 3
"""How many a tick names that wait, or that were answered."""


@dataclass(frozen=True)
class Arrival:
    """Work that files ask for."""

    job: str
    partition: str | None
    state: str
    reason: str

    @property
    def name(self) -> str:
        """The partition, in words."""
        return self.partition or "the whole table"


def arrivals_sensor(model: Model, train: dg.JobDefinition, score: dg.JobDefinition) -> dg.SensorDefinition:
    """Return the sensor of a model; it is stopped until somebody starts it."""

    @dg.sensor(
        name=f"{model.name}_arrivals_sensor",
        jobs=[train, score],
        minimum_interval_seconds=interval(30),
        description=(
            f"Scores a partition of {model.name} when its file is new or corrected, or when it has not been scored: "
            "once for each state of the files, the oldest partition first, one run at a time. Without a champion it "
            "trains the first model. A run that fails is tried again, after a delay that doubles."
        ),
        required_resource_keys={"stores"},
    )
    def _sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        return answer_arrivals(model, train.name, score.name, context, _now())

    return _sensor


def answer_arrivals(
    model: Model, train: str, score: str, context: dg.SensorEvaluationContext, now: datetime
) -> dg.SensorResult:
    """Ask for a run on the oldest partition that needs one and has not been tried in vain in its present state."""
    running = runs_in_flight(context.instance, tags={"model": model.name})
    if run_id := next((run.run_id for run in running if ARRIVAL_TAG in run.tags), None):
        return skip(context, f"Waiting for run {run_id}, which is in flight.")
    stores: Stores = context.resources.stores
    if stores.ledger(model.name).champion() is not None:
        found, nothing = _scorings(model, stores, score, now), "No file is new or has changed."
    else:
        found, nothing = (
            _first_training(model, stores, train, now),
            (f"{model.name} has no champion yet, and no partition has the files of its whole training window."),
        )
    waiting: list[str] = []
    for one in found:
        records = context.instance.get_run_records(dg.RunsFilter(tags=_tags(model, one)))
        runs = (record.dagster_run for record in records)
        if done := next((run.run_id for run in runs if _is_done(context, model, run)), None):
            waiting.append(f"{one.name} was answered by run {done}, and its files have not changed since.")
            continue
        failed = failed_runs(context.instance, records)
        attempt = decide_attempt(model.spec.retraining, failed, now)
        if attempt.action == "run":
            return ask(context, _request(model, one, failed, attempt))
        reason = f"{one.name}: {attempt.reason}."
        if attempt.action == "give_up":
            command = f"ml-platform run {one.job}" + (f" --partition {one.partition}" if one.partition else "")
            give_up(context, f"{reason} Repair the cause, then run: {command}", failed)
        waiting.append(reason)
    more = len(waiting) - SHOWN_PARTITIONS
    said = " ".join([*waiting[:SHOWN_PARTITIONS], *([f"And {more} more."] if more > 0 else [])])
    return skip(context, said or nothing)


def _scorings(model: Model, stores: Stores, job: str, now: datetime) -> list[Arrival]:
    waiting = partitions_to_score(model, stores, now)
    return [Arrival(job, one.partition, one.state, "; ".join(one.reasons)) for one in waiting]


def _first_training(model: Model, stores: Stores, job: str, now: datetime) -> list[Arrival]:
    first = first_training(model, stores, now)
    if first is None:
        return []
    as_of = f"{first.partition} is the newest partition that has" if first.partition else "the table has"
    reason = f"there is no champion yet, and {as_of} all files to train a first model on"
    return [Arrival(job, first.partition, f"first-{first.state}", reason)]


def _is_done(context: dg.SensorEvaluationContext, model: Model, run: dg.DagsterRun) -> bool:
    """Return whether a run did what it was asked for: a first candidate may also be rejected."""
    return run.is_success or came_to_decision(context.instance, context.resources.stores, model.name, run.run_id)


def _request(model: Model, one: Arrival, failed: list[FailedRun], attempt: Attempt) -> dg.RunRequest:
    tags = {**_tags(model, one), REASON_TAG: f"{one.reason}; {attempt.reason}" if attempt.reason else one.reason}
    run_key = f"arrival-{model.name}-{one.partition or 'whole'}-{one.state}-{len(failed)}"
    return dg.RunRequest(run_key=run_key, job_name=one.job, partition_key=one.partition, tags=tags)


def _tags(model: Model, one: Arrival) -> dict[str, str]:
    return {"model": model.name, ARRIVAL_TAG: f"{one.partition or 'whole'}-{one.state}"}


def _now() -> datetime:
    return datetime.now(tz=UTC)
