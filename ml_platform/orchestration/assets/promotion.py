"""The decision about a candidate, and the champion that it may become."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import dagster as dg

from ml_platform.orchestration.asset_kind import Asset, AssetKind, Made
from ml_platform.orchestration.keys import asset_key
from ml_platform.orchestration.metadata import bounds, estimates, link, markdown_table, numbers, value
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.stores import Stores

if TYPE_CHECKING:
    from ml_platform.promotion.gates import GateResult


def decision_kind() -> AssetKind:
    """Return the kind that decides whether a candidate may go to production."""
    asset = Asset(
        "decision",
        "Whether the candidate is promoted or rejected, with the figures and the reason of every gate. "
        "A candidate that passes is registered as challenger.",
        frozenset({"python", "mlflow"}),
    )
    return AssetKind("promotion", (asset,), _decide, deps=["evaluation"])


def _decide(model: Model, stores: Stores, partition: str | None, run: RunContext) -> Iterator[Made]:
    from ml_platform.pipeline.decision import decide_promotion, failed_gates, gate_results

    decision = decide_promotion(model, stores, partition, run)
    results, failed = gate_results(decision), failed_gates(decision)
    metadata = {
        "decision": "promote" if decision.document["promote"] else "reject",
        "reason": " ".join(failed) or f"The candidate passed all {len(results)} gates.",
        "gates": markdown_table(["gate", "result", "figures"], map(_gate, results)),
        "version": decision.document["version"] or "not registered",
        "gates_failed": len(failed),
    }
    yield Made("decision", decision.manifest.version, decision.manifest, metadata)


def _gate(result: GateResult) -> list[str]:
    """Return the line of a gate; where nothing could be compared, its figures are the reason."""
    outcome, figures = "passed" if result.passed else "**FAILED**", result.figures
    said = result.reason
    if figures:
        candidate, other, gain = (figures[name] for name in ("candidate", "other", "gain"))
        said = f"candidate {value(candidate)}, other {value(other)}, gain {value(gain)} {bounds(gain)}"
        said += f"; must exceed {figures['required']:g}"
    return [result.gate.replace("_", " "), outcome, said]


def champion_kind() -> AssetKind:
    """Return the kind that applies a decision."""
    asset = Asset(
        "champion",
        "The model version that serves after the decision: the promoted candidate, or the champion that stays. "
        "Skipped when the candidate was rejected and there is no champion.",
        frozenset({"mlflow"}),
        skippable=True,
    )
    return AssetKind("promotion", (asset,), _apply, deps=["decision"])


def _apply(model: Model, stores: Stores, partition: str | None, run: RunContext) -> Iterator[Made]:
    from ml_platform.pipeline.champion import apply_decision

    champion = apply_decision(model, stores, partition, run)
    if champion is None:
        return
    document = champion.document
    evaluation = stores.documents.read(model.artifact("evaluation", partition))
    metadata = {
        "version": document["version"],
        "reason": _why(document),
        **_metrics(evaluation, document),
        "since": dg.MetadataValue.timestamp(datetime.fromisoformat(document["since"])),
        "trained_as_of": document["partition"] or "the whole table",
        "previous_version": document["previous_version"] or "none",
        "decision": dg.MetadataValue.asset(asset_key(model, "decision")),
        "reports": link(f"{stores.reports.url.rstrip('/')}/{model.name}/", f"reports of {model.name}"),
    }
    if document["dagster_run_id"]:
        metadata["promoted_in"] = dg.MetadataValue.dagster_run(document["dagster_run_id"])
    if not champion.kept:  # the address is MLflow's to say, which takes seconds to import
        address = stores.mlflow.version_link(model.name, document["version"])
        metadata["mlflow_version"] = link(address, f"{model.name} version {document['version']}")
    yield Made("champion", document["onnx_sha256"], champion.manifest, metadata, kept=champion.kept)


def _why(champion: dict[str, Any]) -> str:
    """Return why this version serves after the decision of this partition."""
    if champion["rejected"]:
        return f"It stays: the candidate was rejected. {' '.join(champion['rejected'])}"
    return "Promoted: " + "; ".join(champion["reasons"])


def _metrics(evaluation: dict[str, Any], champion: dict[str, Any]) -> dict[str, Any]:
    """Return the metrics of the champion on this partition's test rows; nothing where it has seen too many of them."""
    if not champion["rejected"]:
        measured = evaluation["baseline"]["candidate"]
    elif evaluation["champion"] is not None:
        measured = evaluation["champion"]["other"]
    else:
        return {}
    return {"metrics": estimates({f"v{champion['version']}": measured}), **numbers("champion", measured)}
