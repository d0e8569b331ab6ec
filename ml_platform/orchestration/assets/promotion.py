"""The decision about a candidate, and the champion that it may become."""

from collections.abc import Iterator
from typing import Any

from ml_platform.orchestration.asset_kind import Asset, AssetKind, Made
from ml_platform.orchestration.metadata import markdown_table
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.stores import Stores


def decision_kind() -> AssetKind:
    """Return the kind that decides whether a candidate may go to production."""
    asset = Asset(
        "decision",
        "Promote or reject, with the reason of every gate. A candidate that passes is registered as challenger.",
        frozenset({"python", "mlflow"}),
    )
    return AssetKind("promotion", (asset,), _decide, deps=["evaluation"])


def _decide(model: Model, stores: Stores, partition: str | None, run: RunContext) -> Iterator[Made]:
    from ml_platform.pipeline.decision import decide_promotion, gate_results

    decision = decide_promotion(model, stores, partition, run)
    gates = ([result.gate, "yes" if result.passed else "NO", result.reason] for result in gate_results(decision))
    metadata = {
        "decision": "promote" if decision.document["promote"] else "reject",
        "version": decision.document["version"] or "not registered",
        "gates": markdown_table(["gate", "passed", "reason"], gates),
    }
    yield Made("decision", decision.manifest.version, decision.manifest, metadata)


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
    if champion is not None:
        yield Made("champion", champion.document["onnx_sha256"], champion.manifest, _serving(champion.document))


def _serving(champion: dict[str, Any]) -> dict[str, Any]:
    metadata = {
        "version": champion["version"],
        "since": champion["since"],
        "trained_as_of": champion["partition"] or "the whole table",
        "why": "\n".join(champion["reasons"]),
        "previous_version": champion["previous_version"] or "none",
        "run_id": champion["run_id"],
        "onnx_sha256": champion["onnx_sha256"],
    }
    if champion["rejected"]:
        metadata["candidate_rejected"] = "\n".join(champion["rejected"])
    return metadata
