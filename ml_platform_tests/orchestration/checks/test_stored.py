"""A changed value in a raw file or a stored table is noticed, and its column is named."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from ml_platform.stores.artifact import ArtifactKey
from ml_platform_tests.place import Place

FLIGHTS = "raw/flights/2013-01.parquet"


def change(file: Path, column: str, value: object) -> None:
    frame = pd.read_parquet(file)
    frame.loc[5, column] = value
    frame.to_parquet(file)


def test_a_raw_value_within_the_contract_is_noticed_and_its_column_named(trained_copy: Place) -> None:
    change(trained_copy.folder / FLIGHTS, "distance", 1234)
    found = trained_copy.failed("group:flights", "2013-01")
    assert set(found) == {"flights/raw_flights as_recorded", "flights/training_set leakage"}
    assert "made from an older file" in found["flights/training_set leakage"]
    assert "column 'distance'" in found["flights/raw_flights as_recorded"]


def test_a_raw_value_against_the_contract_is_named_with_its_row(trained_copy: Place) -> None:
    change(trained_copy.folder / FLIGHTS, "distance", -1)
    said = {f"{r.asset} {r.check}": r.message for r in trained_copy.check("key:flights/raw_flights", "2013-01")}
    assert "row 5: -1" in said["flights/raw_flights column_distance"]
    assert "column 'distance'" in said["flights/raw_flights as_recorded"]


@pytest.mark.parametrize(("asset", "column"), [("features", "temp"), ("predictions", "score"), ("labels", "label")])
def test_a_changed_value_in_a_stored_table_is_named(trained_copy: Place, asset: str, column: str) -> None:
    artifact = ArtifactKey("flights", asset, "2013-01")
    version = trained_copy.stores.tables.require(artifact).version
    change(Path(trained_copy.stores.tables.where(artifact, version)), column, 0.125)
    found = trained_copy.failed(f"key:flights/{asset}", "2013-01")
    assert list(found) == [f"flights/{asset} as_recorded"]
    assert f"column '{column}'" in found[f"flights/{asset} as_recorded"]
