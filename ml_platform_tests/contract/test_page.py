"""A contract's page says first what does not hold, with bounds, counts and values, and hides confidential ones."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from ml_platform.contract import Contract, ValidationResult, load_contract
from ml_platform.contract.page import MAX_ROWS, render_page
from ml_platform.contract.validation import validate
from ml_platform_tests.contract.small import write
from ml_platform_tests.exploration.test_page import parse

NOW = datetime(2013, 2, 1, tzinfo=UTC)


def confidential(folder: Path) -> Contract:
    """Return the contract of orders, whose `unit` nobody should read."""
    path = folder / "contract_orders.yaml"
    return load_contract(write(path, lambda d: d["schema"][0]["properties"][2].update(classification="confidential")))


def table(n_rows: int = 40, **columns: object) -> pd.DataFrame:
    values = {"order": pd.Series(range(n_rows)), "line": 1, "unit": "kg", "amount": 1.0, "code": "AB1", "note": "x"}
    return pd.DataFrame({**values, "at": pd.Timestamp("2026-01-01", tz="UTC"), **columns}, index=range(n_rows))


def page(contract: Contract, frame: pd.DataFrame) -> tuple[str, ValidationResult]:
    result = validate(contract, frame, file="orders <1>.parquet")
    links = {"raw_orders in Dagster": "../../-/dagster/shop/raw_orders/2013-01"}
    options = {"model": "shop", "partition": "2013-01", "made_at": NOW, "links": links, "data_docs": "../../-/x"}
    return render_page(contract, result, **options), result  # type: ignore[arg-type]


def test_failed_rules_come_first_with_bounds_counts_and_values(tmp_path: Path) -> None:
    html, result = page(confidential(tmp_path), table(amount=[*[99.5] * 5, *[1.0] * 35]))
    parse(html)
    n, failed = len(result.check_results), [one.check for one in result.check_results if not one.passed]
    assert failed == ["quarantine_share", "column_amount"]
    assert f"{n - 2} of {n} rules hold" in html
    assert html.index("Rules that do not hold") < html.index("Quarantined rows") < html.index("Rules that hold")
    assert "must be between 0 and 10" in html
    assert "99.5" in html
    assert "5 of 40 rows" in html
    assert "orders &lt;1&gt;.parquet" in html


def test_nothing_is_headed_that_has_nothing_below_it(tmp_path: Path) -> None:
    html, result = page(confidential(tmp_path), table())
    assert result.passed
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", html) == ["Rules that hold"]
    html, _ = page(confidential(tmp_path), table(0))
    assert "Quarantined rows" not in html


def test_values_of_a_confidential_column_are_hashed_wherever_they_stand(tmp_path: Path) -> None:
    contract, frame = confidential(tmp_path), table(unit=[*["secret"] * 2, *["kg"] * 38])
    html, result = page(contract, frame)
    hashes = set(re.findall(r"#[0-9a-f]{8}", html))
    assert len(hashes) == 1
    assert "secret" not in html + str(result.to_document()) + result.rejected.to_json()
    shown = replace(contract, columns={n: replace(c, personal=False) for n, c in contract.columns.items()})
    assert "secret" in page(shown, frame)[0]


def test_quarantined_rows_are_listed_up_to_a_number(tmp_path: Path) -> None:
    html, _ = page(confidential(tmp_path), table(400, amount=[*[99.5] * 30, *[1.0] * 370]))
    assert html.count("must be between 0 and 10: 99.5") == MAX_ROWS
    assert "The first 20 of 30." in html


def test_nothing_is_loaded(tmp_path: Path) -> None:
    html, _ = page(confidential(tmp_path), table())
    assert not re.search(r"https?:|<script|<link|<img|<iframe|url\(", html)
