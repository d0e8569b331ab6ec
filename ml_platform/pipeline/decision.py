"""The decision about a candidate: every gate, asked once, on the stored evaluation."""

from dataclasses import dataclass
from typing import Any

from ml_platform.errors import UncheckedData
from ml_platform.pipeline.ledger_entry import ledger_entry
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.scorer import current_champion, predicts
from ml_platform.pipeline.stored import code_version, kept_document
from ml_platform.promotion.decide import decide
from ml_platform.promotion.evidence import Evidence
from ml_platform.promotion.gates import GateResult
from ml_platform.stores.artifact import ArtifactKey, Manifest, make
from ml_platform.stores.files import digest, to_json
from ml_platform.stores.stores import Stores


@dataclass(frozen=True)
class PromotionDecision:
    """A stored decision.

    Attributes
    ----------
    version
        The candidate's version in the registry; None when it was rejected.
    onnx_sha256
        Of the candidate that was decided on.
    champion_version
        The champion that it was compared with; None when there was none.
    kept
        Whether it was decided before, on the same evaluation and by the same gates.
    """

    manifest: Manifest
    promote: bool
    results: tuple[GateResult, ...]
    reasons: tuple[str, ...]
    version: str | None
    onnx_sha256: str
    champion_version: str | None
    kept: bool


def decide_promotion(model: Model, stores: Stores, partition: str | None, run: RunContext) -> PromotionDecision:
    """Decide on the stored evaluation; register a candidate that passes, and enter the decision into the ledger.

    Raises
    ------
    UncheckedData
        When the evaluation is about another candidate.
    """
    artifact = model.artifact("decision", partition)
    evaluation, candidate = _evaluation(model, stores, partition)
    inputs = {**_binding(model, stores, partition), "code": code_version("pipeline", "promotion")}
    kept = kept_document(stores, artifact, inputs)
    if kept is not None:
        run.log(f"{artifact}: inputs unchanged, kept")
        return _read(kept.manifest, kept.document, kept=True)
    decision = decide(Evidence.from_document(evaluation), model.spec.gates)
    version = _register(model, stores, partition, candidate) if decision.promote else None
    entry = ledger_entry(
        model,
        stores,
        partition,
        run,
        candidate=candidate,
        action="registered" if decision.promote else "rejected",
        version=version,
        reasons=decision.reasons,
    )
    stores.ledger(model.name).append(entry)
    document = {
        **decision.to_document(),
        "reasons": list(decision.reasons),
        "version": version,
        "onnx_sha256": candidate["onnx_sha256"],
        "champion_version": evaluation["champion_version"],
    }
    manifest = stores.documents.write(artifact, document, inputs=inputs, run_id=run.run_id)
    return _read(manifest, document, kept=False)


def load_decision(model: Model, stores: Stores, partition: str | None) -> PromotionDecision:
    """Return the stored decision on the current evaluation and by the gates of today's YAML.

    Raises
    ------
    NotStored, UncheckedData
        When there is none, or it is about an older evaluation or other gates.
    """
    artifact = model.artifact("decision", partition)
    manifest = stores.documents.require(artifact)
    _evaluation(model, stores, partition)
    if not _binding(model, stores, partition).items() <= manifest.inputs.items():
        raise UncheckedData(f"{artifact} is about an older evaluation or other gates. {make(artifact)}")
    return _read(manifest, stores.documents.read_version(artifact, manifest), kept=True)


def _evaluation(model: Model, stores: Stores, partition: str | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the documents of the evaluation and of the candidate that it is about."""
    artifact, measured = model.artifact("evaluation", partition), model.artifact("candidate", partition)
    manifest, candidate = stores.documents.require(artifact), stores.documents.read(measured)
    if manifest.inputs.get(str(measured)) != candidate["onnx_sha256"]:
        raise UncheckedData(f"{artifact} is about an older candidate. {make(artifact)}")
    return stores.documents.read_version(artifact, manifest), candidate


def _binding(model: Model, stores: Stores, partition: str | None) -> dict[str, str]:
    """Return what a decision is valid for: one evaluation, and the gates with their options."""
    evaluation: ArtifactKey = model.artifact("evaluation", partition)
    gates = [[name, options] for name, options in model.spec.gates.items()]
    return {str(evaluation): stores.documents.require(evaluation).version, "gates": digest(to_json(gates))}


def _read(manifest: Manifest, document: dict[str, Any], *, kept: bool) -> PromotionDecision:
    return PromotionDecision(
        manifest=manifest,
        promote=document["promote"],
        results=tuple(GateResult(**result) for result in document["results"]),
        reasons=tuple(document["reasons"]),
        version=document["version"],
        onnx_sha256=document["onnx_sha256"],
        champion_version=document["champion_version"],
        kept=kept,
    )


def _register(model: Model, stores: Stores, partition: str | None, candidate: dict[str, Any]) -> str:
    """Return the candidate's version; the champion trained again on the same data is the champion."""
    champion = current_champion(stores, model.name)
    if champion is not None and champion.onnx_sha256 == candidate["onnx_sha256"]:
        return champion.version
    return stores.registry.register(
        model.name,
        run_id=candidate["run_id"],
        onnx_sha256=candidate["onnx_sha256"],
        tags={**candidate["seen"], **predicts(model.output), "partition": partition or ""},
    )
