"""The drift report of a partition, against the frozen reference of the model that scored it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg

from ml_platform.orchestration.asset import Asset, AssetKind, Made, Step
from ml_platform.orchestration.metadata import image
from ml_platform.pipeline.reference import REFERENCE
from ml_platform.stores.artifact import ArtifactKey, Manifest

if TYPE_CHECKING:
    import pandas as pd

    from ml_platform.drift.compare import DriftReport


def drift_kind() -> AssetKind:
    """Return the kind of a partition's drift report."""
    asset = Asset(
        "drift",
        "How far each feature and the predictions have moved from the data that the model was trained on (PSI).",
        frozenset({"polars", "evidently"}),
    )
    return AssetKind("drift", (asset,), _compare, deps=["features", "predictions"])


def _compare(step: Step) -> Iterator[Made]:
    from ml_platform.drift.compare import compare
    from ml_platform.drift.count import count_bins
    from ml_platform.drift.profile import Profile

    stores, spec = step.stores, step.model.spec
    predicted = list(step.model.output.kinds)
    predictions = stores.tables.read(step.artifact("predictions"), [*predicted, "model_version"])
    version = stores.registry.version(spec.name, predictions["model_version"].iloc[0])
    reference = stores.registry.load_document(version, REFERENCE, ledger=stores.ledger(spec.name))
    current = stores.tables.read(step.artifact("features"), list(step.model.kinds)).assign(**predictions[predicted])
    profile = Profile.from_document(reference["profile"])
    report = compare(profile, count_bins(current, profile), spec.drift)
    document = {**report.to_document(), "partition": step.partition, "model_version": version.version}
    inputs = {
        str(step.artifact(asset)): stores.tables.require(step.artifact(asset)).version
        for asset in ("features", "predictions")
    }
    manifest = stores.documents.write(step.artifact("drift"), document, inputs=inputs, run_id=step.run_id)
    metadata = _metadata(report, version.version) | _draw(step, reference["windows"], current)
    yield Made("drift", manifest.version, manifest, metadata)


def _metadata(report: DriftReport, version: str) -> dict[str, Any]:
    from ml_platform.drift.plots import drift_plot, drift_table

    return {
        "model_version": version,
        "psi": image(drift_plot(report), "PSI per column"),
        "columns": dg.MetadataValue.md(drift_table(report)),
    }


def _draw(step: Step, windows: dict[str, dict[str, Any]], current: pd.DataFrame) -> dict[str, Any]:
    """Let Evidently draw what people read, on bounded samples. It decides nothing."""
    from ml_platform.drift.report import write_evidently_report

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.html"
        notes = write_evidently_report(
            _reference_rows(step, windows),
            current[list(step.model.kinds)],
            step.model.kinds,
            path,
            title=f"{step.model.name} {step.partition or ''}: drift against the reference",
            seed=step.model.spec.training.seed,
        )
        address = step.stores.reports.write(step.model.name, "drift", step.partition, path.read_bytes())
    link = {"report": dg.MetadataValue.url(address)}
    return {**link, "left_out_of_the_report": ", ".join(notes)} if notes else link


def _reference_rows(step: Step, windows: dict[str, dict[str, Any]]) -> pd.DataFrame:
    """Read the rows that the model was trained on, as they were then."""
    import pandas as pd

    parts = []
    for name, recorded in windows.items():
        model, asset, partition = name.split("/")
        artifact = ArtifactKey(model, asset, None if partition == "whole" else partition)
        parts.append(
            step.stores.tables.read_version(artifact, Manifest.model_validate(recorded), list(step.model.kinds))
        )
    return pd.concat(parts, ignore_index=True)
