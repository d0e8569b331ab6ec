"""Whole numbers that are codes: by their name, number and gaps, and by whether their order predicts."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ml_platform.predictive_power import auc_of, encoded_auc
from ml_platform.scaffold.profile import ColumnProfile

MAX_CODES = 10
MAX_NAMED_CODES = 100
MAX_SPARSE_CODES = 20
ROWS_OF_A_CODE = 20
SPARSE = 0.2
"""Share of the whole numbers between the least and the greatest that are there, in steps of their common divisor."""
CLEARLY = 0.02
"""AUC by which the values have to tell more than their order."""
CODE = re.compile(
    r"(^|_)(code|type|class|kind|category|group|region|status|zip|plz|month|mnth|weekday|dow|season|quarter)($|_)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Order:
    """How much whole numbers tell of the target, each as an AUC."""

    by_size: float
    by_value: float
    """Of the target's mean for each value, in the other folds."""
    standard_error: float

    @property
    def predicts(self) -> bool:
        """Whether the size tells as much as the values do, and tells anything."""
        return self.by_size > 0.5 + CLEARLY and self.by_size >= self.by_value - CLEARLY / 2

    @property
    def misleads(self) -> bool:
        """Whether the values tell clearly more than their size."""
        return self.by_value - self.by_size > max(CLEARLY, 2 * self.standard_error)


def may_be_codes(profile: ColumnProfile) -> bool:
    """Return whether a column holds a few whole numbers that come back."""
    repeated = profile.n_present >= ROWS_OF_A_CODE * profile.n_distinct
    return profile.kind == "integer" and 3 <= profile.n_distinct <= MAX_NAMED_CODES and repeated


def code_reason(profile: ColumnProfile, order: Order | None = None) -> str:
    """Say why whole numbers are categories; empty when they are amounts."""
    n = profile.n_distinct
    if CODE.search(profile.name) and 3 <= n <= MAX_NAMED_CODES:
        return f"its name says that its {n} whole numbers are codes"
    sparse = occupied(profile.values) <= SPARSE
    if order and order.misleads and (n <= MAX_SPARSE_CODES or sparse):
        return (
            f"{n} whole numbers whose values tell more than their order ({order.by_value:.2f} to {order.by_size:.2f})"
        )
    if may_be_codes(profile) and n <= MAX_SPARSE_CODES and sparse and not (order and order.predicts):
        return f"{n} whole numbers with gaps from {profile.least} to {profile.most}, like codes"
    are_few = 3 <= n <= MAX_CODES and profile.n_present >= 10 * n
    if not are_few or profile.least == 0 or profile.most - profile.least > 10 * MAX_CODES:
        return ""
    return f"{n} whole numbers from {profile.least} to {profile.most}, like codes"


def occupied(values: Sequence[Any]) -> float:
    """Return the share of the steps between the least and the greatest whole number that are values; 1 of none."""
    if len(values) < 3:
        return 1.0
    step = math.gcd(*(int(b - a) for a, b in pairwise(values)))
    return len(values) / ((int(values[-1]) - int(values[0])) // step + 1)


def measure_order(values: pd.Series, outcome: NDArray[Any], n_classes: int) -> Order | None:
    """Return how much whole numbers tell by their size and by their value; None where too few rows can tell.

    `outcome` holds class codes, or numbers where there are no classes. Of several classes, it is the one that the
    values tell most.
    """
    known = values.notna().to_numpy()
    numbers, outcome = values[known], outcome[known].astype(float)
    targets = [(outcome == code).astype(float) for code in range(n_classes)] if n_classes > 2 else [outcome]
    found = [order for target in targets if (order := _order(numbers, target))]
    return max(found, key=lambda order: order.by_value, default=None)


def _order(numbers: pd.Series, target: NDArray[np.float64]) -> Order | None:
    size = auc_of(numbers.to_numpy(dtype=float), target, "its value")
    value = encoded_auc(numbers, "category", target)
    if size is None or value is None:
        return None
    return Order(max(size.auc, 1 - size.auc), value.auc, value.standard_error)
