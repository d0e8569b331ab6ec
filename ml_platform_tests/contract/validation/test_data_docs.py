"""Great Expectations' site is whole, and says of every check what the platform says."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from ml_platform.contract import ValidationResult, read_contract
from ml_platform.contract.interfaces import Field, document
from ml_platform.contract.validation import validate
from ml_platform.contract.validation.data_docs import build_data_docs
from ml_platform_tests.contract.small import orders
from ml_platform_tests.contract.test_page import table

# Great Expectations imports modules of the standard library that are on their way out
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")
NOW = datetime(2013, 2, 1, tzinfo=UTC)


def site(validation: ValidationResult, folder: Path) -> str:
    """Build the site from what is stored of a result, and return its page of the validation."""
    folder.mkdir()
    stored = ValidationResult.from_document(validation.to_document())
    build_data_docs(stored, run="2013-01", made_at=NOW, folder=folder)
    (page,) = (folder / "validations").rglob("*.html")
    return page.read_text()


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def counts(html: str) -> tuple[int, int]:
    """Return how many expectations succeeded and how many did not, as the page says."""
    found = re.search(r"Successful Expectations (\d+).*?Unsuccessful Expectations (\d+)", text(html))
    assert found is not None
    return int(found[1]), int(found[2])


def test_the_site_is_whole(tmp_path: Path) -> None:
    site(validate(orders(tmp_path), table(), file="orders.parquet"), tmp_path / "site")
    assert {path.name for path in (tmp_path / "site").iterdir()} == {
        "index.html",
        "expectations",
        "validations",
        "static",
    }
    assert "2013-01" in (tmp_path / "site" / "index.html").read_text()


def test_what_the_contract_tolerates_is_no_failure(tmp_path: Path) -> None:
    tolerated = validate(orders(tmp_path), table(amount=[99.5, *[1.0] * 39]), file="orders.parquet")
    assert tolerated.passed
    assert tolerated.n_quarantined == 1
    html = site(tolerated, tmp_path / "site")
    assert counts(html)[1] == 0
    assert "at least 90 % of the time" in text(html)


@pytest.mark.parametrize(
    "frame",
    [
        table(amount=[*[99.5] * 10, *[1.0] * 30]),
        table(order=0),
        table(amount="text"),
        table(0),
        table().drop(columns="unit"),
    ],
)
def test_a_check_that_failed_has_an_expectation_that_did(tmp_path: Path, frame: pd.DataFrame) -> None:
    broken = validate(orders(tmp_path), frame, file="orders.parquet")
    assert not broken.passed
    n_failed = sum(not one.passed for one in broken.check_results)
    assert counts(site(broken, tmp_path / "site"))[1] >= n_failed


def test_names_are_escaped(tmp_path: Path) -> None:
    fields = [Field("id", "string", "The key.", key_position=1), Field("c<b>", "string", "", values=("u", "v"))]
    contract = read_contract(document("things", "", fields), Path("things"))
    frame = pd.DataFrame({"id": ["0", "1"], "c<b>": ["u", "w"]})
    assert "c<b>" not in site(validate(contract, frame, file="<i>.parquet"), tmp_path / "site")
