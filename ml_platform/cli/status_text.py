"""The status of a model for people: in a line, or a fact per line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from ml_platform.cli.typed import as_typed
from ml_platform.orchestration.execution.under_way import Run
from ml_platform.pipeline.next_step import next_step
from ml_platform.pipeline.status import Stale, Status

NAMED = 5
"""Partitions that are named; the JSON has all."""


def to_document(found: Mapping[str, Status], errors: Mapping[str, str], runs: Sequence[Run]) -> list[dict[str, Any]]:
    """Return an object per model, in which ``next`` can be typed as it stands."""
    told = [
        {**asdict(one), "runs": [asdict(run) for run in of_model(runs, name)], "next": as_typed(next_step(one))}
        for name, one in found.items()
    ]
    return [*told, *({"model": name, "error": as_typed(error)} for name, error in errors.items())]


def lines(
    found: Mapping[str, Status], errors: Mapping[str, str], runs: Sequence[Run], *, in_full: bool
) -> Iterator[str]:
    """Yield a line per model, or what is known of each; at the end, which cannot be read and why."""
    if not (found or errors):
        yield "There is no model yet. Run: ml-platform new NAME --from FILE --target COLUMN"
    for name, one in found.items():
        yield from lines_of(one, of_model(runs, name)) if in_full else [line_of(one, of_model(runs, name))]
    yield from (f"{name}: {error}" for name, error in errors.items())


def of_model(runs: Sequence[Run], model: str) -> list[Run]:
    """Return the runs of a model."""
    return [run for run in runs if run.job.rpartition("_")[0] == model]


def line_of(one: Status, runs: Sequence[Run]) -> str:
    """Return a model in a line."""
    parts = [f"champion {one.champion.version}{_as_of(one.champion.partition)}" if one.champion else "no champion"]
    if one.drift:
        parts.append(f"scored {one.last_scored}, drift {one.drift.level.replace('_', ' ')}")
    counted = (("stale", one.stale), ("new", one.new), ("running", runs), ("raw files missing", one.missing))
    parts += [f"{len(what)} {word}" for word, what in counted if what]
    return f"{one.model}: {'; '.join(parts)}; next: {next_step(one)}"


def lines_of(one: Status, runs: Sequence[Run]) -> Iterator[str]:
    """Yield what is known of a model, a fact per line."""
    champion, decision, drift = one.champion, one.last_decision, one.drift
    if champion:
        yield f"champion   version {champion.version}{_as_of(champion.partition)}, since {_when(champion.since)}"
        yield from (f"           {reason}" for reason in champion.reasons)
    else:
        yield "champion   none"
    if drift:
        largest = ", ".join(f"{column} {value:.2f}" for column, value in drift.largest.items())
        counts = ", ".join(f"{n} {level.replace('_', ' ')}" for level, n in drift.n_columns.items())
        yield f"scored     {one.last_scored}, by version {drift.model_version}"
        yield f"drift      {counts}; largest: {largest}"
        yield f"           {drift.address}"
    else:
        yield "scored     nothing yet"
    if decision and not (decision.promoted and champion and decision.at == champion.since):
        verdict = "promoted" if decision.promoted else "rejected"
        yield f"decision   {verdict} the candidate{_as_of(decision.partition)} on {_when(decision.at)}"
        yield from (f"           {reason}" for reason in decision.reasons)
    yield from _partitions("stale", one.stale)
    yield from _partitions("new", one.new)
    for run in runs:
        what = " ".join(filter(None, (run.job, run.partition)))
        yield f"{'waits' if run.waits else 'runs':<10} {what} since {_when(run.since)} (run {run.run_id})"
    yield f"next       {next_step(one)}"


def _partitions(word: str, partitions: Sequence[Stale]) -> Iterator[str]:
    for number, one in enumerate(partitions[:NAMED]):
        yield f"{'' if number else word:<10} {one.partition or 'whole'}: {'; '.join(_without_command(one.reasons))}"
    if (more := len(partitions) - NAMED) > 0:
        yield f"{'':<10} and {more} more"


def _without_command(reasons: Sequence[str]) -> Iterator[str]:
    """Yield reasons without the command that each names: one command makes all of them good, and is told once."""
    yield from (reason.partition(". Run: ")[0] for reason in reasons)


def _as_of(partition: str | None) -> str:
    return f" as of {partition}" if partition else ""


def _when(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")
