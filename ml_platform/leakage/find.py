"""Measure a training set before a model may learn from it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml_platform.leakage.function import follows_the_number, tells_the_class
from ml_platform.leakage.report import LeakageCheckResult, LeakageReport
from ml_platform.leakage.settings import LeakageSettings
from ml_platform.leakage.shared_rows import Positions, excess_of_shared, n_shared, shared_groups
from ml_platform.predictive_power import PredictivePower, auc_of, powers
from ml_platform.row_identity import Ids, content_ids, key_ids
from ml_platform.task import EVENT_TIME, LABEL, PREDICTION_TIME

MAX_ROWS = 50_000
"""Rows, drawn with a fixed seed, in which features are measured: an AUC is then known to 0.005."""

SEED = 0

MIN_STANDARD_ERRORS = 4.0
"""Standard errors by which shared rows have to exceed what chance gives."""


@dataclass(frozen=True)
class TrainingSet:
    """What a model is to learn from, and be measured with."""

    frame: pd.DataFrame
    """One row per known outcome: key, features and, where there is a time, ``event_time`` and ``prediction_time``."""
    labels: NDArray[Any]
    """Class codes 0 … k - 1, or numbers; one per row."""
    parts: Mapping[str, Positions]
    """Positions of the ``train`` rows, and of ``validation`` and ``test``."""
    unknown: pd.DataFrame
    """The rows whose outcome is not known; the same columns."""
    kinds: Mapping[str, str]
    """``number`` or ``category`` per feature."""
    key: Sequence[str]
    class_names: Sequence[str]
    """Of the codes; empty for a regression."""
    in_time: bool
    """Whether the parts are to follow each other in time."""
    group: Sequence[str] = ()


def find_leaks(rows: TrainingSet, settings: LeakageSettings) -> LeakageReport:
    """Return what every feature tells of the target, and what the parts share."""
    return LeakageReport((*_features(rows, settings), *_shared_rows(rows, settings), *_times(rows)))


def _features(rows: TrainingSet, settings: LeakageSettings) -> Iterator[LeakageCheckResult]:
    drawn = np.random.default_rng(SEED).permutation(len(rows.frame))[:MAX_ROWS]
    labels = rows.labels[drawn]
    for name, kind in rows.kinds.items():
        values = rows.frame[name].iloc[drawn]
        accepted = settings.accepted.get(name, "")
        if found := powers(values, kind, labels, rows.class_names):
            most = max(found, key=lambda power: power.auc)
            yield _bounded(name, f"AUC of {most.view}", most, settings.max_single_feature_auc, accepted)
        if (
            tells_the_class(values, labels.astype(int))
            if rows.class_names
            else follows_the_number(values, kind, labels)
        ):
            yield LeakageCheckResult(name, "it and the target are functions of each other", 1.0, 0.0, True, accepted)
        if availability := _availability(rows, name):
            yield _bounded(name, availability.view, availability, settings.max_availability_auc, accepted)


def _bounded(name: str, measured: str, power: PredictivePower, bound: float, accepted: str) -> LeakageCheckResult:
    return LeakageCheckResult(name, measured, power.auc, bound, power.low > bound, accepted)


def _availability(rows: TrainingSet, feature: str) -> PredictivePower | None:
    """Return how much a feature being missing tells of the outcome being unknown, where either happens at all."""
    missing = np.concatenate([rows.frame[feature].isna(), rows.unknown[feature].isna()]).astype(float)
    unknown = np.repeat([0.0, 1.0], [len(rows.frame), len(rows.unknown)])
    view = "it is filled together with the outcome: AUC of its being missing for the outcome being unknown"
    return auc_of(missing, unknown, view) if missing.any() else None


def _shared_rows(rows: TrainingSet, settings: LeakageSettings) -> Iterator[LeakageCheckResult]:
    train = rows.parts["train"]
    by_key = key_ids(rows.frame[[*rows.key, *([EVENT_TIME] if EVENT_TIME in rows.frame else [])]])
    by_content = content_ids(rows.frame.assign(**{LABEL: rows.labels}), {**rows.kinds, LABEL: "number"})
    for name, part in rows.parts.items():
        if name == "train":
            continue
        n_keys = n_shared(by_key, part, train)
        yield _count(f"{name} rows", "rows that have the key and time of a train row", n_keys)
        yield _by_content(name, by_content, part, train, settings.max_shared_rows)
        if rows.group:
            n_groups = shared_groups(rows.frame, rows.group, part, train)
            columns = ", ".join(rows.group)
            measured = f"groups of {columns} that have train rows too (split_by: key_hash keeps them whole)"
            yield _count(f"{name} groups", measured, n_groups)


def _by_content(name: str, ids: Ids, part: Positions, train: Positions, bound: float) -> LeakageCheckResult:
    found, expected, error = excess_of_shared(ids, part, train)
    excess = found - expected
    measured = (
        f"share of rows that equal a train row in all features and the label ({found:.2%}), beyond what chance gives "
        f"({expected:.2%})"
    )
    leaks = excess > max(bound, MIN_STANDARD_ERRORS * error)
    return LeakageCheckResult(f"{name} rows", measured, excess, bound, leaks)


def _times(rows: TrainingSet) -> Iterator[LeakageCheckResult]:
    """Yield whether parts follow each other in time, and predictions precede their events."""
    if EVENT_TIME not in rows.frame:
        return
    times = rows.frame[EVENT_TIME]
    n_late = int((rows.frame[PREDICTION_TIME] > times).sum())
    yield _count("prediction time", "predictions that are made after what they are about", n_late)
    if not rows.in_time:
        return
    for earlier, later in pairwise(("train", "validation", "test")):
        first = times.iloc[rows.parts[later]].min()
        n_rows = int((times.iloc[rows.parts[earlier]] > first).sum())
        measured = f"{earlier} rows that are later than the first {later} row"
        yield _count(f"order of {earlier} and {later}", measured, n_rows)


def _count(subject: str, measured: str, count: int) -> LeakageCheckResult:
    """Return the result of a count that has to be 0."""
    return LeakageCheckResult(subject, measured, count, 0, count > 0)
