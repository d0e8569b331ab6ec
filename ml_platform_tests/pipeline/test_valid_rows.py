"""A table is divided into valid and quarantined rows, once for each file and contract."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa

from ml_platform.pipeline.valid_rows import divide_rows, split_rows
from ml_platform_tests.contract.small import things
from ml_platform_tests.loop import Loop

DAY, NOON = datetime(2026, 1, 1), datetime(2026, 1, 1, 12)


def test_every_row_is_in_one_part(loop: Loop) -> None:
    divided = loop.made["divide_rows"]
    assert len(divided.valid.frame) + len(divided.quarantined.frame) == loop.made["record_raw_file"].manifest.n_rows
    assert divided.quarantined_share == 0
    assert not divided.valid.kept
    again = loop.again(divide_rows, table="tumours")
    assert again.valid.kept
    assert again.quarantined.kept
    assert again.n_readmitted == 0


def test_valid_rows_have_the_types_of_the_contract(tmp_path: Path) -> None:
    """Whatever program has written the file: the same rows give the same table."""
    whole = {"name": "id", "logicalType": "integer", "physicalType": "int64"}
    contract = things(tmp_path, whole, {"name": "day", "logicalType": "date", "physicalType": "date32"})
    rows = pa.table({"id": [1.0, 2.0, 3.5], "day": pa.array([DAY, DAY, NOON], pa.timestamp("ns"))})
    rejected = pd.DataFrame({"row": [2], "column": ["id"], "reason": ["must be an integer: 3.5"]})
    valid, quarantined = split_rows(contract, rows, rejected)
    assert valid["id"].dtype == "int64"
    assert valid["day"].tolist() == [DAY.date()] * 2
    assert quarantined["id"].tolist() == [3.5]
    assert quarantined["day"].tolist() == [pd.Timestamp(NOON)]
    assert quarantined["reasons"].tolist() == ["id must be an integer: 3.5"]
