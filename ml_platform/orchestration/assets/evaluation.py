"""The candidate, the baseline and the champion on the same unseen rows."""

from collections.abc import Iterator
from typing import Any

from ml_platform.orchestration.asset_kind import Asset, AssetKind, Made
from ml_platform.orchestration.metadata import estimates, image
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.stores import Stores


def evaluation_kind() -> AssetKind:
    """Return the kind that measures a candidate."""
    asset = Asset(
        "evaluation",
        "Candidate, baseline and champion on the test rows that none of them was trained on, with bootstrap intervals.",
        frozenset({"scikitlearn", "mlflow"}),
    )
    return AssetKind("evaluation", (asset,), _evaluate, deps=["candidate", "baseline"])


def _evaluate(model: Model, stores: Stores, partition: str | None, run: RunContext) -> Iterator[Made]:
    from ml_platform.pipeline.evaluation import evaluate

    evaluated = evaluate(model, stores, partition, run)
    pictures = {title.lower().replace(" ", "_"): image(png, title) for title, png in evaluated.pictures.items()}
    metadata = _figures(evaluated.document) | pictures
    yield Made("evaluation", evaluated.manifest.version, evaluated.manifest, metadata, kept=evaluated.kept)


def _figures(document: dict[str, Any]) -> dict[str, Any]:
    shown = {"candidate": document["baseline"]["candidate"], "baseline": document["baseline"]["other"]}
    if document["champion"] is not None:
        shown["champion"] = document["champion"]["other"]
    return {
        "dagster/row_count": document["baseline"]["n_rows"],
        "metrics": estimates(shown),
        "champion_version": document["champion_version"] or "none yet",
        "rows_the_champion_has_not_seen": document["n_unseen"] if document["n_unseen"] is not None else "no champion",
    }
