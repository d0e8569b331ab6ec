"""The challenger becomes champion."""

from dataclasses import dataclass

from ml_platform.errors import UncheckedData
from ml_platform.pipeline.decision import load_decision
from ml_platform.pipeline.ledger_entry import ledger_entry
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.scorer import current_champion
from ml_platform.pipeline.stored import stored_document
from ml_platform.stores.artifact import Manifest, make
from ml_platform.stores.stores import Stores


@dataclass(frozen=True)
class PromotedChampion:
    """The champion that a decision has made."""

    manifest: Manifest
    version: str
    onnx_sha256: str
    run_id: str
    previous_version: str | None
    kept: bool
    """Whether it was the champion before."""


def promote_candidate(model: Model, stores: Stores, partition: str | None, run: RunContext) -> PromotedChampion:
    """Make the version of a stored decision the champion, unless it is, and enter that into the ledger.

    Raises
    ------
    UncheckedData
        When the candidate was rejected.
    ChampionChanged
        When it was compared with another champion than the current one.
    """
    decision = load_decision(model, stores, partition)
    candidate = stores.documents.read(model.artifact("candidate", partition))
    if not decision.promote or decision.version is None:
        raise UncheckedData(
            f"The candidate of {partition} was rejected. {make(model.artifact('candidate', partition))}"
        )
    champion = stores.ledger(model.name).champion()
    previous = champion.version if champion else None
    is_champion = previous == decision.version
    if not is_champion:
        entry = ledger_entry(
            model,
            stores,
            partition,
            run,
            candidate=candidate,
            action="promoted",
            version=decision.version,
            reasons=decision.reasons,
            previous_champion=previous,
        )
        stores.ledger(model.name).promote(entry, expected_champion=decision.champion_version)
    document = {"version": decision.version, "onnx_sha256": decision.onnx_sha256, "run_id": candidate["run_id"]}
    inputs = {str(model.artifact("decision", partition)): decision.manifest.version}

    def champion_in_mlflow() -> dict[str, str]:
        current_champion(stores, model.name)  # moves MLflow's alias, also after a kill between ledger and alias
        return document

    stored = stored_document(stores, model.artifact("champion", partition), inputs, champion_in_mlflow, run)
    return PromotedChampion(stored.manifest, **document, previous_version=previous, kept=is_champion)
