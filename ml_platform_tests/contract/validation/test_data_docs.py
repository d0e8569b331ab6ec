"""Data Docs are Great Expectations' own page of a validation, and a browser fetches nothing for it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from ml_platform.contract import ValidationResult, read_contract
from ml_platform.contract.interfaces import Field, document
from ml_platform.contract.validation import validate
from ml_platform.contract.validation.data_docs import alone, data_docs_page

NOW = datetime(2013, 2, 1, tzinfo=UTC)


def page(values: list[str]) -> str:
    fields = [Field("id", "string", "The key.", key_position=1), Field("c<b>", "string", "", values=("u", "v"))]
    contract = read_contract(document("things", "", fields), Path("things"))
    frame = pd.DataFrame({"id": [str(n) for n in range(len(values))], "c<b>": values})
    validation = validate(contract, frame, file="things.parquet")
    stored = ValidationResult.from_document(validation.to_document())
    return data_docs_page(stored, title="The contract of things", made_at=NOW)


def test_every_expectation_and_check_result_is_on_the_page() -> None:
    good, bad = page(["u", "v", "u"]), page(["u", "w", "w"])
    assert "Succeeded" in good
    assert "Failed" in bad
    assert "2 unexpected values found" in bad
    assert "2 unexpected values found" not in good
    for shown in ("The contract of things", "values must never be null", "All 2 columns are there", "quarantine_share"):
        assert shown in good


def test_nothing_is_fetched_and_names_are_escaped() -> None:
    html = page(["u", "v"])
    assert not re.search(r"https?://|<script|<link|<img|<iframe|url\(", html)
    assert "c<b>" not in html


def test_what_would_be_fetched_is_taken_out_and_the_text_stays() -> None:
    fetched = '<head><link href="x"><script src="y">z</script></head><a href="http://w">kept</a><a href="#in">in</a>'
    left = alone(fetched)
    assert left.endswith('</head>kept<a href="#in">in</a>')
    assert "<script" not in left
