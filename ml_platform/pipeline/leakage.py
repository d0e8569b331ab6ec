"""The leakage report on a training set: made once, stored, and asked wherever a model is trained.

The blocking check guards the run that it is in. A candidate that is trained in another run asks here.
"""

from typing import Any

from ml_platform.errors import UncheckedData
from ml_platform.leakage.report import LeakageReport
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.stored import definition_inputs, stored_document
from ml_platform.pipeline.training_rows import TrainingRows, load_training_rows
from ml_platform.stores.stores import Stores


def report_leakage(model: Model, stores: Stores, partition: str | None, run: RunContext) -> LeakageReport:
    """Return the leakage report on the stored training set of a partition."""
    return _report(load_training_rows(model, stores, partition, run), model, stores, partition, run)


def validate_no_leakage(
    rows: TrainingRows, model: Model, stores: Stores, partition: str | None, run: RunContext
) -> None:
    """Raise UncheckedData when training rows leak: it names each feature that does, or what the rows share."""
    report = _report(rows, model, stores, partition, run)
    if not report.passed:
        raise UncheckedData(
            f"The training set of {model.artifact('candidate', partition)} leaks: {report.message}. Take the feature "
            "out, declare its column in entity.available_later, or give the reason why it is known in leakage.accepted"
        )


def _report(rows: TrainingRows, model: Model, stores: Stores, partition: str | None, run: RunContext) -> LeakageReport:
    inputs = {**definition_inputs(model, "leakage"), **rows.versions}
    stored = stored_document(stores, model.artifact("leakage", partition), inputs, lambda: _find(model, rows), run)
    return LeakageReport.from_document(stored.document)


def _find(model: Model, rows: TrainingRows) -> dict[str, Any]:
    from ml_platform.leakage.find import TrainingSet, find_leaks

    training_set = TrainingSet(
        frame=rows.frame,
        labels=rows.labels,
        parts=rows.parts,
        unknown=rows.unknown,
        kinds=model.kinds,
        key=model.spec.entity.key,
        class_names=model.output.class_names,
        in_time=model.spec.split_by == "time",
        group=model.spec.training.group,
    )
    return find_leaks(training_set, model.spec.leakage).to_document()
