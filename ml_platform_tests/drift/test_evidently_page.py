"""Evidently's report is one file and the script that all reports share, whatever the columns hold."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from ml_platform.drift import evidently_page
from ml_platform.drift.evidently_page import LIBRARY, EvidentlyPage, draw_evidently_page
from ml_platform.errors import DataError

KINDS = {"x": "number", "c": "category", "empty": "number", "huge": "number", "constant": "number"}


def table(loc: float) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "x": rng.normal(loc, size=300),
            "c": rng.choice(np.array(["a", "b", None]), 300),
            "empty": np.nan,
            "huge": np.where(rng.random(300) < 0.01, np.inf, 1.0),
            "constant": 1.0,
        }
    )


def draw(before: pd.DataFrame, now: pd.DataFrame, kinds: dict[str, str]) -> EvidentlyPage:
    return draw_evidently_page(before, now, kinds, title="flights <2013-04>", library=f"../../-/{LIBRARY}", seed=1)


def test_the_page_loads_the_shared_script_alone_and_says_what_it_leaves_out() -> None:
    page = draw(table(0), table(1), KINDS)
    assert page.left_out == {"empty": "no value in the reference", "huge": "an infinite value in the reference"}
    loaded = re.findall(r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=\"([^\"]*)\"", page.html)
    assert loaded == [f"../../-/{LIBRARY}"]
    assert not re.findall(r"url\(\s*[\"']?(?:https?:)?//", page.html)
    assert "<title>flights &lt;2013-04&gt;</title>" in page.html
    assert "300 of 300 rows of the reference" in page.html
    assert "Left out: empty: no value in the reference." in page.html
    assert len(page.library) > 1_000_000 > len(page.html) > 100_000


def test_it_says_of_each_column_what_evidently_found_by_its_own_method() -> None:
    opinions = draw(table(0), table(1), {"x": "number", "constant": "number"}).opinions
    assert opinions["x"].drifted
    assert not opinions["constant"].drifted
    assert opinions["x"].method == "K-S p_value"
    assert opinions["x"].value < opinions["x"].threshold == 0.05


def test_only_so_many_columns_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidently_page, "MAX_COLUMNS", 1)
    page = draw(table(0), table(1), {"x": "number", "c": "category"})
    assert set(page.opinions) == {"x"}
    assert page.left_out == {"c": "the report shows 1 columns, those that drifted most"}


def test_the_same_data_give_the_same_page() -> None:
    kinds = {"x": "number", "c": "category"}
    one, again = (draw(table(0), table(1), kinds).html for _ in range(2))
    assert one == again


def test_columns_that_cannot_be_drawn_at_all_leave_a_page_that_says_so() -> None:
    page = draw(table(0), table(0), {"empty": "number"})
    assert page.left_out
    assert not page.opinions
    assert "Left out: empty: no value in the reference." in page.html


def test_a_missing_column_is_named() -> None:
    with pytest.raises(DataError, match="column 'x' is not in the current data"):
        draw(table(0), table(0)[["c"]], {"x": "number"})


def test_a_personal_column_is_not_in_it() -> None:
    frame = table(0).assign(c=np.where(table(0)["x"] > 0, "Anna", "Bert"))
    kinds = {"x": "number", "c": "category"}
    page = draw_evidently_page(frame, frame, kinds, title="people", library=LIBRARY, seed=1, personal={"c"})
    assert page.left_out == {"c": "its values are personal"}
    assert list(page.opinions) == ["x"]
    assert "Anna" not in page.html
