"""What would fail later is found on the rows, with a change that was tried and helps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ml_platform.scaffold.dry_run import DryRun, Finding, find_problems
from ml_platform_tests.scaffold.shop import infer

RNG = np.random.default_rng(5)


def problems(folder: Path, frame: pd.DataFrame, **stated: Any) -> list[Finding]:
    return find_problems(DryRun(infer(folder, frame, "y", **stated)))


def days(n_rows: int, n_days: int) -> pd.Series:
    return pd.Series(pd.Timestamp("2023-01-01") + pd.to_timedelta(np.arange(n_rows) * n_days // n_rows, "D"))


def table(n_rows: int, n_days: int, share: float = 0.5) -> pd.DataFrame:
    y = np.where(RNG.random(n_rows) < share, "yes", "no")
    return pd.DataFrame({"at": days(n_rows, n_days), "x": RNG.random(n_rows), "y": y})


def test_enough_rows_have_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, table(6_000, 365), time="at") == []


def test_few_test_rows_are_said(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, table(200, 1).drop(columns="at"))
    assert found.problem == "fewer than the 100 test rows that the gates ask for"


def test_small_partitions_are_said_and_larger_ones_proposed(tmp_path: Path) -> None:
    frame = table(1_800, 720)
    model = infer(tmp_path, frame, "y", time="at")
    assert model.partitioning is not None
    (found_small,) = [one for one in find_problems(DryRun(model)) if "drift.min_rows" in one.problem]
    assert "partitions have fewer than 200 rows" in found_small.problem
    assert found_small.proposal == "larger partitions help: --every year"


def test_a_class_that_is_absent_from_a_part_is_said_with_what_helps(tmp_path: Path) -> None:
    """A class that only the first days of each month have is in no test part of a split by time."""
    frame = table(6_000, 365)
    early = frame["at"].dt.day <= 8
    frame["y"] = np.where(early & (RNG.random(len(frame)) < 0.3), "rare", frame["y"])
    found = {one.problem: one.proposal for one in problems(tmp_path, frame, time="at")}
    (problem,) = [problem for problem in found if "no test row has the value 'rare'" in problem]
    assert "training windows" in problem
    assert "--split-by key_hash" in found[problem] or "--window" in found[problem]
