"""A dry run: what of a proposed model would fail later, and what would help, found on its rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml_platform.drift.settings import DriftSettings
from ml_platform.errors import DataError
from ml_platform.features.labels import replace_values
from ml_platform.frames import to_frame
from ml_platform.instants import read_instants
from ml_platform.scaffold.inferred_model import InferredModel
from ml_platform.scaffold.partitioning import PERIODS, choose_partitioning
from ml_platform.scaffold.stated import SplitBy
from ml_platform.task import REGRESSION
from ml_platform.training.split import Split, split_by_key, split_in_time

VALIDATION_SHARE = 0.15
ROWS_TO_DECIDE, ROWS_OF_A_CLASS = 100, 20
"""What the gates ask for, of test rows."""
MOST_WINDOWS = 24
"""Training windows that are tried, the latest."""
LONGER_WINDOWS = (2, 3, 4, 6, 12)


@dataclass(frozen=True)
class Finding:
    """Something that would fail later."""

    problem: str
    proposal: str
    """What helps, as a sentence; empty where nothing that was tried does."""


@dataclass(frozen=True)
class DryRun:
    """The rows of a proposed model, cut as its training would cut them."""

    model: InferredModel

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The rows."""
        return to_frame(self.model.table)

    @cached_property
    def outcome(self) -> pd.Series:
        """What is predicted, after rare values were merged or dropped."""
        target = self.model.target
        merged = {value: name for name, values in target.merge.items() for value in values}
        return replace_values(self.frame[target.column], merged, target.drop_values)

    @cached_property
    def instants(self) -> pd.Series | None:
        """The event times, in UTC."""
        if (time := self.model.time) is None:
            return None
        where = f"column '{time}'"
        return read_instants(self.frame[time], where, timezone=self.model.timezone, time_format=self.model.time_format)

    @property
    def split_by(self) -> SplitBy:
        """What parts the rows, as stated or by default."""
        return self.model.stated.split_by or ("time" if self.model.time is not None else "key_hash")

    def windows(self, length: int) -> Iterator[NDArray[np.intp]]:
        """Yield the positions of the labelled rows of each whole training window, the latest first."""
        known = self.outcome.notna().to_numpy()
        if self.model.partitioning is None:
            yield np.flatnonzero(known)
            return
        rows, run = self.model.partitioning.rows, self.model.partitioning.longest_run()
        for end in range(len(run), max(length - 1, len(run) - MOST_WINDOWS), -1):
            positions = np.concatenate([rows[key] for key in run[end - length : end]])
            yield positions[known[positions]]

    def split(self, positions: NDArray[np.intp], by: SplitBy) -> Split:
        """Cut the rows of a window as training does."""
        key = self.frame.loc[positions, list(self.model.key)].reset_index(drop=True)
        shares: dict[str, float] = {"validation_share": VALIDATION_SHARE, "test_share": self.model.test_share}
        if by == "time" and self.instants is not None:
            return split_in_time(self.instants.iloc[positions].reset_index(drop=True), key, seed=1, **shares)
        return split_by_key(key, **shares)

    def broken_windows(self, length: int, by: SplitBy) -> dict[str, list[int]]:
        """Return each problem of the splits, and the number of test rows in the windows that have it."""
        found: dict[str, list[int]] = {}
        for positions in self.windows(length):
            try:
                split = self.split(positions, by)
            except DataError as error:
                found.setdefault(str(error), []).append(0)
                continue
            for problem in self._problems(positions, split):
                found.setdefault(problem, []).append(len(split.test))
        return found

    def _problems(self, positions: NDArray[np.intp], split: Split) -> Iterator[str]:
        if len(split.test) < ROWS_TO_DECIDE:
            yield f"fewer than the {ROWS_TO_DECIDE} test rows that the gates ask for"
        if self.model.target.task == REGRESSION:
            return
        codes, values = pd.factorize(self.outcome, sort=True)
        labels = codes[positions]
        for name, part in (("train", split.train), ("validation", split.validation), ("test", split.test)):
            counts = np.bincount(labels[part], minlength=len(values))
            for value, count in zip(values, counts, strict=True):
                if not count:
                    yield f"no {name} row has the value {value!r}"
                elif name == "test" and count < ROWS_OF_A_CLASS:
                    yield f"fewer than {ROWS_OF_A_CLASS} test rows have the value {value!r}, which the gates ask for"


def find_problems(run: DryRun) -> list[Finding]:
    """Return what would fail later, with a proposal that was tried on the same rows."""
    return [*_splits(run), *_drift(run)]


def _splits(run: DryRun) -> Iterator[Finding]:
    window = run.model.window
    broken = run.broken_windows(window, run.split_by)
    n_windows = len(list(run.windows(window)))
    for problem, windows in broken.items():
        of = f"in {len(windows)} of {n_windows} training windows " if n_windows > 1 else ""
        yield Finding(f"{of}{problem}", _what_helps(run, problem))


def _what_helps(run: DryRun, problem: str) -> str:
    """Return the first change that makes a problem go away."""
    for times in LONGER_WINDOWS:
        length = run.model.window * times
        if run.model.partitioning is None or length >= len(run.model.partitioning.longest_run()):
            break
        if problem not in run.broken_windows(length, run.split_by):
            return f"a longer window helps: --window {length}"
    if run.split_by == "time" and problem not in run.broken_windows(run.model.window, "key_hash"):
        return "a split by the key helps, if rows of one time are no copies of each other: --split-by key_hash"
    if run.model.target.counts and len(run.model.target.counts) > 2:
        counts = dict(zip(run.model.target.classes, run.model.target.counts, strict=True))
        rarest = min(counts, key=lambda value: counts[value])
        return f"the rarest value is {rarest!r}: --drop-value or --merge it" if repr(rarest) in problem else ""
    return ""


def _drift(run: DryRun) -> Iterator[Finding]:
    """Yield whether partitions have too few rows for a drift report, and which length of them has enough."""
    model, least = run.model, DriftSettings().min_rows
    if model.partitioning is None or not (few := [n for n in model.partitioning.counts if n < least]):
        return
    problem = (
        f"{len(few)} of {len(model.partitioning.counts)} partitions have fewer than {least} rows (drift.min_rows): "
        "drift is not reported there"
    )
    lengths = list(PERIODS)
    for every in lengths[lengths.index(model.partitioning.partitions.every) + 1 :]:
        if run.instants is None or (larger := choose_partitioning(run.instants, model.timezone, "", every)) is None:
            continue
        if len(larger.counts) > 1 and sorted(larger.counts)[len(larger.counts) // 2] >= least:
            yield Finding(problem, f"larger partitions help: --every {every}")
            return
    fewest = min(few)
    yield Finding(problem, f"fewer rows show strong drift only: drift: {{min_rows: {fewest}}} in defs.yaml")
