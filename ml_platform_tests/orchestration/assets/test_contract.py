"""The UI shows where a raw file is and what it was verified against, and how many of its rows kept the contract."""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from ml_platform.orchestration.asset_kind import DATA_VERSION
from ml_platform_tests.orchestration.shown import materialization, metadata
from ml_platform_tests.place import Place


def test_the_data_version_of_a_raw_file_is_its_md5_and_its_place_and_columns_are_shown(small: Place) -> None:
    shown = metadata(small, "tumours/raw_tumours")
    file = small.raw("tumours.parquet")
    assert materialization(small, "tumours/raw_tumours").tags[DATA_VERSION] == small.stores.raw.hash("tumours", None)
    assert (Path(shown["file"]), shown["bytes"]) == (file, file.stat().st_size)
    assert shown["share_of_missing_values"] == 0.0
    assert shown["verified_against"] == "nothing: DVC does not track this file"
    assert "| mean_radius | 0.0% | 456 | 6.981 … 13.37 … 28.11 |" in shown["columns"]


def test_the_shares_of_valid_and_quarantined_rows_make_one(small: Place) -> None:
    valid, quarantined = (metadata(small, f"tumours/{asset}_tumours") for asset in ("valid", "quarantine"))
    for shown in (valid, quarantined):
        assert (shown["rows_valid"], shown["rows_quarantined"], shown["share_quarantined"]) == (569, 0, 0.0)
    assert (valid["dagster/row_count"], quarantined["dagster/row_count"]) == (569, 0)
    assert valid["rows_readmitted"] == 0
    assert quarantined["first_rows"].splitlines()[0].endswith("| benign | reasons |")


def test_a_joined_table_has_no_partitions(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    for stage in ("raw", "valid", "quarantine"):
        assert graph.get(dg.AssetKey(["flights", f"{stage}_flights"])).partitions_def is not None
        assert graph.get(dg.AssetKey(["flights", f"{stage}_weather"])).partitions_def is None
