"""Named formats of strings, and dates and times that are written as strings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from ml_platform.choices import did_you_mean
from ml_platform.errors import ContractError

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

_LETTERS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "yyyy": ("%Y", r"\d{4}"),
        "yy": ("%y", r"\d{2}"),
        "MM": ("%m", r"\d{2}"),
        "dd": ("%d", r"\d{2}"),
        "HH": ("%H", r"\d{2}"),
        "mm": ("%M", r"\d{2}"),
        "ss": ("%S", r"\d{2}"),
        "SSSSSS": ("%f", r"\d{6}"),
        "SSS": ("%f", r"\d{3}"),
        "XXX": ("%z", r"(Z|[+-]\d{2}:\d{2})"),
        "XX": ("%z", r"(Z|[+-]\d{4})"),
    }
)
"""Letters of Java's ``DateTimeFormatter`` → those of ``strptime``, and what they look like."""
_TOKEN = re.compile(r"'([^']*)'|([A-Za-z])\2*|[^A-Za-z']")


def read_time_format(pattern: object, where: str) -> tuple[str, str]:
    """Return a pattern of Java's ``DateTimeFormatter`` as a ``strptime`` format and as a regular expression.

    Raises
    ------
    ContractError
        When the pattern has letters that cannot be read.
    """
    format_, regex = "", ""
    for token in _TOKEN.finditer(str(pattern)):
        text = token.group(0)
        if text in _LETTERS:
            directive, looks = _LETTERS[text]
        elif token.group(2) and text != "T":
            raise ContractError(
                f"{where}: the platform cannot read '{text}' of '{pattern}'. {did_you_mean(text, _LETTERS)}"
            )
        else:
            literal = token.group(1) if text.startswith("'") else text
            directive, looks = literal.replace("%", "%%"), re.escape(literal)
        format_, regex = format_ + directive, regex + looks
    if "%" not in format_:
        raise ContractError(f"{where}: '{pattern}' has no letters of a date or time. {did_you_mean('', _LETTERS)}")
    return format_, f"^{regex}$"
