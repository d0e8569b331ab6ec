"""Columns that may know the outcome: nearly certain copies of the target, and suspicious ones, each with the reason."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from ml_platform.scaffold.near_copy import MAX_ROWS, NEAR_COPY, SEED, share_told
from ml_platform.task import REGRESSION, Task

STRONG = 0.85
"""Share told from which a column is suspicious. Of the tables that were tried, the strongest honest column told 0.83,
leaks such as the boat of a survivor 0.89 to 0.95."""
PREDICTION = re.compile(
    r"(^|_)(y_?hat|pred|preds|predicted|prediction|predictions|proba|probability|probabilities)($|_|\d)", re.IGNORECASE
)
COPY = 0.999
"""Share told by a column that is the target in another unit: any other would be dropped beside it."""
RESIDUAL = 1e-6
"""Share of the target's variance that is left, where columns add up to it."""
MATERIAL = 1e-3
"""Least part, in standard deviations of the target, that a column adds."""
ROWS_OF_A_TERM = 10
MOST_TERMS = 60


@dataclass(frozen=True)
class Suspect:
    """Why a column may know the outcome, and how sure that is."""

    tier: Literal["near-certain", "suspicious"]
    reason: str


def find_suspects(columns: pd.DataFrame, target: pd.Series, task: Task) -> dict[str, Suspect]:
    """Return the columns that seem to know the target, the strongest first.

    `columns` holds every column that may become an input; dates are numbers in it.
    """
    told = {str(name): share_told(columns[name], target, task) for name in columns}
    found: dict[str, Suspect] = {}
    for name, share in sorted(told.items(), key=lambda item: -item[1]):
        if share >= NEAR_COPY[task]:
            reason = f"tells {share:.0%} of the target by itself: known only with the answer, or made from it?"
            found[name] = Suspect("near-certain", reason)
        elif share >= STRONG:
            found[name] = Suspect("suspicious", f"tells {share:.0%} of the target by itself: known before the answer?")
        elif PREDICTION.search(name):
            found[name] = Suspect("suspicious", "by its name the prediction of another model")
    if task == REGRESSION:
        terms = additive_terms(columns[[name for name, share in told.items() if share < COPY]], target)
        reason = f"{' and '.join(terms)} add up to the target: known only with it?"
        sure = {name: suspect for name, suspect in found.items() if suspect.tier == "near-certain"}
        found = {**found, **{name: Suspect("suspicious", reason) for name in terms}, **sure}
    return found


def additive_terms(columns: pd.DataFrame, target: pd.Series) -> list[str]:
    """Return the numbers of which the target is a weighted sum; empty where it is none.

    Least squares without noise leaves nothing. A term is dropped while the rest still leaves nothing.
    """
    numbers = columns.select_dtypes("number")
    numbers = numbers.loc[:, numbers.notna().mean() >= 0.5]
    frame = numbers.assign(**{TARGET: target}).astype("float64").dropna()
    frame = frame.iloc[np.random.default_rng(SEED).permutation(len(frame))[:MAX_ROWS]]
    wanted = frame.pop(TARGET)
    frame = frame.loc[:, frame.std() > 0]
    terms = list(map(str, frame))
    if len(terms) < 2 or len(frame) < ROWS_OF_A_TERM * (len(terms) + 1) or not wanted.std() > 0:
        return []
    scaled, y = (frame - frame.mean()) / frame.std(), ((wanted - wanted.mean()) / wanted.std()).to_numpy()
    coefficients, left = _fit(scaled, terms, y)
    if left > RESIDUAL:
        return []
    terms = [term for term, coefficient in coefficients.items() if abs(coefficient) > MATERIAL]
    if not 2 <= len(terms) <= MOST_TERMS or _fit(scaled, terms, y)[1] > RESIDUAL:
        return []
    for term in sorted(terms, key=lambda name: abs(coefficients[name])):
        rest = [other for other in terms if other != term]
        if rest and _fit(scaled, rest, y)[1] <= RESIDUAL:
            terms = rest
    return terms


TARGET = "\0target"


def _fit(scaled: pd.DataFrame, terms: list[str], y: np.ndarray) -> tuple[Mapping[str, float], float]:
    """Return each term's coefficient, and the share of the variance that is left."""
    x = scaled[terms].to_numpy()
    coefficients = np.linalg.lstsq(x, y, rcond=None)[0]
    return dict(zip(terms, coefficients, strict=True)), float(np.var(y - x @ coefficients))
