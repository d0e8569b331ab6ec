"""The report that people read is one file that loads nothing, whatever the columns hold."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ml_platform.drift.report import write_evidently_report
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


def test_report_is_self_contained_and_says_what_it_leaves_out(tmp_path: Path) -> None:
    path = tmp_path / "drift" / "2013-04.html"
    notes = write_evidently_report(table(0), table(1), KINDS, path, title="flights <2013-04>", seed=1)
    html = path.read_text(encoding="utf-8")
    assert notes == ["empty: no value in the reference", "huge: an infinite value in the reference"]
    assert not re.findall(r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=", html)
    assert not re.findall(r"url\(\s*[\"']?(?:https?:)?//", html)
    assert "<title>flights &lt;2013-04&gt;</title>" in html
    assert "300 of 300 rows of the reference" in html
    assert "Left out: empty: no value in the reference." in html
    assert len(html) > 100_000
    assert [file.name for file in path.parent.iterdir()] == ["2013-04.html"], "no temporary file stays"


def test_the_same_data_give_the_same_bytes(tmp_path: Path) -> None:
    kinds = {"x": "number", "c": "category"}
    pages = [tmp_path / "one.html", tmp_path / "two.html"]
    for page in pages:
        write_evidently_report(table(0), table(1), kinds, page, title="flights", seed=1)
    assert pages[0].read_bytes() == pages[1].read_bytes()


def test_columns_that_cannot_be_drawn_at_all_leave_a_page_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.html"
    assert write_evidently_report(table(0), table(0), {"empty": "number"}, path, title="flights", seed=1)
    assert "Left out: empty: no value in the reference." in path.read_text(encoding="utf-8")


def test_a_failed_drawing_leaves_the_earlier_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.html"
    path.write_text("earlier", encoding="utf-8")

    def fail(*_: object) -> str:
        raise RuntimeError("drawing")

    monkeypatch.setattr("ml_platform.drift.report._draw", fail)
    with pytest.raises(RuntimeError, match="drawing"):
        write_evidently_report(table(0), table(1), {"x": "number"}, path, title="flights", seed=1)
    assert path.read_text(encoding="utf-8") == "earlier"


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="column 'x' is not in the current data"):
        write_evidently_report(table(0), table(0)[["c"]], {"x": "number"}, tmp_path / "x.html", title="", seed=1)
