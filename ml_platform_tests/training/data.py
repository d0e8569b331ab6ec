"""Small tables to learn from, for the tests of every package."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ml_platform.training.split import Split, split_in_time

KINDS = {"amount": "number", "constant": "number", "color": "category", "place": "category"}


def rows(n_rows: int = 400, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """Return features with missing values of both kinds, and labels that depend on them."""
    rng = np.random.default_rng(seed)
    amount = rng.normal(size=n_rows)
    color = rng.choice(["red", "green", "blå"], n_rows)
    labels = (amount + (color == "red") + rng.normal(scale=0.5, size=n_rows) > 0.3).astype(int)
    frame = pd.DataFrame(
        {
            "id": np.arange(n_rows),
            "event_time": pd.Timestamp("2013-01-01", tz="UTC") + pd.to_timedelta(np.arange(n_rows), "h"),
            "amount": np.where(rng.random(n_rows) < 0.1, np.nan, amount),
            "constant": 1.0,
            "color": np.where(rng.random(n_rows) < 0.1, None, color),
            "place": "here",
        }
    )
    return frame, labels


def split(frame: pd.DataFrame) -> Split:
    """Return the usual cut of `rows`."""
    return split_in_time(frame["event_time"], frame[["id"]], validation_share=0.2, test_share=0.2, seed=1)
