"""The picture and the table show every column, the largest change first."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from ml_platform.drift.binning import build_profile
from ml_platform.drift.compare import compare
from ml_platform.drift.count import count_bins
from ml_platform.drift.plots import drift_plot, drift_table
from ml_platform.drift.settings import DriftSettings


def table(loc: float) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame({"x": rng.normal(loc, size=300), "c": rng.choice(np.array(["a", "b", None]), 300)})


def test_plot_and_table_show_the_largest_first_and_are_the_same_each_time() -> None:
    kinds = {"x": "number", "c": "category"}
    profile = build_profile(table(0), kinds, bins=10)
    report = compare(profile, count_bins(table(1), profile), DriftSettings())
    assert drift_plot(report) == drift_plot(report)
    assert drift_plot(report).startswith(b"\x89PNG")
    assert re.search(r"\| x \| \d\.\d{3} \| < 1e-06 \| critical \| most in .* now \|\n\| c ", drift_table(report))


def test_a_partition_that_cannot_be_judged_and_odd_names_can_be_shown() -> None:
    reference = table(0).rename(columns={"x": "a|b $5_$ 日本"})
    profile = build_profile(reference, {"a|b $5_$ 日本": "number"}, bins=10)
    report = compare(profile, count_bins(reference.head(5), profile), DriftSettings())
    assert drift_plot(report).startswith(b"\x89PNG")
    assert "| a\\|b $5_$ 日本 | - | - | too few rows | 5 rows are too few to judge" in drift_table(report)
