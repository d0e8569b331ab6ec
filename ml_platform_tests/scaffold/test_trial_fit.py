"""A trial fit says how long training takes, that it fails, or that a longer window is clearly better."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from ml_platform.scaffold.dry_run import DryRun
from ml_platform.scaffold.trial_fit import OVERHEAD_SECONDS, try_fit
from ml_platform_tests.scaffold.shop import infer, shop

RNG = np.random.default_rng(9)


def test_each_task_and_kind_of_feature_is_fitted(tmp_path: Path) -> None:
    for target in ("churned", "age", "plan"):
        trial = try_fit(DryRun(infer(tmp_path, shop(), target)))
        assert trial.minutes is not None
        assert trial.minutes >= OVERHEAD_SECONDS / 60
        assert trial.findings == ()


def test_a_longer_window_is_proposed_where_it_is_better_on_each_of_the_latest_partitions(tmp_path: Path) -> None:
    """Each month has 300 rows, and a hundred weights are to be learned."""
    x = RNG.normal(size=(3_600, 100))
    at = pd.Timestamp("2023-01-01") + pd.to_timedelta(np.arange(len(x)) * 365 // len(x), "D")
    frame = pd.DataFrame({f"x{n}": x[:, n] for n in range(100)})
    frame = frame.assign(at=at, y=x.sum(axis=1) / 10 + RNG.normal(0, 1, len(x)))
    (found,) = try_fit(DryRun(infer(tmp_path, frame, "y", time="at"))).findings
    assert "learns less than one of" in found.problem
    assert found.proposal.startswith("a longer window helps: --window ")


def test_a_training_that_fails_is_a_finding(tmp_path: Path) -> None:
    """A feature has no value in any train row."""
    frame = shop()[["age", "plan", "churned"]]
    model = infer(tmp_path, frame, "churned")
    without = model.table.set_column(0, "age", pa.nulls(len(frame), pa.int64()))
    trial = try_fit(DryRun(replace(model, table=without)))
    assert trial.minutes is None
    (found,) = trial.findings
    assert found.problem.startswith("training fails: no value in any of the")
