"""Reads the format of dates and times that are stored as text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from ml_platform.choices import did_you_mean
from ml_platform.errors import ContractError

_LETTERS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "yyyy": ("%Y", r"\d{4}"),
        "yy": ("%y", r"\d{2}"),
        "MM": ("%m", r"\d{2}"),
        "dd": ("%d", r"\d{2}"),
        "HH": ("%H", r"\d{2}"),
        "mm": ("%M", r"\d{2}"),
        "ss": ("%S", r"\d{2}"),
        "SSSSSS": ("%6f", r"\d{6}"),
        "SSS": ("%3f", r"\d{3}"),
        "XXX": ("%#z", r"(Z|[+-]\d{2}:\d{2})"),
        "XX": ("%#z", r"(Z|[+-]\d{4})"),
    }
)
"""Letters of Java's ``DateTimeFormatter`` → those of Polars, and what they look like."""
_TOKEN = re.compile(r"'([^']*)'|([A-Za-z])\2*|[^A-Za-z']")


def read_time_format(pattern: object, where: str) -> tuple[str, str]:
    """Return a pattern of Java's ``DateTimeFormatter`` as a format of Polars and as a regular expression.

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
