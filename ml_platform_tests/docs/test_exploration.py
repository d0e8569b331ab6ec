"""docs/exploration.md explains every section of the page, and its figures are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

from ml_platform.exploration import columns, label_issues, page, shift

GUIDE = (Path(__file__).parents[2] / "docs" / "exploration.md").read_text(encoding="utf-8")
TEMPLATE = (Path(page.__file__).parent / page.TEMPLATE).read_text(encoding="utf-8")


def test_every_section_of_the_page_is_explained() -> None:
    sections = re.findall(r"<h2[^>]*>(.*?)</h2>", TEMPLATE)
    rows = re.findall(r"^\| ([^|]+) \|", GUIDE, flags=re.MULTILINE)
    assert sections == [row for row in rows if row not in ("section", "---")]


def test_sizes_of_the_samples_are_those_of_the_code() -> None:
    assert f"at most {shift.SAMPLE_ROWS:,} rows of each, labels on at most {label_issues.SAMPLE_ROWS:,};" in GUIDE
    assert f"robust z-score of {columns.ROBUST_Z}" in GUIDE
