"""Training windows made up for the tests of the exploration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ml_platform.exploration.rows import Rows
from ml_platform.task import Task


def window(
    columns: Mapping[str, Any],
    target: Any,
    *,
    task: Task = "binary",
    kinds: Mapping[str, str] | None = None,
    classes: tuple[str, ...] = ("no", "yes"),
    parts: Mapping[str, Any] | None = None,
    seed: int = 7,
) -> Rows:
    """Rows with a key `id`; in thirds, unless `parts` says otherwise; text is a category."""
    frame = pd.DataFrame(columns)
    first = np.arange(len(frame))
    guessed = {name: "category" if frame[name].dtype == object else "number" for name in frame}
    cuts = dict(zip(("train", "validation", "test"), np.array_split(first, 3), strict=True))
    return Rows(
        frame=frame.assign(id=first),
        target=np.asarray(target, dtype=float),
        parts=cuts if parts is None else {name: np.asarray(rows, dtype=np.intp) for name, rows in parts.items()},
        kinds=guessed if kinds is None else kinds,
        key=["id"],
        task=task,
        classes=() if task == "regression" else classes,
        seed=seed,
    )


def blobs(n: int, rng: np.random.Generator, *, n_classes: int = 2, distance: float = 4.0) -> tuple[Any, np.ndarray]:
    """Classes that two features tell apart."""
    codes = rng.integers(0, n_classes, n)
    angle = 2 * np.pi * codes / n_classes
    noise = rng.normal(size=(2, n))
    return {"a": distance * np.cos(angle) + noise[0], "b": distance * np.sin(angle) + noise[1]}, codes
