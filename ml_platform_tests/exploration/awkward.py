"""A window in which everything is wrong at once."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ml_platform.exploration.rows import Rows
from ml_platform.task import Task
from ml_platform_tests.exploration.windows import window

N = 240


def awkward(task: Task) -> Rows:
    rng = np.random.default_rng(5)
    target = {"binary": rng.integers(0, 2, N), "multiclass": rng.integers(0, 3, N), "regression": rng.normal(size=N)}[
        task
    ]
    columns = {
        "<script>alert(1)</script>": target + rng.normal(size=N),
        "$x_1$ & “日本”": rng.normal(size=N),
        "huge": np.where(rng.random(N) < 0.1, np.inf, 1e300 * rng.normal(size=N)),
        "empty": np.nan,
        "constant": 1.0,
        "words": pd.Series(rng.choice(np.array(["<b>", "a|b", "\n", None]), N), dtype=object),
    }
    parts = {"train": range(160), "validation": range(160, N), "test": []}
    classes = ("<i>no", "yes", "öfter")[: 2 if task == "binary" else 3]
    return window(columns, target, task=task, classes=classes, parts=parts)
