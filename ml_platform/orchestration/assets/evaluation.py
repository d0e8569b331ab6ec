"""The candidate, the baseline and the champion on the same unseen rows."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from ml_platform.orchestration.asset_kind import Asset, AssetKind, Made
from ml_platform.orchestration.metadata import comparison, image, intervals, numbers
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.stores import Stores


def evaluation_kind() -> AssetKind:
    """Return the kind that measures a candidate."""
    asset = Asset(
        "evaluation",
        "Metrics of the candidate beside those of the champion and of the baseline, on rows that neither was trained "
        "on, with bootstrap intervals.",
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
    """Return the comparison with the champion, that with the baseline, and each value as a number to plot."""
    baseline, champion, version = document["baseline"], document["champion"], document["champion_version"]
    shown: dict[str, Any] = {"against_champion": _why_not_compared(document)}
    measured = {"candidate": baseline["candidate"], "baseline": baseline["other"]}
    figures = numbers("candidate", baseline["candidate"]) | numbers("baseline", baseline["other"])
    if champion is not None:
        shown["against_champion"] = _table(champion, f"champion v{version}")
        measured[f"champion v{version}"] = champion["other"]
        figures |= numbers("champion", champion["other"]) | numbers("gain", champion["gain"])
    return {
        **shown,
        "against_baseline": _table(baseline, "baseline"),
        "intervals": intervals(measured),
        "dagster/row_count": baseline["n_rows"],
        **({"champion_unseen_rows": document["n_unseen"]} if version else {}),
        **figures,
    }


def _table(compared: dict[str, Any], other: str) -> dg.MarkdownMetadataValue:
    """Return the metrics of two models on the same rows, and the gain."""
    return comparison({"candidate": compared["candidate"], other: compared["other"]}, compared["gain"])


def _why_not_compared(document: dict[str, Any]) -> str:
    version, unseen = document["champion_version"], document["n_unseen"]
    if version is None:
        return "There is no champion yet."
    n_rows = document["baseline"]["n_rows"]
    return f"Not compared: of {n_rows:,} test rows, champion v{version} has not seen {unseen:,}."
