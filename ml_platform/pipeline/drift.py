"""The drift report of a partition, against the frozen reference of the model that scored it."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.stored import StoredDocument, definition_inputs, stored_document
from ml_platform.stores.artifact import Manifest
from ml_platform.stores.mlflow.entities import REFERENCE
from ml_platform.stores.stores import Stores


def compare_with_reference(model: Model, stores: Stores, partition: str | None, run: RunContext) -> StoredDocument:
    """Compare a partition's features and predictions with the reference of the model that scored it.

    The document is that of a `DriftReport`, with the model's version and what Evidently's page does not show.
    """
    artifact = model.artifact("drift", partition)
    inputs = definition_inputs(model, "drift")
    for asset in ("features", "predictions"):
        made_from = model.artifact(asset, partition)
        inputs[str(made_from)] = stores.tables.require(made_from).version
    make = partial(_compare, model, stores, partition)
    return stored_document(stores, artifact, inputs, make, run, keep_if=lambda _: stores.reports.exists(artifact))


def _compare(model: Model, stores: Stores, partition: str | None) -> dict[str, Any]:
    """Return the document of a drift report, and write Evidently's page, which decides nothing."""
    from ml_platform.drift.compare import compare
    from ml_platform.drift.count import count_bins
    from ml_platform.drift.evidently_page import draw_evidently_page
    from ml_platform.drift.profile import Profile

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
    stores.reports.write(model.artifact("drift", partition), html.encode())
    return {
        **report.to_document(),
        "partition": partition,
        "model_version": version.version,
        "left_out_of_the_page": list(left_out),
    }


def _reference_rows(model: Model, stores: Stores, windows: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Return the features that the model was trained on, as they were then."""
    manifests = [Manifest.model_validate(recorded) for recorded in windows.values()]
    parts = [stores.tables.read_version(manifest, list(model.kinds)) for manifest in manifests]
    return pd.concat(parts, ignore_index=True)
