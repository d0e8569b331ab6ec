"""The drift report of a partition, against the frozen reference of the model that scored it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from ml_platform.contract.table_rule import hashed
from ml_platform.page.render import HOME
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.personal import personal_columns
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.stored import StoredDocument, definition_inputs, stored_document
from ml_platform.stores.artifact import Manifest
from ml_platform.stores.mlflow.entities import REFERENCE
from ml_platform.stores.reports import EVIDENTLY, dagster_path, mlflow_path, page_path, shared_path
from ml_platform.stores.stores import Stores

if TYPE_CHECKING:
    from ml_platform.drift.page import Opinions
    from ml_platform.drift.report import DriftReport


def compare_with_reference(model: Model, stores: Stores, partition: str | None, run: RunContext) -> StoredDocument:
    """Compare a partition's data with the reference of the model that scored it, and write the page about it.

    The document is that of a `DriftReport`, with the model's version and what Evidently's report does not show.
    """
    artifact = model.artifact("drift", partition)
    inputs = definition_inputs(model, "drift")
    for asset in ("features", "predictions"):
        made_from = model.artifact(asset, partition)
        inputs[str(made_from)] = stores.tables.require(made_from).version
    make, pages = partial(_compare, model, stores, partition), (artifact, model.artifact(EVIDENTLY, partition))
    return stored_document(
        stores, artifact, inputs, make, run, keep_if=lambda _: all(map(stores.reports.exists, pages))
    )


def _compare(model: Model, stores: Stores, partition: str | None) -> dict[str, Any]:
    """Return the document of a drift report, and write its page, with Evidently's report beside it."""
    from ml_platform.drift.compare import compare
    from ml_platform.drift.count import count_bins
    from ml_platform.drift.page import Subject, render_page
    from ml_platform.drift.profile import Profile

    predicted = list(model.output.kinds)
    predictions = stores.tables.read(model.artifact("predictions", partition), [*predicted, "model_version"])
    version = stores.registry.version(model.name, predictions["model_version"].iloc[0])
    reference = stores.registry.load_document(version, REFERENCE, ledger=stores.ledger(model.name))
    features = stores.tables.read(model.artifact("features", partition), list(model.kinds))
    profile = Profile.from_document(reference["profile"])
    counts = count_bins(features.assign(**predictions[predicted]), profile)
    profile = profile.hide(personal_columns(model), hashed)
    report = compare(profile, counts, model.spec.drift)
    windows = reference["windows"]
    opinions = _second_opinion(model, stores, partition, report, features=features, windows=windows)
    subject = Subject(model.name, partition, version.version, frozenset(predicted))
    links = _links(model, partition, version.version)
    html = render_page(report, profile, counts, opinions=opinions, subject=subject, links=links)
    stores.reports.write(model.artifact("drift", partition), html.encode())
    return {
        **report.to_document(),
        "partition": partition,
        "model_version": version.version,
        "left_out_of_the_page": [f"{name}: {why}" for name, why in opinions.left_out.items()],
    }


def _second_opinion(
    model: Model,
    stores: Stores,
    partition: str | None,
    report: DriftReport,
    *,
    features: pd.DataFrame,
    windows: Mapping[str, Mapping[str, Any]],
) -> Opinions:
    """Draw and store Evidently's report on the features, those that drifted most first."""
    from ml_platform.drift.evidently_page import LIBRARY, SAMPLE_ROWS, draw_evidently_page
    from ml_platform.drift.page import Opinions

    artifact = model.artifact(EVIDENTLY, partition)
    page = draw_evidently_page(
        _reference_rows(model, stores, windows),
        features,
        {one.column: model.kinds[one.column] for one in report.worst_first() if one.column in model.kinds},
        title=f"Evidently: drift of {model.name} {partition or ''}".strip(),
        library=HOME + shared_path(LIBRARY),
        seed=model.spec.training.seed,
        personal=personal_columns(model),
    )
    html = page.html.encode()
    stores.reports.write_shared(LIBRARY, page.library)
    stores.reports.write(artifact, html)
    return Opinions(HOME + page_path(artifact), len(html), page.opinions, page.left_out, SAMPLE_ROWS)


def _links(model: Model, partition: str | None, version: str) -> dict[str, str]:
    """Return where else to look, from the page."""
    pages = {f"contract of {name}": model.table_artifact("contract", name, partition) for name in model.spec.tables}
    return {
        **{text: HOME + page_path(artifact) for text, artifact in pages.items()},
        "drift in Dagster": HOME + dagster_path(model.artifact("drift", partition)),
        f"version {version} in MLflow": HOME + mlflow_path(model.name, version),
    }


def _reference_rows(model: Model, stores: Stores, windows: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    """Return the features that the model was trained on, as they were then."""
    manifests = [Manifest.model_validate(recorded) for recorded in windows.values()]
    parts = [stores.tables.read_version(manifest, list(model.kinds)) for manifest in manifests]
    return pd.concat(parts, ignore_index=True)
