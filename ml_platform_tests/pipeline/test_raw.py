"""What has changed in a raw file or a stored table since it was recorded is named."""

from __future__ import annotations

import pandas as pd

from ml_platform.pipeline.raw import compare_raw_file, compare_table
from ml_platform.stores.artifact import ArtifactKey
from ml_platform_tests.loop import Loop


def test_a_recorded_file_is_compared_column_by_column(loop: Loop) -> None:
    model, stores = loop.model, loop.stores
    recorded = loop.made["record_raw_file"]
    assert recorded.manifest.version == recorded.file.md5
    assert compare_raw_file(model, stores, None, table="tumours").intact
    file = stores.raw.path("tumours", None)
    intact = file.read_bytes()
    try:
        frame = pd.read_parquet(file)
        frame.assign(mean_area=frame["mean_area"] + 1).to_parquet(file)
        found = compare_raw_file(model, stores, None, table="tumours")
    finally:
        file.write_bytes(intact)
    assert not found.intact
    assert found.message.endswith("column 'mean_area' has values that differ from the recorded ones")


def test_a_stored_table_is_compared_with_its_manifest(loop: Loop) -> None:
    found = compare_table(loop.stores, ArtifactKey("tumours", "features"))
    assert found.intact
    assert found.message.endswith("569 rows, 11 columns as recorded")
