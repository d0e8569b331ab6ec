"""A decision is applied: the challenger becomes champion, or the champion stays."""

from dataclasses import replace
from typing import Any

from ml_platform.pipeline.decision import failed_gates, ledger_entry, load_decision
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.scorer import current_champion
from ml_platform.pipeline.stored import StoredDocument, stored_document
from ml_platform.stores.files import digest
from ml_platform.stores.stores import Stores


def apply_decision(model: Model, stores: Stores, partition: str | None, run: RunContext) -> StoredDocument | None:
    """Promote the candidate of a stored decision, unless it was rejected, and return the champion that serves then.

    None is returned when the candidate was rejected and there is no champion.

    Its document has the champion's version, hash and MLflow run, the version before it, the partition that it was
    trained as of, since when and by which Dagster run it is champion and why, and the gates that rejected this
    partition's candidate.

    ChampionChanged is raised when a candidate that passed was compared with another champion than the current one.
    """
    decision, ledger = load_decision(model, stores, partition), stores.ledger(model.name)
    decided = decision.document
    if decided["promote"]:
        _promote(model, stores, partition, run, decided)
    champion, rejected = ledger.champion(), failed_gates(decision)
    if rejected:
        stays = f"version {champion.version} stays champion" if champion else "there is no champion, so none is stored"
        run.log(
            f"The candidate of {model.artifact('candidate', partition)} was rejected; {stays}. {' '.join(rejected)}"
        )
    if champion is None:
        return None

    def in_mlflow_too() -> dict[str, Any]:
        current_champion(stores, model.name)  # moves MLflow's alias, also after a kill between ledger and alias
        stores.runs.log_decision(champion.run_id, champion.action, champion.reasons)
        assert champion.version is not None
        stores.registry.log_decision(model.name, champion.version, champion.action, champion.reasons)
        return {
            "version": champion.version,
            "onnx_sha256": champion.onnx_sha256,
            "run_id": champion.run_id,
            "previous_version": champion.previous_champion,
            "partition": champion.partition,
            "since": champion.at.isoformat(),
            "dagster_run_id": champion.dagster_run_id,
            "reasons": list(champion.reasons),
            "rejected": list(rejected),
        }

    made_from = {
        str(model.artifact("decision", partition)): decision.manifest.version,
        "promotion": digest(champion.to_json().encode()),
    }
    return stored_document(stores, model.artifact("champion", partition), made_from, in_mlflow_too, run)


def _promote(model: Model, stores: Stores, partition: str | None, run: RunContext, decided: dict[str, Any]) -> None:
    """Enter a promotion into the ledger, unless its version is champion."""
    ledger = stores.ledger(model.name)
    champion = ledger.champion()
    previous = champion.version if champion else None
    if previous != decided["version"]:
        candidate = stores.documents.read(model.artifact("candidate", partition))
        entry = ledger_entry(model, stores, partition, run, candidate=candidate, decision=decided, action="promoted")
        entry = replace(entry, previous_champion=previous)
        ledger.promote(entry, expected_champion=decided["champion_version"])
