"""The rows that Great Expectations finds are those that a plain reading of the contract finds."""

import math
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ml_platform.contract import Contract
from ml_platform.contract.validation import validate
from ml_platform_tests.contract.small import orders
from ml_platform_tests.profiles import fewer

# Great Expectations imports modules of the standard library that are on their way out
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")
AT = pd.Timestamp("2013-01-01", tz="UTC")
STRANGE: list[Any] = [None, "x", "kg", "AB12", "", 0, 1, 100, -3, 5.5, 10.0, 10.5, math.inf, math.nan, True]
MEASURES: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: type(value) is str,
    "integer": lambda value: type(value) in (int, float) and math.isfinite(value) and int(value) == value,
    "number": lambda value: type(value) in (int, float) and math.isfinite(value),
}
COLUMNS: dict[str, tuple[str, bool, Callable[[Any], bool]]] = {
    "line": ("integer", True, lambda value: 0 < value < 100),
    "unit": ("string", True, lambda value: value in ("kg", "pounds")),
    "amount": ("number", False, lambda value: 0 <= value <= 10),
    "code": ("string", False, lambda value: bool(re.search("^[A-Z]{2}[0-9]{1,3}$", value))),
    "note": ("string", False, lambda value: 1 <= len(value) <= 5),
}


def is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def broken(name: str, values: Sequence[Any]) -> list[tuple[int, str]]:
    """Return the rows that break the column's rules; none where every value is of another type: that is the table's."""
    kind, required, holds = COLUMNS[name]
    there = [value for value in values if not is_missing(value)]
    if there and not any(MEASURES[kind](value) for value in there):
        return []
    wrong = []
    for row, value in enumerate(values):
        if required if is_missing(value) else not (MEASURES[kind](value) and holds(value)):
            wrong.append((row, name))
    return wrong


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    folder: Path = tmp_path_factory.mktemp("contract")
    return orders(folder)


@settings(max_examples=fewer(3), suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_rejected_rows_are_those_of_a_plain_reading_of_the_contract(contract: Contract, data: st.DataObject) -> None:
    n_rows = data.draw(st.integers(1, 12))
    mixed = {name: data.draw(st.lists(st.sampled_from(STRANGE), min_size=n_rows, max_size=n_rows)) for name in COLUMNS}
    columns = {name: pd.Series(values, dtype=object) for name, values in mixed.items()}
    frame = pd.DataFrame({"order": range(n_rows), **columns, "at": [AT] * n_rows})
    validation = validate(contract, frame, file="orders.parquet", window=None)
    found = list(zip(validation.rejected["row"], validation.rejected["column"], strict=True))
    expected = sorted(pair for name, values in mixed.items() for pair in broken(name, values))
    assert sorted(found) == expected
    assert validation.n_quarantined == len({row for row, _ in expected})
    assert [row for row, _ in found] == sorted(row for row, _ in found)
