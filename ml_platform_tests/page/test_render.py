"""Every page has the shell, shows data as text, and loads nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from ml_platform.page.render import crumbs, render

TEMPLATE = """{% extends "shell.html.jinja" %}{% block content %}
<p>{{ value }} {{ 12345 | count }} {{ 0.1234 | share }} {{ none | number }}
{{ 1446009 | size }} {{ "a b" | sentence }}</p>
{% endblock %}"""


def page(folder: Path, **values: str) -> str:
    (folder / "page.html.jinja").write_text(TEMPLATE)
    return render(folder, "page.html.jinja", title="<i>", crumbs=crumbs("flights"), **values)


def test_data_are_text_and_numbers_are_written_one_way(tmp_path: Path) -> None:
    html = page(tmp_path, value="<script>")
    assert "<p>&lt;script&gt; 12,345 12.3% \N{EN DASH}\n1.4 MB A b.</p>" in html
    assert "<title>&lt;i&gt;</title>" in html
    assert (
        '<a href="../../">Reports</a> \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} <a href="../">flights</a>' in html
    )


def test_a_page_is_light_and_dark_fits_a_phone_and_may_load_nothing(tmp_path: Path) -> None:
    html = page(tmp_path, value="")
    assert "prefers-color-scheme: dark" in html
    assert 'name="viewport"' in html
    assert "default-src 'none'" in html
    assert not re.search(r"https?:|<script|<link|@import|url\(", html)


def test_a_value_that_a_template_needs_cannot_be_forgotten(tmp_path: Path) -> None:
    with pytest.raises(UndefinedError, match="value"):
        page(tmp_path)
