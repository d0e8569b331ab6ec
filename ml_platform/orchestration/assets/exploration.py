"""The exploration of a training window: a page for people. Nothing downstream depends on it."""

from collections.abc import Iterator
from typing import Any

from ml_platform.orchestration.asset_kind import Asset, AssetKind, Made
from ml_platform.orchestration.metadata import image, link, markdown_table
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.stores import Stores


def exploration_kind() -> AssetKind:
    """Return the kind of a training window's exploration."""
    asset = Asset(
        "exploration",
        "What the training window holds: distributions, missing values, associations with the target, outliers, "
        "duplicates, train against test, and labels that may be wrong.",
        frozenset({"scikitlearn", "matplotlib"}),
    )
    return AssetKind("features", (asset,), _explore, deps=["training_set"])


def _explore(model: Model, stores: Stores, partition: str | None, run: RunContext) -> Iterator[Made]:
    from ml_platform.pipeline.exploration import explore_window

    explored = explore_window(model, stores, partition, run)
    metadata: dict[str, Any] = {
        "report": link(stores.reports.address(model.artifact("exploration", partition)), "exploration"),
        "dagster/row_count": explored.n_rows,
    }
    if explored.observations:
        rows = ([seen.topic, "look" if seen.look else "", seen.text] for seen in explored.observations)
        metadata["observations"] = markdown_table(["topic", "", "observation"], rows)
    if explored.picture is not None:
        metadata["associations"] = image(explored.picture, "Associations with the target")
    yield Made("exploration", explored.manifest.version, explored.manifest, metadata, kept=explored.kept)
