"""The drift report of a partition, against the frozen reference of the model that scored it."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from ml_platform.orchestration.asset_kind import Asset, AssetKind, Made
from ml_platform.orchestration.metadata import image
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.stores import Stores


def drift_kind() -> AssetKind:
    """Return the kind of a partition's drift report."""
    asset = Asset(
        "drift",
        "How far each feature and the predictions have moved from the data that the model was trained on (PSI).",
        frozenset({"polars", "evidently"}),
    )
    return AssetKind("drift", (asset,), _compare, deps=["features", "predictions"])


def _compare(model: Model, stores: Stores, partition: str | None, run: RunContext) -> Iterator[Made]:
    from ml_platform.pipeline.drift import compare_with_reference

    compared = compare_with_reference(model, stores, partition, run)
    metadata: dict[str, Any] = {
        "model_version": compared.document["model_version"],
        "report": dg.MetadataValue.url(stores.reports.address(model.artifact("drift", partition))),
    }
    if not compared.kept:
        from ml_platform.drift.plots import drift_plot, drift_table
        from ml_platform.drift.report import DriftReport

        report = DriftReport.from_document(compared.document)
        metadata["psi"] = image(drift_plot(report), "PSI per column")
        metadata["columns"] = dg.MetadataValue.md(drift_table(report))
    if left_out := compared.document["left_out_of_the_page"]:
        metadata["left_out_of_the_report"] = ", ".join(left_out)
    yield Made("drift", compared.manifest.version, compared.manifest, metadata, kept=compared.kept)
