"""The UI shows how far each column has moved, and links the report."""

from __future__ import annotations

from ml_platform.pipeline.model import Model
from ml_platform_tests.orchestration.shown import metadata
from ml_platform_tests.place import Place, read_report


def test_the_plot_the_table_and_the_report_name_every_column(small: Place, tumours: Model) -> None:
    shown = metadata(small, "tumours/drift")
    report = small.stores.documents.read(tumours.artifact("drift", None))
    assert shown["result"].startswith("0 of 11 columns critical, 0 warning; the largest is ")
    assert (shown["columns_critical"], shown["columns_warning"]) == (0, 0)
    assert shown["largest_psi"] == max(column["value"] for column in report["columns"])
    assert shown["model_version"] == report["model_version"] == "1"
    lines = shown["columns"].splitlines()[2:]
    assert {line.split(" ")[1] for line in lines} == {column["column"] for column in report["columns"]}
    assert {column["column"] for column in report["columns"]} == {*tumours.kinds, "score"}
    assert shown["psi"].startswith("![PSI per column](data:image/png;base64,")
    assert shown["report"].endswith("/tumours/drift/whole.html)")
    assert "mean_radius" in read_report(small.stores, "tumours", "drift", None)
