"""The page holds everything, loads nothing, is valid, and shows data as text, whatever the data is."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from ml_platform.exploration.explore import Exploration, explore
from ml_platform.exploration.page import render_page
from ml_platform.task import Task
from ml_platform_tests.exploration.awkward import awkward
from ml_platform_tests.exploration.windows import window

VOID = {"meta", "img", "br", "link", "input", "hr"}


def page(exploration: Exploration) -> str:
    return render_page(exploration, model="flights", title="flights <2013-03>", facts={"model": "flights & more"})


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
    above, inside = loaded[:2], loaded[2:]
    assert above == ["../../", "../"]
    assert all(value.startswith(("data:image/png;base64,", "#")) for value in inside)
    ids = {value for _, name, value in tags.attributes if name == "id"}
    assert {value.removeprefix("#") for value in inside if value.startswith("#")} == ids
    assert tags.texts.count("<script>alert(1)</script>") >= 3
    assert "no value at all" in tags.texts
    assert "one value only" in tags.texts
    assert any(text.startswith("Not compared: 0 rows of test") for text in tags.texts)
    json.dumps(exploration.to_document(), allow_nan=False)


def test_the_same_data_give_the_same_bytes() -> None:
    one, again = (explore(awkward("binary")) for _ in range(2))
    assert one.to_document() == again.to_document()
    assert page(one) == page(again)


def test_one_class_only_is_shown() -> None:
    html = page(explore(window({"x": np.arange(60.0)}, np.zeros(60))))
    parse(html)
    assert "yes is the rarest of 2 classes with 0.0%" in html
    assert "the target has one value only" in html
