"""A drift report compares a scored table with the reference of the model that scored it."""

import re

from ml_platform.drift.plots import drift_plot
from ml_platform.drift.report import DriftReport
from ml_platform.pipeline.drift import compare_with_reference
from ml_platform_tests.loop import Loop
from ml_platform_tests.personal import mark_personal
from ml_platform_tests.place import read_report


def test_the_table_that_a_model_was_trained_on_has_not_drifted(loop: Loop) -> None:
    made = loop.made["compare_with_reference"]
    report = DriftReport.from_document(made.document)
    assert {column.level for column in report.columns} == {"ok"}
    assert {column.column for column in report.columns} == {*loop.model.kinds, "score"}
    assert drift_plot(report).startswith(b"\x89PNG")
    again = loop.again(compare_with_reference)
    assert again.kept
    assert again.document == made.document


def test_the_page_has_every_column_and_links_what_is_stored_beside_it(loop: Loop) -> None:
    page = read_report(loop.stores, "tumours", "drift", None)
    assert "<title>Drift of tumours</title>" in page
    assert page.count("<svg") == len(loop.model.kinds) + 1
    for asset in ("evidently", "contract_tumours"):
        assert f'href="../../tumours/{asset}/whole.html"' in page
        assert loop.stores.reports.exists(loop.model.artifact(asset, None))
    evidently = read_report(loop.stores, "tumours", "evidently", None)
    (script,) = re.findall(r'<script src="../../([^"]+)"', evidently)
    assert loop.stores.objects.head(f"reports/{script}") is not None
    assert 'href="../../-/dagster/tumours/drift/whole"' in page
    assert 'href="../../-/mlflow/tumours/1"' in page


def test_of_a_personal_column_neither_document_nor_page_shows_a_value(loop: Loop) -> None:
    marked = mark_personal(loop.model, "mean_radius")
    made = compare_with_reference(marked, loop.stores, None, loop.run)
    page, evidently = (read_report(loop.stores, "tumours", asset, None) for asset in ("drift", "evidently"))
    loop.again(compare_with_reference)
    (column,) = [one for one in made.document["columns"] if one["column"] == "mean_radius"]
    assert "every bin holds the same share" in column["message"] or "'bin " in column["message"]
    assert "bin 1" in page
    assert "mean_radius" not in evidently.replace("mean_radius: its values are personal", "")
