"""The card of a trained model: how good it is beside what, what it learned from, and what a person should look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ml_platform.pipeline.model import Model
from ml_platform.stores.stores import Stores

STRONGEST = 5
"""Features that are named, the strongest first."""
STRONG_AUC = 0.925
"""Of one feature alone: the strongest honest column of the tables that were tried has 0.915."""
FEW_TEST_ROWS = 500


def training_card(model: Model, stores: Stores, partition: str | None) -> list[str]:
    """Return what a training has come to, a sentence per line, to be read below its decision.

    NotStored is raised before a partition was trained.
    """
    evaluation = stores.documents.read(model.artifact("evaluation", partition))
    candidate = stores.documents.read(model.artifact("candidate", partition))
    return [
        *_metrics(model, evaluation, candidate),
        *_features(_alone(model, stores, partition)),
        *(f"look at: {what}" for what in _to_look_at(model, stores, partition, evaluation)),
    ]


def _metrics(model: Model, evaluation: Mapping[str, Any], candidate: Mapping[str, Any]) -> Iterator[str]:
    against = evaluation["baseline"]
    metric = model.spec.training.select_by
    metric = metric if metric in model.spec.metrics else model.spec.metrics[0]
    level = f"{evaluation['confidence']:.0%}"
    ours = _interval(against["candidate"][metric])
    yield f"{metric} {ours}, {level} interval, on {against['n_rows']:,} test rows"
    yield f"baseline: {_interval(against['other'][metric])}; gain over it {_interval(against['gain'][metric])}"
    if champion := evaluation["champion"]:
        rows = f"on {champion['n_rows']:,} rows that it has not seen"
        yield f"champion: version {evaluation['champion_version']} {_interval(champion['other'][metric])} {rows}"
    scores = candidate["validation_scores"]
    others = ", ".join(f"{name} {value:.4f}" for name, value in scores.items() if name != candidate["estimator"])
    reference = f"; reference: {others}" if others else ""
    chosen = f"{candidate['estimator']} {scores[candidate['estimator']]:.4f}"
    yield f"chosen on the validation rows: {chosen}{reference}"


def _interval(estimate: Mapping[str, Any]) -> str:
    return f"{estimate['value']:.4g} ({estimate['low']:.4g} to {estimate['high']:.4g})"


def _alone(model: Model, stores: Stores, partition: str | None) -> list[tuple[str, float]]:
    """Return each feature and the AUC that it has alone, the strongest first."""
    results = stores.documents.read(model.artifact("leakage", partition))["results"]
    found = {one["subject"]: one["score"] for one in results if one["measured"].startswith("AUC of")}
    return sorted(found.items(), key=lambda one: -one[1])


def _features(alone: list[tuple[str, float]]) -> Iterator[str]:
    named = ", ".join(f"{name} {auc:.2f}" for name, auc in alone[:STRONGEST])
    if named:
        yield f"strongest features, as the AUC of each alone: {named}"


def _to_look_at(model: Model, stores: Stores, partition: str | None, evaluation: Mapping[str, Any]) -> Iterator[str]:
    for name, auc in _alone(model, stores, partition):
        if auc > STRONG_AUC and name not in model.spec.leakage.accepted:
            yield f"{name} has an AUC of {auc:.2f} alone. Is it known before the outcome? Then: leakage.accepted"
    n_rows = evaluation["baseline"]["n_rows"]
    if n_rows < FEW_TEST_ROWS:
        yield f"{n_rows:,} test rows, of which the intervals are wide"
    for key in model.window(partition):
        table = model.spec.entity.table
        result = stores.documents.read(model.table_artifact("validation", table, key))
        warned = [one["column"] or one["check"] for one in result["check_results"] if not one["passed"]]
        if warned:
            yield f"warnings of the contract in {key or table}: {', '.join(warned)}"
        if result["n_quarantined"]:
            yield f"{result['n_quarantined']:,} of {result['n_rows']:,} rows of {key or table} are quarantined"
