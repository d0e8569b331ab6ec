"""A table with one column of every kind that deserves a remark, and the model that is inferred from a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ml_platform.scaffold.infer import infer_model
from ml_platform.scaffold.inferred_model import InferredModel
from ml_platform.scaffold.roles import ColumnOptions
from ml_platform.scaffold.source import ReadOptions, read_source
from ml_platform.task import Task

N = 600


def shop() -> pd.DataFrame:
    """Customers of a shop, with one column of every kind that deserves a remark."""
    rng = np.random.default_rng(3)
    age = rng.integers(18, 80, N)
    churned = rng.random(N) < 0.2 + 0.3 * (age > 50)
    return pd.DataFrame(
        {
            "customer_id": rng.permutation(np.arange(10_000, 10_000 + N)),
            "age": age,
            "plan": rng.choice(["basic", "plus", "no"], N),
            "region_code": rng.integers(1, 17, N),
            "rooms": rng.integers(0, 6, N),
            "zip": [f"{number:05}" for number in rng.integers(0, 40, N)],
            "is_member": rng.random(N) < 0.5,
            "signup_at": pd.date_range("2023-01-05", periods=N, freq="17h"),
            "country": "DE",
            "fax": np.where(np.arange(N) < 20, "yes", None),
            "note": [f"customer {number} called about the bill" for number in range(N)],
            "refund": np.where(churned, rng.integers(5, 90, N), 0),
            "gender": rng.choice(["f", "m"], N),
            "churned": np.where(churned, "yes", "no"),
        }
    )


def infer(folder: Path, frame: pd.DataFrame, target: str, task: Task | None = None, **stated: Any) -> InferredModel:
    file = folder / "table.csv"
    frame.to_csv(file, index=False)
    source = read_source(file, ReadOptions(time=stated.get("time")))
    return infer_model(source, ColumnOptions(target, **stated), task=task, timezone="UTC", time_format=None)
