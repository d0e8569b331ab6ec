"""The leakage report on the rows of a training set: made once, stored, and asked wherever a model is trained.

The blocking check guards the run that it is in. A candidate that is trained in another run asks here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ml_platform.errors import UncheckedData
from ml_platform.orchestration.asset import Step
from ml_platform.pipeline.training_rows import TrainingRows

if TYPE_CHECKING:
    from ml_platform.leakage.report import LeakageReport


def report_leaks(step: Step, rows: TrainingRows) -> LeakageReport:
    """Return what was found in these very rows under today's definition of the model; find it if nobody has."""
    from ml_platform.leakage.report import LeakageReport

    artifact, inputs = step.artifact("leakage"), {"definition": step.model.version, **rows.versions}
    stored = step.stores.documents.manifest(artifact)
    if stored is not None and stored.inputs == inputs:
        return LeakageReport.from_document(step.stores.documents.read(artifact))
    return find_and_store(step, rows)


def find_and_store(step: Step, rows: TrainingRows) -> LeakageReport:
    """Look for leaks, and store what was found."""
    from ml_platform.leakage.find import TrainingSet, find_leaks

    model, split = step.model, rows.split
    report = find_leaks(
        TrainingSet(
            frame=rows.frame,
            labels=rows.labels,
            parts={"train": split.train, "validation": split.validation, "test": split.test},
            unknown=rows.unknown,
            kinds=model.kinds,
            key=model.spec.entity.key,
            class_names=model.output.class_names,
            in_time=model.spec.split_by == "time",
            group=model.spec.training.group,
        ),
        model.spec.leakage,
    )
    inputs = {"definition": model.version, **rows.versions}
    step.stores.documents.write(step.artifact("leakage"), report.to_document(), inputs=inputs, run_id=step.run_id)
    return report


def validate_no_leakage(step: Step, rows: TrainingRows) -> None:
    """Reject to train on rows that leak.

    Raises
    ------
    UncheckedData
        Naming every feature, or what the rows share, with the reason.
    """
    report = report_leaks(step, rows)
    if not report.passed:
        raise UncheckedData(
            f"The training set of {step.artifact('candidate')} leaks: {report.message}. Take the feature out, "
            "declare its column in entity.available_later, or give the reason why it is known in leakage.accepted"
        )
