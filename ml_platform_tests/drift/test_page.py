"""The drift page begins with what alarmed, draws every column that was compared, and loads nothing."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from ml_platform.drift.binning import build_profile
from ml_platform.drift.compare import compare
from ml_platform.drift.count import count_bins
from ml_platform.drift.page import Opinions, Subject, render_page
from ml_platform.drift.second_opinion import SecondOpinion
from ml_platform.drift.settings import DriftSettings
from ml_platform_tests.exploration.test_page import parse

KINDS = {"calm": "number", "moved<b>": "number", "score": "number"}


def page(n_now: int = 1_000) -> str:
    rng = np.random.default_rng(0)
    before = pd.DataFrame({name: rng.normal(size=1_000) for name in KINDS})
    now = pd.DataFrame({name: rng.normal(size=n_now) for name in KINDS})
    now["moved<b>"] = np.where(rng.random(n_now) < 0.3, np.nan, now["moved<b>"] + 2)
    profile = build_profile(before, KINDS, bins=10)
    counts = count_bins(now, profile)
    opinions = Opinions(
        "../../flights/evidently/2013-04.html",
        1_446_009,
        {name: SecondOpinion("Wasserstein", 0.3, 0.1, drifted=True) for name in ("calm", "moved<b>")},
        {"void": "no value in the reference"},
        5_000,
    )
    subject = Subject("flights", "2013-04", "2", frozenset({"score"}))
    report = compare(profile, counts, DriftSettings())
    return render_page(report, profile, counts, opinions=opinions, subject=subject, links={"drift in Dagster": "../x"})


def test_what_alarmed_comes_first_with_figures_and_picture() -> None:
    html = page()
    parse(html)
    assert "1 of 3 columns" in html
    rows = re.findall(r'<a href="#column-\d">(.*?)</a>', html)
    assert rows[0] == "moved&lt;b&gt;"
    assert set(rows[1:]) == {"calm", "score"}
    assert html.count("<svg") == 3
    assert html.count('class="badge">prediction') == 2
    assert re.search(r"0\.0% → \d\d\.\d%", html)
    assert "Most in" in html


def test_it_links_evidently_with_its_size_and_says_why_it_differs() -> None:
    html = page()
    assert '<a href="../../flights/evidently/2013-04.html">' in html
    assert "1.4 MB" in html
    assert "On 1 of 2 columns the two differ" in html
    assert "is beyond its threshold of 0.1; PSI" in html
    assert "void (no value in the reference)" in html


def test_nothing_is_loaded_and_names_are_text() -> None:
    html = page()
    assert not re.search(r"https?:|<script|<link|<img|<iframe|url\(", html)
    assert "moved<b>" not in html


def test_too_few_rows_are_said_instead_of_figures() -> None:
    html = page(n_now=20)
    parse(html)
    assert "too few rows" in html
    assert "20 rows are too few to judge" in html
