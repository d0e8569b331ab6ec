"""The one command that a person would run now, by the status of a model."""

from collections.abc import Iterator

from ml_platform.pipeline.status import Status

NOTHING = "nothing until a new raw file arrives"


def next_step(status: Status) -> str:
    """Return a command, or a sentence where there is none to run."""
    return next(_steps(status))


def _steps(status: Status) -> Iterator[str]:
    """Yield what is to do, the most urgent first."""
    if status.missing:
        tables = ", ".join(sorted({table for table, _ in status.missing}))
        yield f"put the raw files of {tables} there, or, for a reference model: ml-platform fetch"
    if status.stale:
        yield f"ml-platform refresh {status.model}"
    yield from _with_champion(status) if status.champion else _without_champion(status)
    yield NOTHING


def _without_champion(status: Status) -> Iterator[str]:
    newest = status.new[-1].partition if status.new else status.newest_raw
    train = f"ml-platform train {status.model}{_option(newest)}"
    rejected = status.last_decision
    if rejected is not None and _is_after(rejected.partition, newest):
        yield f"see above why the gates rejected the candidate, change the model or its gates, then {train}"
    yield train


def _with_champion(status: Status) -> Iterator[str]:
    assert status.champion is not None
    for one in status.new:
        if not _is_after(status.champion.partition, one.partition):
            yield f"ml-platform run {status.model}_score{_option(one.partition)}"
    drift, decision = status.drift, status.last_decision
    if drift is None:
        yield f"ml-platform run {status.model}_score{_option(status.champion.partition)}"
    elif drift.level == "critical" and not (decision and _is_after(decision.partition, drift.partition)):
        yield f"ml-platform train {status.model}{_option(drift.partition)}"


def _is_after(one: str | None, other: str | None) -> bool:
    """Return whether a partition is another one or comes after it; keys are ordered as their texts are."""
    return (one or "") >= (other or "")


def _option(partition: str | None) -> str:
    return f" --partition {partition}" if partition else ""
