"""A table that goes through pandas comes back as it was, whatever its integers are."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_platform.frames import NULLABLE, to_frame

BITS = {arrow: (-(2 ** (arrow.bit_width - 1)), 2 ** (arrow.bit_width - 1) - 1) for arrow in NULLABLE} | {
    arrow: (0, 2**arrow.bit_width - 1) for arrow in NULLABLE if str(arrow).startswith("u")
}
COLUMNS = {
    **{str(arrow): (arrow, st.integers(*ends)) for arrow, ends in BITS.items()},
    "decimal": (pa.decimal128(30, 4), st.decimals(-(10**20), 10**20, places=4)),
    "date": (pa.date32(), st.dates()),
    "time": (pa.timestamp("us", "UTC"), st.integers(-(2**55), 2**55)),
    "boolean": (pa.bool_(), st.booleans()),
    "text": (pa.string(), st.text(max_size=5)),
    "number": (pa.float64(), st.floats(allow_nan=False)),
}


@given(st.data())
def test_every_type_comes_back_exactly_with_and_without_missing_values(data: st.DataObject) -> None:
    n_rows = data.draw(st.integers(0, 6))
    names = data.draw(st.lists(st.sampled_from(sorted(COLUMNS)), min_size=1, unique=True))
    columns = {
        name: pa.array(
            data.draw(st.lists(st.none() | COLUMNS[name][1], min_size=n_rows, max_size=n_rows)), COLUMNS[name][0]
        )
        for name in names
    }
    table = pa.table(columns)
    again = pa.Table.from_pandas(to_frame(table), schema=table.schema, preserve_index=False)
    assert again.equals(table)


@pytest.mark.parametrize("values", [[2**60 + 1, None], [2**60 + 1, 3]])
def test_a_key_above_2_to_the_53_keeps_its_last_digit(values: list[int | None]) -> None:
    assert to_frame(pa.table({"id": pa.array(values, pa.int64())}))["id"].tolist()[0] == 2**60 + 1


def test_a_table_without_columns_or_rows_has_none() -> None:
    assert to_frame(pa.table({"id": pa.array([], pa.int64())})).shape == (0, 1)
