"""Lineage as trees that people read. Everything is in the JSON; here hashes are short, and checks are counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.tree import Tree

from ml_platform.lineage.downstream import PartitionDownstream
from ml_platform.lineage.facts import PASSED, Event, SourceFile, TrainedModel
from ml_platform.lineage.upstream import PredictionUpstream

SHORT = 12


def prediction_tree(trace: PredictionUpstream) -> Tree:
    """Return what a prediction comes from."""
    tree = Tree(f"prediction {trace.id}")
    if trace.superseded is not None:
        now = trace.superseded["prediction_id"]
        tree.add(f"superseded: the row's prediction is now {now}" if now else "superseded: the row is gone now")
    row = tree.add(
        f"row of {trace.model} {trace.partition or ''}, scored in run {trace.dagster_run} {_code(trace.code)}"
    )
    _values(row, trace.row)
    _checks(row, trace.checks)
    features = tree.add(
        f"features {trace.features.artifact}, version {trace.features.version[:SHORT]}, "
        f"definition {trace.features.definition[:SHORT]} {_code(trace.features.code)}"
    )
    _values(features, trace.features.values)
    _sources(features, trace.sources)
    tree.children.append(_model(trace.trained))
    return tree


def partition_tree(trace: PartitionDownstream) -> Tree:
    """Return what a partition has touched."""
    tree = Tree(f"{trace.model} {trace.partition}")
    _sources(tree, trace.files)
    tables = tree.add(f"versions of features and labels: {len(trace.tables)}")
    for table in trace.tables:
        tables.add(f"{table.artifact} {table.version[:SHORT]}: {table.n_rows:,} rows, {_current(table.current)}")
    models = tree.add(f"models trained on it: {len(trace.models)}")
    for model in trace.models:
        name = f"version {model.version}" if model.version else "not registered"
        branch = models.add(f"{name}, as of {model.partition or 'all'}, MLflow run {model.mlflow_run}")
        _events(branch, model.events)
    n_rows = sum(found.n_rows for found in trace.predictions)
    predictions = tree.add(f"predictions: {n_rows:,}, in versions of their table: {len(trace.predictions)}")
    for found in trace.predictions:
        why = {"from features made of it": found.made_from_it, "by a model trained on it": found.model_trained_on_it}
        predictions.add(
            f"{found.artifact} {found.version[:SHORT]}: {found.n_rows:,} rows, model version {found.model_version}, "
            f"{' and '.join(reason for reason, holds in why.items() if holds)}, {_current(found.current)}"
        )
    return tree


def _model(model: TrainedModel) -> Tree:
    tree = Tree(f"model version {model.version}, trained as of {model.partition or 'all'} {_code(model.code)}")
    tree.add(f"ONNX {model.onnx_sha256[:SHORT]}, MLflow run {model.mlflow_run}, Dagster run {model.dagster_run}")
    tree.add(f"definition {model.definition} {_code(model.definition_code)}")
    _events(tree, model.events)
    training = tree.add("trained on")
    for artifact, version in sorted(model.training.items()):
        training.add(f"{artifact} {version[:SHORT]}")
    _checks(tree, model.checks)
    _sources(tree, model.sources)
    return tree


def _sources(tree: Tree, sources: Iterable[SourceFile]) -> None:
    branch = tree.add("raw files")
    for source in sources:
        failed = [check_result["message"] for check_result in source.check_results if not check_result["passed"]]
        validation = "broken" if failed or not source.passed else f"passed, {len(source.check_results)} checks"
        file = branch.add(
            f"{source.file}, MD5 {source.md5}: {source.n_rows:,} rows, {source.n_quarantined:,} quarantined, "
            f"contract {source.contract[:SHORT]} {validation}"
        )
        aside = [f["message"] for f in source.check_results if f["passed"] and f["n_failed"] and f["column"]]
        for message in (*failed, *aside):
            file.add(message)


def _checks(tree: Tree, checks: Mapping[str, Mapping[str, Any]]) -> None:
    for name, document in checks.items():
        tree.add(f"{name}: {'passed' if document[PASSED] else 'FAILED'}")


def _events(tree: Tree, events: Iterable[Event]) -> None:
    told: tuple[str, ...] = ()
    for event in events:
        same = event.reasons and event.reasons == told
        branch = tree.add(f"{event.action} at {event.at.isoformat(timespec='minutes')}{', likewise' if same else ''}")
        for reason in () if same else event.reasons:
            branch.add(reason)
        told = event.reasons


def _values(tree: Tree, values: Mapping[str, Any]) -> None:
    tree.add(", ".join(f"{name} {'missing' if value is None else value}" for name, value in values.items()))


def _code(commit: str) -> str:
    changes = " with changes" if commit.endswith("-dirty") else ""
    return f"(code {commit[:SHORT]}{changes})" if commit else "(code unknown)"


def _current(current: bool) -> str:
    return "in use" if current else "superseded"
