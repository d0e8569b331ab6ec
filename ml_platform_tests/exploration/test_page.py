"""The page holds everything, loads nothing, is valid, and shows data as text, whatever the data is."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from ml_platform.errors import DataError
from ml_platform.exploration.explore import Exploration, explore
from ml_platform.exploration.observations import observe
from ml_platform.exploration.page import render_page
from ml_platform.exploration.rows import Rows
from ml_platform.task import Task
from ml_platform_tests.exploration.windows import window

N = 240
VOID = {"meta", "img", "br", "link", "input", "hr"}


def awkward(task: Task) -> Rows:
    """A window in which everything is wrong at once."""
    rng = np.random.default_rng(5)
    target = {"binary": rng.integers(0, 2, N), "multiclass": rng.integers(0, 3, N), "regression": rng.normal(size=N)}[
        task
    ]
    columns = {
        "<script>alert(1)</script>": target + rng.normal(size=N),
        "$x_1$ & “日本”": rng.normal(size=N),
        "huge": np.where(rng.random(N) < 0.1, np.inf, 1e300 * rng.normal(size=N)),
        "empty": np.nan,
        "constant": 1.0,
        "words": pd.Series(rng.choice(np.array(["<b>", "a|b", "\n", None]), N), dtype=object),
    }
    parts = {"train": range(160), "validation": range(160, N), "test": []}
    classes = ("<i>no", "yes", "öfter")[: 2 if task == "binary" else 3]
    return window(columns, target, task=task, classes=classes, parts=parts)


def page(exploration: Exploration) -> str:
    return render_page(exploration, title="flights <2013-03>", facts={"model": "flights & more"})


class Tags(HTMLParser):
    """Rejects tags that are not closed in order, and collects attributes and text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, self.getpos()

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())


def parse(html: str) -> Tags:
    tags = Tags()
    tags.feed(html)
    tags.close()
    assert tags.open == []
    return tags


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
def test_awkward_data_make_a_valid_page_that_loads_nothing(task: Task) -> None:
    exploration = explore(awkward(task))
    html = page(exploration)
    tags = parse(html)
    code = re.sub(r"base64,[\w+/=]+", "", html)
    assert not re.search(r"https?:|//[a-z]|<script|url\(|@import|\bon[a-z]+=", code)
    loaded = [value for tag, name, value in tags.attributes if name in ("src", "href", "srcset", "data")]
    assert all(value.startswith(("data:image/png;base64,", "#")) for value in loaded)
    ids = {value for _, name, value in tags.attributes if name == "id"}
    assert {value.removeprefix("#") for value in loaded if value.startswith("#")} == ids
    assert tags.texts.count("<script>alert(1)</script>") >= 3
    assert "no value at all" in tags.texts
    assert "one value only" in tags.texts
    assert any(text.startswith("Not compared: 0 rows of test") for text in tags.texts)
    json.dumps(exploration.to_document(), allow_nan=False)


def test_the_same_data_give_the_same_bytes() -> None:
    one, again = (explore(awkward("binary")) for _ in range(2))
    assert one.to_document() == again.to_document()
    assert page(one) == page(again)


def test_observations_name_what_somebody_should_look_at() -> None:
    looked = {seen.topic: seen.text for seen in observe(explore(awkward("binary"))) if seen.look}
    assert looked["rows"].endswith("test 0")
    assert looked["infinite"] == "infinite values in huge; training rejects them"
    assert looked["train and test"].startswith("not compared")
    assert looked["target"].endswith("test has no <i>no; test has no yes")
    texts = [seen.text for seen in observe(explore(awkward("binary")))]
    assert "no value at all: empty" in texts
    assert "one value only: constant" in texts


def test_a_leak_a_shift_and_shared_rows_are_observations() -> None:
    rng = np.random.default_rng(6)
    y = np.arange(600) % 2
    columns = pd.DataFrame({"leak": y + 0.01 * rng.normal(size=600), "clock": np.arange(600.0)})
    columns.loc[590:] = columns.loc[[0] * 10].to_numpy()
    looked = {seen.topic: seen.text for seen in observe(explore(window(columns, y))) if seen.look}
    assert looked["train and test"].startswith("told apart with AUC 0.9")
    assert "clock 1.00" in looked["train and test"]
    assert "10 of test" in looked["duplicates"]
    assert looked["associations"] == "AUC of leak 1.00, clock 0.50; that strong, ask whether it is a leak"


def test_one_class_only_is_shown() -> None:
    html = page(explore(window({"x": np.arange(60.0)}, np.zeros(60))))
    parse(html)
    assert "yes is the rarest of 2 classes with 0.0%" in html
    assert "the target has one value only" in html


def test_no_rows_are_refused() -> None:
    with pytest.raises(DataError, match="without labelled rows"):
        explore(window({"x": np.array([], dtype=float)}, []))
