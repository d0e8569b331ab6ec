"""Training sets without a leak, in which tests plant one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from ml_platform.leakage.find import TrainingSet, find_leaks
from ml_platform.leakage.report import LeakageReport
from ml_platform.leakage.settings import LeakageSettings

CLASSES = {"binary": ("negative", "positive"), "multiclass": ("a", "b", "c"), "regression": ()}


def honest(task: str = "binary", *, n_rows: int = 2000, seed: int = 0, n_values: int = 6) -> TrainingSet:
    """Return features of which some tell a little of the target, some are missing, and rows repeat by nature."""
    rng = np.random.default_rng(seed)
    n_unknown = n_rows // 10
    n = n_rows + n_unknown
    signal = rng.normal(size=n)
    frame = pd.DataFrame(
        {
            "id": np.arange(n),
            "event_time": pd.Timestamp("2020-01-01", tz="UTC") + pd.to_timedelta(np.arange(n), "min"),
            "prediction_time": pd.Timestamp("2019-12-31", tz="UTC") + pd.to_timedelta(np.arange(n), "min"),
            "weak": np.where(rng.random(n) < 0.2, np.nan, np.round(signal)),
            "noise": rng.integers(0, n_values, n).astype(float),
            "color": np.where(rng.random(n) < 0.1, None, rng.choice(["red", "green", "blue"], n)),
            "rare": rng.integers(0, n // 2, n).astype(str),
        }
    )
    outcome = signal + 1.5 * rng.normal(size=n)
    labels = {"binary": outcome > 1, "multiclass": np.digitize(outcome, [-1, 1]), "regression": outcome}[task]
    known = np.sort(rng.permutation(n)[:n_rows])
    unknown = np.setdiff1d(np.arange(n), known)
    cuts = [int(n_rows * 0.65), int(n_rows * 0.8)]
    return TrainingSet(
        frame=frame.iloc[known].reset_index(drop=True),
        labels=labels[known].astype(float if task == "regression" else int),
        parts=dict(zip(("train", "validation", "test"), np.split(np.arange(n_rows), cuts), strict=True)),
        unknown=frame.iloc[unknown].reset_index(drop=True),
        kinds={"weak": "number", "noise": "number", "color": "category", "rare": "category"},
        key=["id"],
        class_names=CLASSES[task],
        in_time=True,
    )


def planted(rows: TrainingSet, kind: str, known: np.ndarray, unknown: np.ndarray | None = None) -> TrainingSet:
    """Return the set with a further feature `leak`, by default as often missing where the outcome is not known."""
    values = unknown if unknown is not None else np.resize(known, len(rows.unknown))
    return replace(
        rows,
        frame=rows.frame.assign(leak=known),
        unknown=rows.unknown.assign(leak=values),
        kinds={**rows.kinds, "leak": kind},
    )


def find(rows: TrainingSet, **settings: object) -> LeakageReport:
    return find_leaks(rows, LeakageSettings.model_validate(settings))
