"""Types that programs write become those of contracts."""

import pyarrow as pa
import pytest

from ml_platform.scaffold.plain_values import plain_values, without_words

KEPT: dict[str, tuple[pa.Array, pa.DataType]] = {
    "dictionary": (pa.array(["a", "b"]).dictionary_encode(), pa.string()),
    "large text": (pa.array(["a", "b"], pa.large_string()), pa.string()),
    "decimal": (pa.array([1, 2], pa.decimal128(9, 2)), pa.float64()),
    "nanoseconds": (pa.array([1, 2], pa.timestamp("ns", "Asia/Tokyo")), pa.timestamp("us", "UTC")),
    "local times": (pa.array([1, 2], pa.timestamp("ms")), pa.timestamp("us")),
    "date64": (pa.array([0, 86_400_000], pa.date64()), pa.date32()),
    "unsigned": (pa.array([1, 2], pa.uint32()), pa.uint32()),
}


@pytest.mark.parametrize("case", KEPT)
def test_types_become_those_of_contracts(case: str) -> None:
    values, kind = KEPT[case]
    plain = plain_values(values)
    assert plain is not None
    assert plain.type == kind


def test_nan_is_missing_and_lists_have_no_type() -> None:
    assert plain_values(pa.array([1.0, float("nan")])).to_pylist() == [1.0, None]
    assert plain_values(pa.array([[1], [2]])) is None


def test_words_for_missing_are_missing_in_text() -> None:
    assert without_words(pa.array(["a", "?", None]), ["?"]).to_pylist() == ["a", None, None]
    assert without_words(pa.array(["a", "?"]), []).to_pylist() == ["a", "?"]
