"""The baseline of a partition: a model that looks at no feature."""

from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.stored import StoredDocument, definition_inputs, stored_document
from ml_platform.pipeline.training_rows import TrainingRows, load_training_rows
from ml_platform.stores.stores import Stores
from ml_platform.training.baseline import Baseline, fit_baseline


def train_baseline(model: Model, stores: Stores, partition: str | None, run: RunContext) -> StoredDocument:
    """Fit the baseline on the train rows of the stored training set."""
    rows = load_training_rows(model, stores, partition, run)
    inputs = {**definition_inputs(model, "training"), **rows.versions}
    return stored_document(stores, model.artifact("baseline", partition), inputs, lambda: _fit(model, rows), run)


def _fit(model: Model, rows: TrainingRows) -> dict[str, object]:
    fitted = fit_baseline(rows.labels, rows.split, task=model.spec.task)
    return {"prediction": fitted.prediction, "n_train_rows": len(rows.split.train)}


def load_baseline(model: Model, stores: Stores, partition: str | None) -> Baseline:
    """Return the stored baseline of a partition."""
    return Baseline(stores.documents.read(model.artifact("baseline", partition))["prediction"])
