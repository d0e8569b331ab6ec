"""The decision about a candidate, and the champion that it may become."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ml_platform.errors import UncheckedData
from ml_platform.orchestration.asset import Asset, AssetKind, Made, Step
from ml_platform.orchestration.metadata import markdown_table
from ml_platform.pipeline.scorer import current_champion, predicts
from ml_platform.stores.artifact import make
from ml_platform.stores.ledger_entry import Action, LedgerEntry
from ml_platform.stores.mlflow.entities import EVALUATION

if TYPE_CHECKING:
    from ml_platform.promotion.decide import Decision


def decision_kind() -> AssetKind:
    """Return the kind that decides whether a candidate may go to production."""
    asset = Asset(
        "decision",
        "Promote or reject, with the reason of every gate. A candidate that passes is registered as challenger.",
        frozenset({"python", "mlflow"}),
    )
    return AssetKind("promotion", (asset,), _decide, deps=["evaluation"])


def champion_kind() -> AssetKind:
    """Return the kind that moves the champion alias."""
    asset = Asset(
        "champion",
        "The challenger becomes champion: one alias moves in the registry, and the ledger says when and why.",
        frozenset({"mlflow"}),
    )
    return AssetKind("promotion", (asset,), _promote, deps=["decision"])


def decide_from_evaluation(step: Step) -> Decision:
    """Hold the stored evaluation against the gates of the YAML."""
    from ml_platform.promotion.decide import decide
    from ml_platform.promotion.evidence import Evidence

    evaluation = step.stores.documents.read(step.artifact("evaluation"))
    return decide(Evidence.from_document(evaluation), step.model.spec.gates)


def _decide(step: Step) -> Iterator[Made]:
    stores, decision = step.stores, decide_from_evaluation(step)
    candidate = stores.documents.read(step.artifact("candidate"))
    version = _register(step, candidate) if decision.promote else None
    entry = _entry(step, candidate, "registered" if decision.promote else "rejected", version, reasons=decision.reasons)
    stores.ledger(step.model.name).append(entry)
    document = {**decision.to_document(), "reasons": list(decision.reasons), "version": version}
    inputs = {str(step.artifact("evaluation")): stores.documents.require(step.artifact("evaluation")).version}
    manifest = stores.documents.write(step.artifact("decision"), document, inputs=inputs, run_id=step.run_id)
    metadata = {
        "decision": "promote" if decision.promote else "reject",
        "version": version or "not registered",
        "gates": markdown_table(
            ["gate", "passed", "reason"], ([r.gate, "yes" if r.passed else "NO", r.reason] for r in decision.results)
        ),
    }
    yield Made("decision", manifest.version, manifest, metadata)


def _register(step: Step, candidate: dict[str, Any]) -> str:
    """Return the candidate's version; the champion trained again on the same data is the champion."""
    champion = current_champion(step.stores, step.model.name)
    if champion is not None and champion.onnx_sha256 == candidate["onnx_sha256"]:
        return champion.version
    return step.stores.registry.register(
        step.model.name,
        run_id=candidate["run_id"],
        onnx_sha256=candidate["onnx_sha256"],
        tags={**candidate["seen"], **predicts(step.model.output), "partition": step.partition or ""},
    )


def _promote(step: Step) -> Iterator[Made]:
    stores, name = step.stores, step.model.name
    decision = stores.documents.read(step.artifact("decision"))
    if not decision["promote"]:
        raise UncheckedData(f"The candidate of {step.partition} was rejected. {make(step.artifact('candidate'))}")
    candidate = stores.documents.read(step.artifact("candidate"))
    compared_with = stores.documents.read(step.artifact("evaluation"))["champion_version"]
    before = stores.ledger(name).champion()
    previous = before.version if before else None
    entry = _entry(
        step, candidate, "promoted", decision["version"], reasons=decision["reasons"], previous_champion=previous
    )
    stores.ledger(name).promote(entry, expected_champion=compared_with)
    current_champion(stores, name)  # moves MLflow's alias; a kill before it is made good by the next call
    champion = {"version": decision["version"], "onnx_sha256": candidate["onnx_sha256"], "run_id": candidate["run_id"]}
    inputs = {str(step.artifact("decision")): stores.documents.require(step.artifact("decision")).version}
    manifest = stores.documents.write(step.artifact("champion"), champion, inputs=inputs, run_id=step.run_id)
    metadata = {"version": decision["version"], "previous_version": previous or "none", **champion}
    yield Made("champion", candidate["onnx_sha256"], manifest, metadata)


def _entry(
    step: Step,
    candidate: dict[str, Any],
    action: Action,
    version: str | None,
    *,
    reasons: Iterable[str],
    previous_champion: str | None = None,
) -> LedgerEntry:
    return LedgerEntry(
        at=step.now(),
        model=step.model.name,
        partition=step.partition,
        action=action,
        version=version,
        run_id=candidate["run_id"],
        onnx_sha256=candidate["onnx_sha256"],
        reasons=tuple(reasons),
        previous_champion=previous_champion,
        dagster_run_id=step.run_id,
        files={**candidate["files"], EVALUATION: step.stores.documents.require(step.artifact("evaluation")).version},
        candidate=step.stores.documents.manifest_id(step.artifact("candidate")),
    )
