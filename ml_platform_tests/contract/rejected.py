"""Changes to the document of ``ORDERS`` that make it one that cannot be run, for the tests of each part."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ml_platform.contract import load_contract
from ml_platform.errors import ContractError
from ml_platform_tests.contract.small import write

Document = dict[str, Any]
Change = Callable[[Document], object]


def assert_rejected(folder: Path, change: Change, expected: list[str]) -> None:
    """Assert that the changed document is rejected at load, with its file and what is expected in the message."""
    with pytest.raises(ContractError) as rejected:
        load_contract(write(folder / "contract_orders.yaml", change))
    for text in ["contract_orders.yaml", *expected]:
        assert text in str(rejected.value)


def column(name: str, /, **words: object) -> Change:
    def change(document: Document) -> None:
        (stated,) = (one for one in document["schema"][0]["properties"] if one["name"] == name)
        stated |= words

    return change


def table(**words: object) -> Change:
    return lambda document: document["schema"][0].update(words)


def query(text: str) -> Change:
    return table(quality=[COUNTED, {"type": "sql", "query": text, "mustBe": 0}])


def expectation(name: str, **kwargs: object) -> Change:
    implementation = {"type": name, "kwargs": kwargs}
    return table(quality=[COUNTED, {"type": "custom", "engine": "greatExpectations", "implementation": implementation}])


def level(**words: object) -> Change:
    return lambda document: document.update(slaProperties=[words])


def share(name: str, value: float) -> Document:
    return {"property": name, "value": value}


NULLS = {"metric": "nullValues", "unit": "percent"}
NULLED = {**NULLS, "mustBeLessOrEqualTo": 50}
COUNTED = {"metric": "rowCount", "mustBeBetween": [1, 1000]}
