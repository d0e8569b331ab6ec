"""The drift report of a partition, against the frozen reference of the model that scored it."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import dagster as dg

from ml_platform.orchestration.asset_kind import Asset, AssetKind, Made
from ml_platform.orchestration.metadata import image, link
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.stores import Stores

SHORT = {"population_stability_index": "psi"}
"""Metrics that are known by an abbreviation."""


def drift_kind() -> AssetKind:
    """Return the kind of a partition's drift report."""
    asset = Asset(
        "drift",
        "Drift report: how far the distribution of each feature and of the predictions is from the reference, the "
        "training window of the model that scored (PSI, with its significance).",
        frozenset({"polars", "evidently"}),
    )
    return AssetKind("drift", (asset,), _compare, deps=["features", "predictions"])


def _compare(model: Model, stores: Stores, partition: str | None, run: RunContext) -> Iterator[Made]:
    from ml_platform.pipeline.drift import compare_with_reference

    compared = compare_with_reference(model, stores, partition, run)
    metadata: dict[str, Any] = {
        **_figures(compared.document),
        "model_version": compared.document["model_version"],
        "report": link(stores.reports.address(model.artifact("drift", partition)), "drift report"),
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


def _figures(report: dict[str, Any]) -> dict[str, Any]:
    """Return the result in a sentence, and its figures as numbers to plot."""
    levels = Counter(column["level"] for column in report["columns"])
    measured = [column for column in report["columns"] if column["value"] is not None]
    n_columns, critical, warning = levels.total(), levels["critical"], levels["warning"]
    figures: dict[str, Any] = {"columns_critical": critical, "columns_warning": warning}
    said = f"{critical} of {n_columns} columns critical, {warning} warning"
    if measured:
        largest = max(measured, key=lambda column: column["value"])
        said += f"; the largest is {largest['column']}, {largest['value']:.3g}"
        figures[f"largest_{SHORT.get(report['metric'], report['metric'])}"] = largest["value"]
    return {"result": f"{said}.", **figures}
