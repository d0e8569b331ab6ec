"""Raw tables have exactly the declared columns and types, and are the files that DVC records."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
import yaml

from ml_platform.cli import raw_tables
from ml_platform.cli.raw_tables import DATA_SETS, ColumnTypes
from ml_platform.stores.raw import RawStore, file_name

ROOT = Path(__file__).parents[2]
TYPES = ColumnTypes(integers=("id",), texts=("name",), times=("at",))


def test_csv_is_parsed_by_the_declared_types_and_only_na_is_missing() -> None:
    table = raw_tables._csv(b"id,name,at,share\n1,None,2013-01-01T10:00:00Z,0.5\nNA,NA,NA,NA\n", TYPES)
    assert table.column("name").to_pylist() == ["None", None]
    assert str(table.schema.field("at").type) == "timestamp[ms, tz=UTC]"
    assert table.column("share").to_pylist() == [0.5, None], "what is not declared is a number"
    assert table.column("id").null_count == table.column("at").null_count == 1


@pytest.mark.parametrize("row", [b"1,a", b"one,a,NA,1", b"1,a,NA,one", b"1,a,NA,1,surplus"])
def test_csv_that_does_not_fit_is_an_error(row: bytes) -> None:
    with pytest.raises(pa.ArrowInvalid):
        raw_tables._csv(b"id,name,at,share\n" + row + b"\n", TYPES)


def test_dvc_tracks_exactly_the_files_that_are_fetched() -> None:
    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]
    lock = yaml.safe_load((ROOT / "dvc.lock").read_text())["stages"]
    for name in ("flights", "employment"):
        fetched = {f"data/raw/{file_name(*file)}" for file in DATA_SETS[name].files}
        assert set(stages[f"fetch_{name}"]["outs"]) == fetched
        assert {out["path"] for out in lock[f"fetch_{name}"]["outs"]} == fetched


def test_the_files_here_are_the_recorded_ones_and_complete() -> None:
    store = RawStore((ROOT / "data" / "raw").as_uri(), ROOT / "dvc.lock")
    n_rows = {"flights": 0, "weather": 0, "planes": 0, "employment": 0}
    for data_set in DATA_SETS.values():
        for table, partition in data_set.files:
            assert store.verify(table, partition).tracked
            n_rows[table] += len(store.read(table, partition))
    assert n_rows == {"flights": 336_776, "weather": 26_115, "planes": 3_322, "employment": 277_677}
