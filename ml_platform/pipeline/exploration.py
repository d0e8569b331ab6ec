"""The exploration of a training window: a page for people. Nothing downstream depends on it."""

from collections.abc import Sequence
from dataclasses import dataclass

from ml_platform.contract.table_rule import hashed
from ml_platform.exploration.explore import explore
from ml_platform.exploration.hiding import hide
from ml_platform.exploration.observations import Observation, observe
from ml_platform.exploration.page import render_page
from ml_platform.exploration.plots import association_plot
from ml_platform.exploration.rows import Rows
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.personal import personal_columns
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.stored import definition_inputs, kept_document
from ml_platform.pipeline.training_rows import TrainingRows, load_training_rows
from ml_platform.stores.artifact import Manifest
from ml_platform.stores.stores import Stores


@dataclass(frozen=True)
class ExploredWindow:
    """A stored exploration of so many rows; when it was kept, without observations and picture."""

    manifest: Manifest
    n_rows: int
    kept: bool
    observations: Sequence[Observation] = ()
    """What a reader should know, most telling first."""
    picture: bytes | None = None
    """PNG of the associations with the target; None when there are none."""


def explore_window(model: Model, stores: Stores, partition: str | None, run: RunContext) -> ExploredWindow:
    """Explore the rows of the stored training set, and write the page about them."""
    rows, artifact = load_training_rows(model, stores, partition, run), model.artifact("exploration", partition)
    inputs = {**definition_inputs(model, "exploration"), **rows.versions}
    kept = kept_document(stores, artifact, inputs, run, keep_if=lambda _: stores.reports.exists(artifact))
    if kept is not None:
        return ExploredWindow(kept.manifest, len(rows.frame), kept=True)
    exploration = hide(explore(_rows(model, rows)), personal_columns(model), hashed)
    facts = {
        "training window": ", ".join(key or "the whole table" for key in model.window(partition)),
        "definition of the model": model.version,
    }
    title = f"{model.name} {partition or ''}".strip()
    html = render_page(exploration, model=model.name, title=f"{title}: exploration", facts=facts)
    stores.reports.write(artifact, html.encode())
    manifest = stores.documents.write(artifact, exploration.to_document(), inputs=inputs, run_id=run.run_id)
    measured = any(association.auc for association in exploration.associations)
    picture = association_plot(exploration.associations) if measured else None
    return ExploredWindow(manifest, exploration.n_rows, False, tuple(observe(exploration)), picture)


def _rows(model: Model, rows: TrainingRows) -> Rows:
    return Rows(
        frame=rows.frame,
        target=rows.labels.astype(float),
        parts=rows.parts,
        kinds=model.kinds,
        key=model.spec.entity.key,
        task=model.spec.task,
        classes=model.output.class_names,
        seed=model.spec.training.seed,
    )
