"""The model `flights` on some rows of each month, with few features and one quick estimator."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from ml_platform_tests.place import RAW
from ml_platform_tests.quick import FLIGHTS

N_ROWS = 8000
"""Of each month: enough for a candidate to be better than the base rate with significance."""

CRITICAL_PSI = 4.0
"""Reached in some months by how much warmer they are than the training window."""


def write_cheap_flights(folder: Path, **retraining: float) -> Path:
    """Write the model's folder, with changes to its retraining policy, and return it."""
    shutil.copytree(FLIGHTS, folder / "flights")
    _change(folder / "flights" / "contract_flights.yaml", _few_rows)
    _change(folder / "flights" / "defs.yaml", _cheap)
    _change(folder / "flights" / "defs.yaml", lambda document: document["attributes"]["retraining"].update(retraining))
    return folder / "flights"


def write_joined_tables(raw: Path) -> None:
    """Put the tables among the raw data that are not partitioned."""
    (raw / "flights").mkdir(parents=True)
    for name in ("weather.parquet", "planes.parquet"):
        shutil.copy(RAW / name, raw / name)


def deliver(raw: Path, month: str) -> None:
    """Write a month's file in its place, as anybody would: not at once."""
    rows = pd.read_parquet(RAW / "flights" / f"{month}.parquet")
    rows.sample(N_ROWS, random_state=1).sort_index().to_parquet(raw / "flights" / f"{month}.parquet")


def _change(file: Path, change: Callable[[Any], object]) -> None:
    document = yaml.safe_load(file.read_text())
    change(document)
    file.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True))


def _few_rows(contract: Any) -> None:
    (table,) = contract["schema"]
    (count,) = (rule for rule in table["quality"] if rule.get("metric") == "rowCount")
    count["mustBeBetween"] = [100, 40_000]


def _cheap(document: Any) -> None:
    model = document["attributes"]
    model.pop("rolling")
    excluded = ("dest", "day_of_week", "plane_seats", "plane_age")
    model["features"] = [
        feature for feature in model["features"] if feature["name"] not in excluded and "rolling" not in str(feature)
    ]
    model["training"]["estimators"] = {"logistic_regression": {"C": 0.1}}
    model["evaluation"]["resamples"] = 100
    model["drift"]["critical"] = CRITICAL_PSI
