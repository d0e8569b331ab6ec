"""What is shown of an asset: what its step says, and of a table its rows and columns too."""

from __future__ import annotations

from ml_platform.orchestration.asset_kind import Made, show
from ml_platform.stores.artifact import Column, Manifest

TABLE = Manifest(
    artifact="tumours/rows/whole", version="v1", n_rows=3, columns=(Column(name="x", type="double", digest="0"),)
)


def test_a_table_is_shown_with_the_meaning_of_its_columns() -> None:
    shown = show(Made("rows", "v1", TABLE, {"share": 0.5}, {"x": "A length."}))
    assert (shown["share"], shown["dagster/row_count"]) == (0.5, 3)
    (column,) = shown["dagster/column_schema"].columns
    assert (column.name, column.type, column.description) == ("x", "double", "A length.")


def test_a_document_is_shown_as_its_step_says() -> None:
    document = Manifest(artifact="tumours/decision/whole", version="v1")
    assert show(Made("decision", "v1", document, {"decision": "promote"})) == {"decision": "promote"}
