"""Every plot draws any name, and the same figures give the same bytes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ml_platform.exploration import plots
from ml_platform.exploration.associations import associate
from ml_platform.exploration.columns import describe_columns
from ml_platform.exploration.distributions import distribute
from ml_platform.exploration.shift import Shift
from ml_platform.exploration.target import describe_target
from ml_platform_tests.exploration.windows import window

NAMES = ("$5_$", "\\frac{", "日本 & so on and so on and so on")
N = 90


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_names_that_are_no_mathematics_are_drawn_as_they_are(task) -> None:
    rng = np.random.default_rng(0)
    words = pd.Series(np.array([*NAMES, None], dtype=object)[rng.integers(0, 4, N)])
    columns = {NAMES[0]: rng.normal(size=N) ** 3, NAMES[1]: np.where(rng.random(N) < 0.2, np.nan, 1.0), NAMES[2]: words}
    rows = window(
        columns, np.arange(N) % (2 if task == "binary" else 3), task=task, classes=NAMES[: 2 if task == "binary" else 3]
    )
    described = describe_columns(rows)
    drawn = {
        "target": lambda: plots.target_plot(describe_target(rows)),
        "associations": lambda: plots.association_plot(associate(rows)),
        "missing": lambda: plots.missing_plot(described),
        "outliers": lambda: plots.outlier_plot(described),
        "shift": lambda: plots.shift_plot(Shift("test", 30, 30, 0.7, 0.6, 0.8, ((NAMES[0], 0.7), (NAMES[1], 0.5)))),
        **{d.column: lambda d=d: plots.distribution_plot(d) for d in distribute(rows)},
    }
    for name, draw in drawn.items():
        assert draw().startswith(b"\x89PNG"), name
        assert draw() == draw(), name
