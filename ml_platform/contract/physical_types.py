"""Physical types are those of Parquet as Arrow names them, or as contract tools do where the unit is left open.

Here they are held against the dtype that pandas reads.

pandas reads whole numbers as floats where some are missing; a column without any value has no type of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from ml_platform.choices import did_you_mean
from ml_platform.errors import ContractError

if TYPE_CHECKING:
    import pandas as pd

UNITS = ("s", "ms", "us", "ns")
INTEGERS = tuple(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64))
PHYSICAL_TYPES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {name: (name, name.replace("int", "Int").replace("uI", "UI")) for name in INTEGERS}
    | {
        "float": ("float32", "Float32"),
        "double": ("float64", "Float64"),
        "string": ("str", "string", "large_string"),
        "large_string": ("str", "string", "large_string"),
        "bool": ("bool", "boolean"),
        "boolean": ("bool", "boolean"),
        "date": ("date",),
        "time": ("time",),
        "timestamp_ntz": tuple(f"datetime64[{unit}]" for unit in UNITS),
        "timestamp_tz": ("datetime64[zoned]",),
        "date32": ("date",),
        "date32[day]": ("date",),
        "time32[s]": ("time",),
        "time32[ms]": ("time",),
        "time64[us]": ("time",),
        "time64[ns]": ("time",),
        **{f"timestamp[{unit}]": (f"datetime64[{unit}]",) for unit in UNITS},
    }
)
"""Physical type → names of the dtypes (for objects: of the values) that it is read as. Time zones are added."""
KINDS: Mapping[str, str] = MappingProxyType({"string": "str", "date": "date", "time": "time", "boolean": "bool"})
"""Answers of ``pandas.api.types.infer_dtype`` about objects that say what they were in the file."""
_ZONE = re.compile(r"\[\w+, .+\]")
_ZONED = re.compile(r"^(timestamp\[(?:s|ms|us|ns)), ?(?:tz=)?([^\]]+)\]$")


def validate_physical_type(name: str, where: str) -> None:
    """Reject a physical type that the platform does not know.

    Raises
    ------
    ContractError
        Naming the ones that it does, and a guess.
    """
    if _unzoned(name) not in PHYSICAL_TYPES:
        zoned = " A timestamp may name its zone: timestamp[ms, UTC]."
        raise ContractError(
            f"{where}: the platform cannot check physicalType '{name}'. {did_you_mean(name, PHYSICAL_TYPES)}{zoned}"
        )


def mismatch(name: str, values: pd.Series) -> str:
    """Say what the column is instead of the physical type; empty when it is of that type, or of none."""
    found = _found(values)
    if found is None or not {found, _ZONE.sub("[zoned]", found)}.isdisjoint(expected_dtypes(name)):
        return ""
    if name in INTEGERS and found == "float64" and values.isna().any():
        return ""
    return f"is {found}, expected physicalType {name}"


def expected_dtypes(name: str) -> tuple[str, ...]:
    """Return the names of the dtypes that a physical type is read as."""
    dtypes = PHYSICAL_TYPES[_unzoned(name)]
    zoned = _ZONED.match(name)
    return tuple(f"{dtype[:-1]}, {zoned.group(2)}]" for dtype in dtypes) if zoned else dtypes


def _found(values: pd.Series) -> str | None:
    """Return the dtype's name, for objects that of the values; None where it says nothing of the file."""
    import pandas as pd

    if not values.notna().any():
        return None
    if values.dtype != object:
        return str(values.dtype)
    return KINDS.get(pd.api.types.infer_dtype(values, skipna=True))


def _unzoned(name: str) -> str:
    zoned = _ZONED.match(name)
    return f"{zoned.group(1)}]" if zoned else name
