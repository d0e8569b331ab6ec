"""The challenger becomes champion."""

from dataclasses import replace

from ml_platform.errors import UncheckedData
from ml_platform.pipeline.decision import ledger_entry, load_decision
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.scorer import current_champion
from ml_platform.pipeline.stored import StoredDocument, stored_document
from ml_platform.stores.artifact import make
from ml_platform.stores.stores import Stores


def promote_candidate(model: Model, stores: Stores, partition: str | None, run: RunContext) -> StoredDocument:
    """Make the version of a stored decision the champion, unless it is, and enter that into the ledger.

    UncheckedData is raised when the candidate was rejected; ChampionChanged, when it was compared with another
    champion than the current one.
    """
    decision, artifact = load_decision(model, stores, partition), model.artifact("candidate", partition)
    decided = decision.document
    if not decided["promote"]:
        raise UncheckedData(f"The candidate of {partition} was rejected. {make(artifact)}")
    candidate, ledger = stores.documents.read(artifact), stores.ledger(model.name)
    champion = ledger.champion()
    previous = champion.version if champion else None
    if previous != decided["version"]:
        entry = ledger_entry(model, stores, partition, run, candidate=candidate, decision=decided, action="promoted")
        entry = replace(entry, previous_champion=previous)
        ledger.promote(entry, expected_champion=decided["champion_version"])
        current_champion(stores, model.name)  # moves MLflow's alias; a kill before it is made good by the next call
    document = {
        "version": decided["version"],
        "onnx_sha256": decided["onnx_sha256"],
        "run_id": candidate["run_id"],
        "previous_version": previous,
    }
    inputs = {str(model.artifact("decision", partition)): decision.manifest.version}
    return stored_document(stores, model.artifact("champion", partition), inputs, lambda: document, run)
