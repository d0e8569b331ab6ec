"""A column's profile says of its values what counting them in Python says."""

from collections import Counter
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml_platform.scaffold.profile import FEW, profile_columns

VALUES: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "integer": (pa.int64(), st.integers(-50, 50)),
    "number": (pa.float64(), st.floats(-9, 9, allow_nan=False).map(lambda number: number + 0.0)),
    "boolean": (pa.bool_(), st.booleans()),
    "string": (pa.string(), st.text(max_size=5)),
    "date": (pa.date32(), st.dates()),
    "timestamp": (pa.timestamp("us"), st.datetimes(datetime(1970, 1, 1))),
}


@pytest.mark.parametrize("kind", VALUES)
@given(st.data())
@settings(max_examples=100, deadline=None)
def test_it_counts_what_python_counts(kind: str, data: st.DataObject) -> None:
    arrow, values = VALUES[kind]
    present = data.draw(st.lists(values, min_size=1, max_size=40))
    cells = data.draw(st.permutations([*present, *[None] * data.draw(st.integers(0, 3))]))
    found = profile_columns(pa.table({"x": pa.array(cells, arrow)}))["x"]
    counted = Counter(present)
    assert (found.name, found.kind, found.arrow_type) == ("x", kind, str(arrow))
    assert (found.n_rows, found.n_missing, found.n_present) == (len(cells), len(cells) - len(present), len(present))
    assert found.n_distinct == len(counted)
    assert dict(zip(found.values, found.counts, strict=True)) == counted
    assert list(found.values) == sorted(found.values)
    assert found.is_unique == (len(counted) == len(cells))
    extremes = (None, None) if kind in ("string", "boolean") else (min(present), max(present))
    assert (found.least, found.most) == extremes
    assert found.longest == (max(map(len, present)) if kind == "string" else 0)


def test_many_values_are_not_listed_and_a_zone_is_seen() -> None:
    zoned = pa.array([datetime(2024, 1, 1)] * (FEW + 1), pa.timestamp("us", "UTC"))
    found = profile_columns(pa.table({"n": range(FEW + 1), "at": zoned, "few": [date(2024, 1, 1)] * (FEW + 1)}))
    assert (found["n"].values, found["n"].counts, found["n"].n_distinct) == ((), (), FEW + 1)
    assert (found["at"].has_zone, found["few"].has_zone) == (True, False)
    assert found["few"].counts == (FEW + 1,)
