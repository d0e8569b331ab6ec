"""Fit the proposed estimators: how long training takes, whether it fails, and whether a longer window helps."""

import time
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml_platform.errors import PlatformError
from ml_platform.evaluation.metrics import METRICS
from ml_platform.features.build import build_features
from ml_platform.features.calendar import in_timezone
from ml_platform.features.derivations import PREFIX
from ml_platform.features.settings import Entity, Feature
from ml_platform.scaffold.dry_run import DryRun, Finding
from ml_platform.scaffold.render import LINEAR, METRIC
from ml_platform.task import BINARY, REGRESSION
from ml_platform.training.fit import fit_candidate
from ml_platform.training.settings import TrainingSettings
from ml_platform.training.split import Split

MOST_ROWS = 5_000
"""Rows that time is measured on; it grows about as they do."""
OVERHEAD_SECONDS = 30
"""Reading, contract, intervals and registration of a run, on two cores."""
MOST_COMPARED = 20_000
"""With more rows in a window, a longer one seldom helps."""
TIMES = (2, 4)
BACKTESTS = 3
GAIN = 0.01
"""Least relative gain of a longer window, in the mean of the backtests."""


@dataclass(frozen=True)
class TrialFit:
    """What a trial fit has shown."""

    minutes: float | None
    """To train the model as proposed, about; None where it fails."""
    findings: tuple[Finding, ...]


def try_fit(run: DryRun) -> TrialFit:
    """Return how long the model takes to train, and a longer window where it is clearly better.

    A window is tried on the partition that follows it, for the last `BACKTESTS` partitions. Training that fails is a
    finding.
    """
    try:
        with warnings.catch_warnings(action="ignore"):  # training says them, about the rows that it is given
            return _fit(run)
    except (PlatformError, ValueError) as error:
        return TrialFit(None, (Finding(f"training fails: {error}", ""),))


def _fit(run: DryRun) -> TrialFit:
    bench = _Bench(run)
    positions = next(iter(run.windows(run.model.window)))
    sample = np.random.default_rng(0).permutation(positions)[:MOST_ROWS]
    cut = int(0.8 * len(sample))
    started = time.monotonic()
    bench.score(sample[:cut], sample[cut:])
    seconds = (time.monotonic() - started) * len(positions) / len(sample)
    return TrialFit((OVERHEAD_SECONDS + seconds) / 60, tuple(_longer_window(run, bench)))


class _Bench:
    """The features and labels of all rows, and the estimators that are proposed."""

    def __init__(self, run: DryRun) -> None:
        model = run.model
        self.task, self.metric = model.target.task, METRICS[METRIC[model.target.task]]
        entity = Entity(table="table", contract="", key=model.key, time=model.time, time_format=model.time_format)
        features = [
            Feature(
                name=one.name,
                kind=one.kind,
                derive=one.derive,
                sources=one.sources,
            )
            for one in model.features
        ]
        derived = {one.derive for one in features if one.derive}
        self.kinds = {one.name: one.kind for one in features}
        self.frame = build_features(
            run.frame,
            {},
            entity=entity,
            joins=(),
            features=features,
            derivations={name: in_timezone(name.removeprefix(PREFIX), model.timezone) for name in derived},
            timezone=model.timezone,
        )
        self.labels = _labels(run)
        estimators: dict[str, dict[str, object]] = {LINEAR[self.task]: {}, "hist_gradient_boosting": {}}
        self.settings = TrainingSettings(seed=1, select_by=self.metric.name, estimators=estimators)

    def score(self, train: NDArray[np.intp], held_out: NDArray[np.intp]) -> float:
        """Return the better estimator's metric on held-out rows."""
        found = fit_candidate(
            self.frame,
            self.labels,
            Split(train, held_out, held_out, False),
            self.kinds,
            self.settings,
            task=self.task,
            metric=self.metric.function,
            greater_is_better=self.metric.greater_is_better,
        )
        return found.validation_scores[found.estimator]


def _labels(run: DryRun) -> NDArray[Any]:
    if run.model.target.task == REGRESSION:
        return np.asarray(run.outcome.to_numpy(dtype=float, na_value=np.nan))
    if run.model.target.task == BINARY:
        return np.asarray(run.outcome == run.model.target.positive, dtype=np.intp)
    return np.asarray(pd.Categorical(run.outcome, categories=list(run.model.target.classes)).codes, dtype=np.intp)


def _longer_window(run: DryRun, bench: _Bench) -> list[Finding]:
    partitioning, window = run.model.partitioning, run.model.window
    if partitioning is None or run.model.stated.window is not None:
        return []
    keys, known = partitioning.longest_run(), run.outcome.notna().to_numpy()

    def rows(start: int, end: int) -> NDArray[np.intp]:
        positions = np.concatenate([partitioning.rows[key] for key in keys[start:end]])
        return np.asarray(positions[known[positions]])

    ends = range(len(keys) - BACKTESTS, len(keys))
    for length in (window * times for times in TIMES):
        if ends[0] - length < 0 or len(rows(ends[-1] - length, ends[-1])) > MOST_COMPARED:
            break
        pairs = [
            (
                bench.score(rows(end - window, end), rows(end, end + 1)),
                bench.score(rows(end - length, end), rows(end, end + 1)),
            )
            for end in ends
            if _measurable(bench, rows(end - window, end), rows(end, end + 1))
        ]
        if len(pairs) < BACKTESTS:
            break
        short, long = np.mean(pairs, axis=0)
        gains = [bench.metric.sign * (after - before) for before, after in pairs]
        if min(gains) > 0 and np.mean(gains) > GAIN * abs(short):
            figures = f"{bench.metric.name} {long:.3f} against {short:.3f} on the {BACKTESTS} latest partitions"
            problem = f"a window of {window} partitions learns less than one of {length}: {figures}"
            return [Finding(problem, f"a longer window helps: --window {length}")]
    return []


def _measurable(bench: _Bench, train: NDArray[np.intp], held_out: NDArray[np.intp]) -> bool:
    """Return whether every class is among both."""
    if bench.task == REGRESSION:
        return len(held_out) > 1
    wanted = set(np.unique(bench.labels))
    return set(np.unique(bench.labels[train])) == wanted == set(np.unique(bench.labels[held_out]))
