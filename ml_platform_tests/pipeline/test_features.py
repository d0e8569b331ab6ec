"""Features say what they are made from; large keys go into them unharmed, also where one is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from ml_platform.pipeline.features import make_features
from ml_platform.pipeline.labels import make_labels
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.raw import record_raw_file
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.valid_rows import divide_rows
from ml_platform.pipeline.validation import validate_table
from ml_platform.spec import load_spec
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores
from ml_platform_tests.loop import Loop

# Great Expectations imports modules of the standard library that are on their way out
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")
EDGE = 2**60
CUSTOMERS = [EDGE, EDGE + 1, EDGE + 2]
"""As floats they are one number."""
START = pd.Timestamp("2026-01-01", tz="UTC")

DEFS: dict[str, Any] = {
    "name": "orders",
    "description": "Will an order be paid?",
    "owners": ["team:tests"],
    "task": "binary",
    "entity": {"table": "orders", "contract": "orders.yaml", "key": ["id"], "time": "at"},
    "joins": [{"table": "customers", "contract": "customers.yaml", "match": {"customer": "id"}, "static": True}],
    "rolling": {
        "available_after": "PT1H",
        "aggregates": [
            {"name": "orders", "column": "paid", "function": "count", "group_by": ["customer"], "windows": ["P7D"]}
        ],
    },
    "target": {"column": "paid", "positive": 1},
    "features": [
        {"name": "customer", "kind": "category"},
        {"name": "size", "kind": "number", "from": ["customers.size"]},
        {"name": "parent", "kind": "category", "from": ["customers.parent"]},
        {"name": "orders_7d", "kind": "number", "from": ["rolling.orders_7d"]},
    ],
    "training": {"seed": 1, "select_by": "roc_auc", "estimators": {"logistic_regression": {}}},
    "gates": {
        "beats_baseline": {"metric": "roc_auc"},
        "not_worse_than_champion": {"metric": "roc_auc", "tolerance": 0.01},
    },
}
NULLABLE = {"quality": [{"metric": "nullValues", "unit": "percent", "mustBeLessOrEqualTo": 50}]}


def column(name: str, physical: str, **words: Any) -> dict[str, Any]:
    logical = {"int64": "integer", "uint64": "integer", "timestamp[us, UTC]": "timestamp"}[physical]
    options = {"logicalTypeOptions": {"timezone": True}} if logical == "timestamp" else {}
    return {"name": name, "logicalType": logical, "physicalType": physical, **options, **words}


def contract(table: str, columns: list[dict[str, Any]]) -> dict[str, Any]:
    quality = {"quality": [{"metric": "rowCount", "mustBeBetween": [1, 100]}]}
    share = {"customProperties": [{"property": "maxQuarantineShare", "value": 0}]}
    schema = {"name": table, "properties": columns, **quality, **share}
    head = {"apiVersion": "v3.1.0", "kind": "DataContract", "id": table, "version": "1.0.0", "status": "active"}
    return {**head, "schema": [schema]}


@pytest.fixture
def model(tmp_path: Path) -> Model:
    folder = tmp_path / "orders"
    folder.mkdir()
    key = {"required": True, "primaryKey": True}
    orders = [
        column("id", "uint64", **key),
        column("customer", "int64", **NULLABLE),
        column("at", "timestamp[us, UTC]", required=True),
        column("paid", "int64", required=True),
    ]
    customers = [
        column("id", "int64", **key),
        column("size", "int64", required=True),
        column("parent", "int64", **NULLABLE),
    ]
    (folder / "orders.yaml").write_text(yaml.safe_dump(contract("orders", orders)))
    (folder / "customers.yaml").write_text(yaml.safe_dump(contract("customers", customers)))
    (folder / "defs.yaml").write_text(yaml.safe_dump({"type": "x", "attributes": DEFS}))
    return Model.load(load_spec(folder), folder)


@pytest.mark.parametrize("missing", [False, True])
def test_keys_above_2_to_the_53_find_their_own_rows(model: Model, tmp_path: Path, missing: bool) -> None:
    buyers = [EDGE, EDGE + 1, EDGE + 1, None if missing else EDGE]
    ids = [2**64 - 1, 2**64 - 2, 2**64 - 3, 1]
    at = [START + pd.Timedelta(days=day) for day in range(4)]
    raw = tmp_path / "data" / "raw"
    raw.mkdir(parents=True)
    orders = {
        "id": pa.array(ids, pa.uint64()),
        "customer": pa.array(buyers, pa.int64()),
        "at": at,
        "paid": [0, 1, 1, 0],
    }
    parents = pa.array([None, EDGE, EDGE + 2], pa.int64())
    tables = {"orders": orders, "customers": {"id": CUSTOMERS, "size": [10, 11, 12], "parent": parents}}
    stores, run = Stores(Installation(tmp_path / "data", f"sqlite:///{tmp_path / 'mlflow.db'}")), RunContext()
    for name, columns in tables.items():
        pq.write_table(pa.table(columns), raw / f"{name}.parquet")
        record_raw_file(model, stores, None, run, table=name)
        result = validate_table(model, stores, None, run, table=name)
        assert result.passed, [check.message for check in result.check_results]
        divide_rows(model, stores, None, run, table=name)
    features = make_features(model, stores, None, run).frame
    assert features["id"].tolist() == ids
    last = None if missing else str(EDGE)
    assert features["customer"].tolist() == [str(EDGE), str(EDGE + 1), str(EDGE + 1), last]
    assert features["size"].fillna(-1).tolist() == [10, 11, 11, -1 if missing else 10]
    assert features["parent"].tolist() == [None, str(EDGE), str(EDGE), None]
    assert features["orders_7d"].fillna(-1).tolist() == [0, 0, 1, -1 if missing else 1]
    labels = make_labels(model, stores, None, run).frame
    assert labels["id"].tolist() == ids


def test_features_say_what_they_are_made_from(loop: Loop) -> None:
    features = loop.made["make_features"]
    assert list(features.frame) == ["row", *loop.model.kinds]
    assert features.manifest.inputs == {
        "definition": loop.model.features_version,
        "tumours/valid_tumours/whole": loop.made["divide_rows"].valid.manifest.version,
    }
    assert loop.again(make_features).kept
