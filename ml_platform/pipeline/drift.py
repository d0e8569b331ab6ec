"""The drift report of a partition, against the frozen reference of the model that scored it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ml_platform.drift.profile import Profile
from ml_platform.drift.report import DriftReport
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.reference import REFERENCE
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.stored import definition_inputs, kept_document
from ml_platform.stores.artifact import ArtifactKey, Manifest
from ml_platform.stores.stores import Stores


@dataclass(frozen=True)
class ComparedPartition:
    """A stored drift report.

    Attributes
    ----------
    page
        Address of Evidently's page about it.
    left_out
        Columns that the page does not show, and why.
    kept
        Whether it was made before from the same features, predictions and reference.
    """

    manifest: Manifest
    report: DriftReport
    model_version: str
    page: str
    left_out: tuple[str, ...]
    kept: bool

    @property
    def plot(self) -> bytes:
        """PNG of the drift of each column."""
        from ml_platform.drift.plots import drift_plot

        return drift_plot(self.report)

    @property
    def table(self) -> str:
        """Markdown table of the drift of each column."""
        from ml_platform.drift.plots import drift_table

        return drift_table(self.report)


def compare_with_reference(model: Model, stores: Stores, partition: str | None, run: RunContext) -> ComparedPartition:
    """Compare a partition's features and predictions with the reference of the model that scored it."""
    artifact = model.artifact("drift", partition)
    page = stores.reports.address(model.name, "drift", partition)
    inputs = definition_inputs(model, "drift")
    for asset in ("features", "predictions"):
        made_from = model.artifact(asset, partition)
        inputs[str(made_from)] = stores.tables.require(made_from).version
    kept = kept_document(stores, artifact, inputs)
    if kept is not None and stores.reports.exists(model.name, "drift", partition):
        run.log(f"{artifact}: inputs unchanged, kept")
        return _read(kept.manifest, kept.document, page, kept=True)
    document = _compare(model, stores, partition)
    manifest = stores.documents.write(artifact, document, inputs=inputs, run_id=run.run_id)
    return _read(manifest, document, page, kept=False)


def _read(manifest: Manifest, document: dict[str, Any], page: str, *, kept: bool) -> ComparedPartition:
    report, left_out = DriftReport.from_document(document), tuple(document["left_out_of_the_page"])
    return ComparedPartition(manifest, report, document["model_version"], page, left_out, kept)


def _compare(model: Model, stores: Stores, partition: str | None) -> dict[str, Any]:
    """Return the document of a drift report, and write Evidently's page, which decides nothing."""
    from ml_platform.drift.compare import compare
    from ml_platform.drift.count import count_bins
    from ml_platform.drift.evidently_page import draw_evidently_page

    predicted = list(model.output.kinds)
    predictions = stores.tables.read(model.artifact("predictions", partition), [*predicted, "model_version"])
    version = stores.registry.version(model.name, predictions["model_version"].iloc[0])
    reference = stores.registry.load_document(version, REFERENCE, ledger=stores.ledger(model.name))
    features = stores.tables.read(model.artifact("features", partition), list(model.kinds))
    profile = Profile.from_document(reference["profile"])
    counts = count_bins(features.assign(**predictions[predicted]), profile)
    report = compare(profile, counts, model.spec.drift)
    html, left_out = draw_evidently_page(
        _reference_rows(model, stores, reference["windows"]),
        features,
        model.kinds,
        title=f"{model.name} {partition or ''}: drift against the reference",
        seed=model.spec.training.seed,
    )
    stores.reports.write(model.name, "drift", partition, html.encode())
    return {
        **report.to_document(),
        "partition": partition,
        "model_version": version.version,
        "left_out_of_the_page": list(left_out),
    }


def _reference_rows(model: Model, stores: Stores, windows: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Return the features that the model was trained on, as they were then."""
    parts = []
    for name, recorded in windows.items():
        artifact = ArtifactKey.parse(name)
        assert artifact is not None
        parts.append(stores.tables.read_version(artifact, Manifest.model_validate(recorded), list(model.kinds)))
    return pd.concat(parts, ignore_index=True)
