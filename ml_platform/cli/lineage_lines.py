"""Lineage in at most five lines: how much there is of what; the tree and the JSON have all of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ml_platform.cli.lineage_trees import SHORT
from ml_platform.lineage.downstream import DownstreamModel, PartitionDownstream
from ml_platform.lineage.facts import PASSED, SourceFile
from ml_platform.lineage.upstream import PredictionUpstream

NAMED = 4
"""Models that are named, the newest first; the others are counted."""

ALL_OF_IT = "  all of it: --output tree, or --output json"


def prediction_lines(trace: PredictionUpstream) -> Iterator[str]:
    """Yield what a prediction comes from."""
    state = "" if trace.superseded is None else "; superseded"
    where = " ".join(filter(None, (trace.model, trace.partition)))
    values = ", ".join(f"{name} {value}" for name, value in trace.row.items())
    yield f"prediction {trace.id} of {where}{state}: {values}"
    features = trace.features
    yield f"  features: {features.artifact}, version {features.version[:SHORT]}, from {_files(trace.sources)}"
    trained = trace.trained
    checks = [document[PASSED] for document in (*trace.checks.values(), *trained.checks.values())]
    events = [event.action for event in trained.events]
    yield (
        f"  model: version {trained.version}, {' and '.join(dict.fromkeys(events))}, trained as of "
        f"{trained.partition or 'all'} on {_files(trained.sources)}"
    )
    yield f"  checks on its predictions and training set: {sum(checks)} of {len(checks)} passed"
    yield ALL_OF_IT


def partition_lines(trace: PartitionDownstream) -> Iterator[str]:
    """Yield what a partition has touched."""
    yield f"{trace.model} {trace.partition}: {_files(trace.files)}"
    in_use = sum(found.current for found in trace.tables)
    yield f"  versions of features and labels: {len(trace.tables)}, of which {in_use} in use"
    more = len(trace.models) - NAMED
    named = "; ".join(map(_model, trace.models[::-1][:NAMED])) + (f"; and {more} more" if more > 0 else "")
    yield f"  models trained on it: {len(trace.models)}" + (f" ({named})" if named else "")
    rows = sum(found.n_rows for found in trace.predictions)
    in_use = sum(found.n_rows for found in trace.predictions if found.current)
    yield f"  predictions: {rows:,}, of which {in_use:,} in use"
    yield ALL_OF_IT


def _files(files: Sequence[SourceFile]) -> str:
    broken = sum(not one.passed for one in files)
    quarantined = sum(one.n_quarantined for one in files)
    contracts = f"{broken} with a broken contract" if broken else "contracts passed"
    plural = "" if len(files) == 1 else "s"
    rows = sum(one.n_rows for one in files)
    return f"{len(files)} raw file{plural} ({rows:,} rows, {quarantined:,} quarantined, {contracts})"


def _model(model: DownstreamModel) -> str:
    name = f"version {model.version}" if model.version else "not registered"
    last = f", {model.events[-1].action}" if model.events else ""
    return f"{name} as of {model.partition or 'all'}{last}"
