"""The exploration of a training window: a page for people. Nothing downstream depends on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import dagster as dg

from ml_platform.orchestration.asset import Asset, AssetKind, Made, Step
from ml_platform.orchestration.metadata import image, markdown_table
from ml_platform.pipeline.training_rows import TrainingRows, load_training_rows

if TYPE_CHECKING:
    from ml_platform.exploration.explore import Exploration
    from ml_platform.exploration.rows import Rows


def exploration_kind() -> AssetKind:
    """Return the kind of a training window's exploration."""
    asset = Asset(
        "exploration",
        "What the training window holds: distributions, missing values, associations with the target, outliers, "
        "duplicates, train against test, and labels that may be wrong.",
        frozenset({"scikitlearn", "matplotlib"}),
    )
    return AssetKind("features", (asset,), _explore, deps=["training_set"])


def _explore(step: Step) -> Iterator[Made]:
    from ml_platform.exploration.explore import explore
    from ml_platform.exploration.page import render_page

    window = load_training_rows(step.model, step.stores, step.partition)
    exploration = explore(_rows(step, window))
    title = f"{step.model.name} {step.partition or ''}".strip()
    partitions = ", ".join(key or "the whole table" for key in step.model.window(step.partition))
    facts = {"training window": partitions, "definition of the model": step.model.version}
    page = render_page(exploration, title=f"{title}: exploration", facts=facts).encode()
    address = step.stores.reports.write(step.model.name, "exploration", step.partition, page)
    manifest = step.stores.documents.write(
        step.artifact("exploration"), exploration.to_document(), inputs=window.versions, run_id=step.run_id
    )
    metadata = {"report": dg.MetadataValue.url(address), **_metadata(exploration)}
    yield Made("exploration", manifest.version, manifest, metadata)


def _rows(step: Step, window: TrainingRows) -> Rows:
    from ml_platform.exploration.rows import Rows

    spec = step.model.spec
    split = window.split
    return Rows(
        frame=window.frame,
        target=window.labels.astype(float),
        parts={"train": split.train, "validation": split.validation, "test": split.test},
        kinds=step.model.kinds,
        key=spec.entity.key,
        task=spec.task,
        classes=step.model.output.class_names,
        seed=spec.training.seed,
    )


def _metadata(exploration: Exploration) -> dict[str, Any]:
    from ml_platform.exploration.findings import find
    from ml_platform.exploration.plots import association_plot

    rows = ([finding.topic, "look" if finding.look else "", finding.text] for finding in find(exploration))
    shown = {"dagster/row_count": exploration.n_rows, "findings": markdown_table(["topic", "", "finding"], rows)}
    if not any(association.estimate for association in exploration.associations):
        return shown
    return {**shown, "associations": image(association_plot(exploration.associations), "Associations with the target")}
