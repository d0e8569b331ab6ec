"""Named formats of values, and physical types of columns."""

import re
from collections.abc import Mapping
from types import MappingProxyType

_BYTE = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_GROUP = "[0-9A-Fa-f]{1,4}"
FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "byte": r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
        "email": rf"^[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(?:\.{_LABEL})*$",
        "hostname": rf"^{_LABEL}(?:\.{_LABEL})*$",
        "ipv4": rf"^(?:{_BYTE}\.){{3}}{_BYTE}$",
        "ipv6": (
            rf"^(?:(?:{_GROUP}:){{7}}{_GROUP}|(?:{_GROUP}:){{1,7}}:|:(?::{_GROUP}){{1,7}}|(?:{_GROUP}:){{1,6}}:{_GROUP}"
            rf"|(?:{_GROUP}:){{1,5}}(?::{_GROUP}){{1,2}}|(?:{_GROUP}:){{1,4}}(?::{_GROUP}){{1,3}}"
            rf"|(?:{_GROUP}:){{1,3}}(?::{_GROUP}){{1,4}}|(?:{_GROUP}:){{1,2}}(?::{_GROUP}){{1,5}}|{_GROUP}:(?::{_GROUP}){{1,6}}|::)$"
        ),
        "uri": r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s]+$",
        "uuid": r"^[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$",
    }
)
"""Format of strings → regular expression (email as HTML defines it; byte is Base64; the rest after their RFCs)."""
INTEGER_FORMATS: Mapping[str, tuple[int | None, int | None]] = MappingProxyType(
    {f"i{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32)}
    | {f"u{bits}": (0, 2**bits - 1) for bits in (8, 16, 32)}
    | {"i64": (None, None), "i128": (None, None), "u64": (0, None), "u128": (0, None)}
)
"""Format of integers → the least and the greatest; None where everything that can be read is within."""
NUMBER_FORMATS: Mapping[str, float | None] = MappingProxyType({"f32": 3.4028234663852886e38, "f64": None})
"""Format of numbers → the greatest absolute value; None where everything that can be read is within."""

INTEGERS = tuple(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64))
UNITS = ("s", "ms", "us", "ns")
_STRINGS, _DATES = ("string",), ("date32[day]",)
_TIMES = ("time32[s]", "time32[ms]", "time64[us]", "time64[ns]")
PHYSICAL_TYPES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {name: (name,) for name in INTEGERS}
    | {
        "float": ("float32",),
        "double": ("float64",),
        "decimal": ("decimal",),
        "string": _STRINGS,
        "large_string": _STRINGS,
        "bool": ("bool",),
        "boolean": ("bool",),
        "date": _DATES,
        "date32": _DATES,
        "date32[day]": _DATES,
        "time": _TIMES,
        **dict.fromkeys(_TIMES, _TIMES),
        "timestamp_ntz": tuple(f"timestamp[{unit}]" for unit in UNITS),
        "timestamp_tz": tuple(f"timestamp[{unit}, zoned]" for unit in UNITS),
        **{f"timestamp[{unit}]": (f"timestamp[{unit}]",) for unit in UNITS},
    }
)
"""Physical type → the types that a column of it may have.

The names are those of Arrow, or those of contract tools where the unit is left open. A timestamp may name its zone
(``timestamp[ms, UTC]``), a decimal its size (``decimal(10, 2)``).
"""
_SIZED = re.compile(r"^decimal(?:128)?\((\d+), ?(\d+)\)$")
_ZONED = re.compile(r"^(timestamp\[(?:s|ms|us|ns)), ?(?:tz=)?([^\]]+)\]$")


def physical_types(name: str) -> tuple[str, ...] | None:
    """Return the types that a column of a physical type may have; None when there is no such physical type."""
    if sized := _SIZED.match(name):
        return (f"decimal128({sized.group(1)}, {sized.group(2)})",)
    if zoned := _ZONED.match(name):
        return (f"{zoned.group(1)}, tz={zoned.group(2)}]",)
    return PHYSICAL_TYPES.get(name)
