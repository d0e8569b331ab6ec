"""The baseline of a partition: a model that looks at no feature."""

from dataclasses import dataclass

from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.stored import definition_inputs, stored_document
from ml_platform.pipeline.training_rows import load_training_rows
from ml_platform.stores.artifact import Manifest
from ml_platform.stores.stores import Stores
from ml_platform.training.baseline import Baseline, fit_baseline


@dataclass(frozen=True)
class FittedBaseline:
    """A stored baseline."""

    baseline: Baseline
    manifest: Manifest
    n_train_rows: int
    kept: bool


def train_baseline(model: Model, stores: Stores, partition: str | None, run: RunContext) -> FittedBaseline:
    """Fit the baseline on the train rows of the stored training set."""
    rows = load_training_rows(model, stores, partition)
    inputs = {**definition_inputs(model, "training"), **rows.versions}
    stored = stored_document(
        stores,
        model.artifact("baseline", partition),
        inputs,
        lambda: {"prediction": fit_baseline(rows.labels, rows.split, task=model.spec.task).prediction},
        run,
    )
    return FittedBaseline(Baseline(**stored.document), stored.manifest, len(rows.split.train), stored.kept)


def load_baseline(model: Model, stores: Stores, partition: str | None) -> Baseline:
    """Return the stored baseline of a partition."""
    return Baseline(**stores.documents.read(model.artifact("baseline", partition)))
