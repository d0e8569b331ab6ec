"""What the ledger says of a candidate."""

from collections.abc import Iterable
from typing import Any

from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.ledger_entry import Action, LedgerEntry
from ml_platform.stores.mlflow.entities import EVALUATION
from ml_platform.stores.stores import Stores


def ledger_entry(
    model: Model,
    stores: Stores,
    partition: str | None,
    run: RunContext,
    *,
    candidate: dict[str, Any],
    action: Action,
    version: str | None,
    reasons: Iterable[str],
    previous_champion: str | None = None,
) -> LedgerEntry:
    """Return the entry for something that happened to the stored candidate of a partition."""
    evaluation = stores.documents.require(model.artifact("evaluation", partition))
    return LedgerEntry(
        at=run.now(),
        model=model.name,
        partition=partition,
        action=action,
        version=version,
        run_id=candidate["run_id"],
        onnx_sha256=candidate["onnx_sha256"],
        reasons=tuple(reasons),
        previous_champion=previous_champion,
        dagster_run_id=run.run_id,
        files={**candidate["files"], EVALUATION: evaluation.version},
        candidate=stores.documents.manifest_id(model.artifact("candidate", partition)),
    )
