"""A column made from the target is found in whatever form, and an honest one is not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_iris

from ml_platform.scaffold.near_copy import NEAR_COPY, share_told
from ml_platform.task import Task

RNG = np.random.default_rng(0)
N = 1_000
BINARY = pd.Series(RNG.choice(["yes", "no"], N))
CLASSES = pd.Series(RNG.choice(list("abcd"), N))
SIGNED = pd.Series(RNG.uniform(-1, 1, N))
AMOUNT = pd.Series(RNG.lognormal(size=N))

COPIES: dict[str, tuple[Task, pd.Series, pd.Series]] = {
    "amount that only one class has": ("binary", BINARY, (BINARY == "yes") * pd.Series(RNG.uniform(1, 9, N))),
    "code": ("binary", BINARY, BINARY.map({"yes": 7, "no": 3})),
    "filled for one class": ("binary", BINARY, BINARY.where(BINARY == "yes").map({"yes": 1.0})),
    "numbered classes": ("multiclass", CLASSES, CLASSES.map({"a": 12, "b": 3, "c": 40, "d": 7})),
    "words": ("multiclass", CLASSES, CLASSES.str.upper()),
    "another unit": ("regression", AMOUNT, 1.8 * AMOUNT + 32),
    "with a changing rate": ("regression", AMOUNT, AMOUNT * RNG.normal(1, 0.02, N)),
    "square of a distance": ("regression", SIGNED**2, SIGNED),
    "target of halves": ("binary", pd.Series(RNG.choice([0.5, 1.5], N)), None),
}


@pytest.mark.parametrize("case", COPIES)
def test_a_copy_is_found(case: str) -> None:
    task, target, values = COPIES[case]
    assert share_told(target if values is None else values, target, task) >= NEAR_COPY[task]


def test_honest_columns_are_no_copies() -> None:
    iris = load_iris(as_frame=True)
    for name in iris.data:
        assert share_told(iris.data[name], iris.target, "multiclass") < NEAR_COPY["multiclass"], name
    close = AMOUNT * RNG.lognormal(0, 0.3, N)
    assert 0.5 < share_told(close, AMOUNT, "regression") < NEAR_COPY["regression"]
    assert share_told(pd.Series(RNG.normal(size=N)), BINARY, "binary") < 0.3


def test_rows_without_an_outcome_do_not_count() -> None:
    target = BINARY.where(RNG.random(N) < 0.5)
    assert share_told(BINARY, target, "binary") == 1
    assert share_told(BINARY, pd.Series([None] * N), "binary") == 0
