"""The exploration of a training window: a page for people. Nothing downstream depends on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from ml_platform.exploration.explore import Exploration, explore
from ml_platform.exploration.observations import Observation, observe
from ml_platform.exploration.page import render_page
from ml_platform.exploration.plots import association_plot
from ml_platform.exploration.rows import Rows
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.stored import definition_inputs, kept_document
from ml_platform.pipeline.training_rows import PARTS, TrainingRows, load_training_rows
from ml_platform.stores.artifact import Manifest
from ml_platform.stores.stores import Stores


@dataclass(frozen=True)
class ExploredWindow:
    """A stored exploration.

    Attributes
    ----------
    observations
        What a reader should know, most telling first; empty when the exploration was kept.
    picture
        PNG of the associations with the target; None when there are none, or the exploration was kept.
    """

    manifest: Manifest
    page: str
    """Its address."""
    n_rows: int
    observations: Sequence[Observation]
    picture: bytes | None
    kept: bool


def explore_window(model: Model, stores: Stores, partition: str | None, run: RunContext) -> ExploredWindow:
    """Explore the rows of the stored training set, and write the page about them."""
    rows = load_training_rows(model, stores, partition)
    artifact, page = model.artifact("exploration", partition), (model.name, "exploration", partition)
    address = stores.reports.address(*page)
    inputs = {**definition_inputs(model, "exploration"), **rows.versions}
    kept = kept_document(stores, artifact, inputs)
    if kept is not None and stores.reports.exists(*page):
        run.log(f"{artifact}: inputs unchanged, kept")
        return ExploredWindow(kept.manifest, address, len(rows.frame), (), None, kept=True)
    exploration = explore(_rows(model, rows))
    html = _page(model, partition, exploration)
    stores.reports.write(*page, html.encode())
    manifest = stores.documents.write(artifact, exploration.to_document(), inputs=inputs, run_id=run.run_id)
    measured = any(association.auc for association in exploration.associations)
    picture = association_plot(exploration.associations) if measured else None
    return ExploredWindow(manifest, address, exploration.n_rows, tuple(observe(exploration)), picture, kept=False)


def _page(model: Model, partition: str | None, exploration: Exploration) -> str:
    title = f"{model.name} {partition or ''}".strip()
    partitions = ", ".join(key or "the whole table" for key in model.window(partition))
    facts = {"training window": partitions, "definition of the model": model.version}
    return render_page(exploration, title=f"{title}: exploration", facts=facts)


def _rows(model: Model, rows: TrainingRows) -> Rows:
    return Rows(
        frame=rows.frame,
        target=rows.labels.astype(float),
        parts={part: getattr(rows.split, part) for part in PARTS},
        kinds=model.kinds,
        key=model.spec.entity.key,
        task=model.spec.task,
        classes=model.output.class_names,
        seed=model.spec.training.seed,
    )
