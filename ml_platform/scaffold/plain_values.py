"""Arrow types that a contract knows, and the values of other types in them."""

from collections.abc import Collection

import pyarrow as pa
import pyarrow.compute as pc

KNOWN = (pa.types.is_string, pa.types.is_boolean, pa.types.is_integer, pa.types.is_floating, pa.types.is_date32)


def plain_values(values: pa.Array) -> pa.Array | None:
    """Return a column in a type that a contract knows; None where there is none."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        return plain_values(values.dictionary_decode())
    if pa.types.is_decimal(kind) or pa.types.is_float16(kind):
        values = values.cast(pa.float64())
    elif pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        values = values.cast(pa.string())
    elif pa.types.is_timestamp(kind):
        values = values.cast(pa.timestamp("us", "UTC" if kind.tz else None), safe=False)
    elif pa.types.is_date64(kind):
        values = values.cast(pa.date32())
    elif not any(knows(kind) for knows in KNOWN):
        return None
    return pc.if_else(pc.is_nan(values), None, values) if pa.types.is_floating(values.type) else values


def without_words(text: pa.Array, missing: Collection[str]) -> pa.Array:
    """Return text in which the words for a missing value are missing."""
    return pc.if_else(pc.is_in(text, pa.array([*missing], pa.string())), None, text) if missing else text
