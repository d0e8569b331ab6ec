"""Everything that is measured of a training set before a model may learn from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ml_platform.features.settings import EVENT_TIME, LABEL, PREDICTION_TIME
from ml_platform.leakage.association import Association, concordance_of, strongest
from ml_platform.leakage.function import follows_the_number, tells_the_class
from ml_platform.leakage.report import Finding, LeakageReport
from ml_platform.leakage.rows import excess_of_shared, identify, n_shared, shared_groups
from ml_platform.leakage.settings import LeakageSettings

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

MAX_ROWS = 50_000
"""Rows, drawn with a fixed seed, in which features are measured: an AUC is then known to 0.005."""

SEED = 0

CLEAR = 4.0
"""Standard errors by which shared rows have to exceed what is natural."""


@dataclass(frozen=True)
class TrainingSet:
    """What a model is to learn from, and be measured with.

    Attributes
    ----------
    frame
        One row per known outcome: key, features and, where there is a time, ``event_time`` and ``prediction_time``.
    labels
        Class codes 0 … k - 1, or numbers; one per row.
    parts
        Positions of the ``train`` rows, and of ``validation`` and ``test``.
    unknown
        The rows whose outcome is not known; the same columns.
    kinds
        ``number`` or ``category`` per feature.
    class_names
        Of the codes; empty for a regression.
    in_time
        Whether the parts are to follow each other in time.
    """

    frame: pd.DataFrame
    labels: NDArray[Any]
    parts: Mapping[str, NDArray[np.intp]]
    unknown: pd.DataFrame
    kinds: Mapping[str, str]
    key: Sequence[str]
    class_names: Sequence[str]
    in_time: bool
    group: Sequence[str] = ()


def find_leaks(rows: TrainingSet, settings: LeakageSettings) -> LeakageReport:
    """Return what every feature tells of the target, and what the parts share."""
    return LeakageReport((*_features(rows, settings), *_shared(rows, settings), *_times(rows)))


def _features(rows: TrainingSet, settings: LeakageSettings) -> Iterator[Finding]:
    import numpy as np

    drawn = np.random.default_rng(SEED).permutation(len(rows.frame))[:MAX_ROWS]
    labels = rows.labels[drawn]
    for name, kind in rows.kinds.items():
        values = rows.frame[name].iloc[drawn]
        accepted = settings.accepted.get(name, "")
        if (found := _most_telling(values, kind, labels, rows.class_names)) is not None:
            bound = settings.max_single_feature_auc
            yield Finding(name, f"AUC of {found.by}", found.score, bound, found.at_least > bound, accepted)
        if _is_function(values, kind, labels, rows.class_names):
            yield Finding(name, "it and the target are functions of each other", 1.0, 0.0, True, accepted)
        if (available := _availability(rows, name)) is not None:
            bound = settings.max_availability_auc
            yield Finding(name, available.by, available.score, bound, available.at_least > bound, accepted)


def _most_telling(values: pd.Series, kind: str, labels: NDArray[Any], class_names: Sequence[str]) -> Association | None:
    """Return what a feature tells of the numbers, or of the class against all others of which it tells the most."""
    if len(class_names) <= 2:
        return strongest(values, kind, labels.astype(float), seed=SEED)
    found: list[Association] = []
    for code, name in enumerate(class_names):
        one = strongest(values, kind, (labels == code).astype(float), seed=SEED)
        if one is not None:
            found.append(Association(one.score, one.error, f"{one.by}, for class '{name}' against the others"))
    return max(found, key=lambda a: a.score, default=None)


def _is_function(values: pd.Series, kind: str, labels: NDArray[Any], class_names: Sequence[str]) -> bool:
    return tells_the_class(values, labels.astype(int)) if class_names else follows_the_number(values, kind, labels)


def _availability(rows: TrainingSet, feature: str) -> Association | None:
    """Return how much a feature being missing tells of the outcome being unknown, where either happens at all."""
    import numpy as np

    missing = np.concatenate([rows.frame[feature].isna(), rows.unknown[feature].isna()]).astype(float)
    unknown = np.repeat([0.0, 1.0], [len(rows.frame), len(rows.unknown)])
    by = "it is filled together with the outcome: AUC of its being missing for the outcome being unknown"
    return concordance_of(missing, unknown, by) if missing.any() else None


def _shared(rows: TrainingSet, settings: LeakageSettings) -> Iterator[Finding]:
    train = rows.parts["train"]
    keys = [*rows.key, *([EVENT_TIME] if EVENT_TIME in rows.frame else [])]
    by_key = identify(rows.frame[keys])
    by_content = identify(rows.frame[list(rows.kinds)].assign(**{LABEL: rows.labels}))
    for name, part in rows.parts.items():
        if name == "train":
            continue
        n_keys = n_shared(by_key, part, train)
        yield Finding(f"{name} rows", "rows that have the key and time of a train row", n_keys, 0, n_keys > 0)
        yield _content(name, by_content, part, train, settings.max_shared_rows)
        if rows.group:
            n_groups = shared_groups(rows.frame, rows.group, part, train)
            reason = f"groups of {', '.join(rows.group)} that have train rows too (split_by: key_hash keeps them whole)"
            yield Finding(f"{name} groups", reason, n_groups, 0, n_groups > 0)


def _content(
    name: str, ids: NDArray[np.uint64], part: NDArray[np.intp], train: NDArray[np.intp], bound: float
) -> Finding:
    found, natural, error = excess_of_shared(ids, part, train)
    excess = found - natural
    reason = (
        f"share of rows that equal a train row in all features and the label ({found:.2%}), beyond what chance gives "
        f"({natural:.2%})"
    )
    return Finding(f"{name} rows", reason, excess, bound, excess > max(bound, CLEAR * error))


def _times(rows: TrainingSet) -> Iterator[Finding]:
    """Yield whether parts follow each other, and whether predictions are made before what they are about."""
    if EVENT_TIME not in rows.frame:
        return
    times = rows.frame[EVENT_TIME]
    late = int((rows.frame[PREDICTION_TIME] > times).sum())
    yield Finding("prediction time", "predictions that are made after what they are about", late, 0, late > 0)
    if not rows.in_time:
        return
    for earlier, later in pairwise(("train", "validation", "test")):
        first = times.iloc[rows.parts[later]].min()
        n_rows = int((times.iloc[rows.parts[earlier]] > first).sum())
        reason = f"{earlier} rows that are later than the first {later} row"
        yield Finding(f"order of {earlier} and {later}", reason, n_rows, 0, n_rows > 0)
