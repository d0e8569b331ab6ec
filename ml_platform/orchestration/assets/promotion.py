"""The decision about a candidate, and the champion that it may become."""

from collections.abc import Iterator

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
    """Return the kind that moves the champion alias."""
    asset = Asset(
        "champion",
        "The challenger becomes champion: one alias moves in the registry, and the ledger says when and why.",
        frozenset({"mlflow"}),
    )
    return AssetKind("promotion", (asset,), _promote, deps=["decision"])


def _promote(model: Model, stores: Stores, partition: str | None, run: RunContext) -> Iterator[Made]:
    from ml_platform.pipeline.champion import promote_candidate

    champion = promote_candidate(model, stores, partition, run)
    metadata = {**champion.document, "previous_version": champion.document["previous_version"] or "none"}
    yield Made("champion", champion.document["onnx_sha256"], champion.manifest, metadata)
