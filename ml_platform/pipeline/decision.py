"""The decision about a candidate: every gate, asked once, on the stored evaluation."""

from typing import Any

from ml_platform.errors import UncheckedData
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.scorer import current_champion, predicts
from ml_platform.pipeline.stored import StoredDocument, stored_document
from ml_platform.promotion.decide import decide
from ml_platform.promotion.evidence import Evidence
from ml_platform.promotion.gates import GateResult
from ml_platform.stores.artifact import Manifest, make
from ml_platform.stores.files import digest, to_json
from ml_platform.stores.git import code_version
from ml_platform.stores.ledger_entry import Action, LedgerEntry
from ml_platform.stores.manifests import id_of
from ml_platform.stores.mlflow.entities import EVALUATION
from ml_platform.stores.stores import Stores


def decide_promotion(model: Model, stores: Stores, partition: str | None, run: RunContext) -> StoredDocument:
    """Decide on the stored evaluation; register a candidate that passes, and enter the decision into the ledger.

    Its document has the gates' results, the candidate's hash and version, which is None when it was rejected, and the
    version of the champion that it was compared with. It is kept for the same evaluation and gates.

    UncheckedData is raised when the evaluation is about another candidate.
    """
    manifest, candidate = _evaluation(model, stores, partition)
    inputs = {**_binding(model, manifest), "code": code_version("pipeline", "promotion")}

    def decided() -> dict[str, Any]:
        evaluation = stores.documents.read_version(manifest)
        decision = decide(Evidence.from_document(evaluation), model.spec.gates)
        document = {
            **decision.to_document(),
            "reasons": list(decision.reasons),
            "version": _register(model, stores, partition, candidate) if decision.promote else None,
            "onnx_sha256": candidate["onnx_sha256"],
            "champion_version": evaluation["champion_version"],
        }
        action: Action = "registered" if decision.promote else "rejected"
        stores.runs.log_decision(candidate["run_id"], action, decision.reasons)  # first, as the ledger makes it last
        if document["version"]:
            stores.registry.log_decision(model.name, document["version"], action, decision.reasons)
        entry = ledger_entry(model, stores, partition, run, candidate=candidate, decision=document, action=action)
        stores.ledger(model.name).append(entry)
        return document

    return stored_document(stores, model.artifact("decision", partition), inputs, decided, run)


def load_decision(model: Model, stores: Stores, partition: str | None) -> StoredDocument:
    """Return the stored decision on the current evaluation and by the gates of today's YAML.

    UncheckedData is raised when it is about an older evaluation or other gates.
    """
    artifact = model.artifact("decision", partition)
    manifest = stores.documents.require(artifact)
    evaluation, _ = _evaluation(model, stores, partition)
    if not _binding(model, evaluation).items() <= manifest.inputs.items():
        raise UncheckedData(f"{artifact} is about an older evaluation or other gates. {make(artifact)}")
    return StoredDocument(manifest, stores.documents.read_version(manifest), kept=True)


def gate_results(decision: StoredDocument) -> tuple[GateResult, ...]:
    """Return what each gate has said."""
    return tuple(GateResult(**result) for result in decision.document["results"])


def failed_gates(decision: StoredDocument) -> tuple[str, ...]:
    """Return a sentence per gate that rejected the candidate."""
    return tuple(f"{one.gate}: {one.reason}." for one in gate_results(decision) if not one.passed)


def ledger_entry(
    model: Model,
    stores: Stores,
    partition: str | None,
    run: RunContext,
    *,
    candidate: dict[str, Any],
    decision: dict[str, Any],
    action: Action,
) -> LedgerEntry:
    """Return the entry for what a decision has done to the stored candidate of a partition."""
    evaluation = stores.documents.require(model.artifact("evaluation", partition))
    return LedgerEntry(
        at=run.now(),
        model=model.name,
        partition=partition,
        action=action,
        version=decision["version"],
        run_id=candidate["run_id"],
        onnx_sha256=candidate["onnx_sha256"],
        reasons=tuple(decision["reasons"]),
        dagster_run_id=run.run_id,
        files={**candidate["files"], EVALUATION: evaluation.version},
        candidate=id_of(stores.documents.require(model.artifact("candidate", partition))),
    )


def _evaluation(model: Model, stores: Stores, partition: str | None) -> tuple[Manifest, dict[str, Any]]:
    """Return the manifest of the evaluation, and the document of the candidate that it is about."""
    artifact, measured = model.artifact("evaluation", partition), model.artifact("candidate", partition)
    manifest, candidate = stores.documents.require(artifact), stores.documents.read(measured)
    if manifest.inputs.get(str(measured)) != candidate["onnx_sha256"]:
        raise UncheckedData(f"{artifact} is about an older candidate. {make(artifact)}")
    return manifest, candidate


def _binding(model: Model, evaluation: Manifest) -> dict[str, str]:
    """Return what a decision is valid for: one evaluation, and the gates with their options."""
    gates = [[name, options] for name, options in model.spec.gates.items()]
    return {evaluation.artifact: evaluation.version, "gates": digest(to_json(gates))}


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
