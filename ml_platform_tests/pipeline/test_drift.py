"""A drift report compares a scored table with the reference of the model that scored it."""

from ml_platform.drift.plots import drift_plot
from ml_platform.drift.report import DriftReport
from ml_platform.pipeline.drift import compare_with_reference
from ml_platform_tests.loop import Loop
from ml_platform_tests.place import read_report


def test_the_table_that_a_model_was_trained_on_has_not_drifted(loop: Loop) -> None:
    made = loop.made["compare_with_reference"]
    report = DriftReport.from_document(made.document)
    assert {column.level for column in report.columns} == {"ok"}
    assert {column.column for column in report.columns} == {*loop.model.kinds, "score"}
    assert drift_plot(report).startswith(b"\x89PNG")
    assert "<title>tumours : drift against the reference</title>" in read_report(loop.stores, "tumours", "drift", None)
    again = loop.again(compare_with_reference)
    assert again.kept
    assert again.document == made.document
