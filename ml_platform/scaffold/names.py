"""Names of columns that a contract, a feature and a check can carry."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

TAKEN = ("reasons",)
"""Columns of the platform's own in the tables that it makes of raw ones."""


def usable_names(names: Sequence[str]) -> dict[str, str]:
    """Return for each name the one to use: the same, unless it has a point, a line break, or the check of another one.

    A point parts a table from its column in a feature's ``from``. A check is called by the letters, digits and ``_`` of
    its column's name, and no two may be called alike.
    """
    chosen: dict[str, str] = {}
    checks: set[str] = set()
    for name in names:
        plain = re.sub(r"\s+", " ", "".join(c if c.isprintable() else " " for c in name)).strip().replace(".", "_")
        candidate, number = plain or "column", 1
        while candidate in TAKEN or _check(candidate) in checks:
            number += 1
            candidate = f"{plain or 'column'}_{number}"
        chosen[name] = candidate
        checks.add(_check(candidate))
    return chosen


def feature_name(column: str, reserved: Sequence[str], taken: Sequence[str]) -> str:
    """Return what to call the feature that a column becomes: ASCII letters, digits and ``_``, as checks are called.

    Parameters
    ----------
    reserved
        Names that the platform uses itself; one that ends in ``_`` stands for all that begin with it.
    taken
        Names of other features, and of key columns.
    """
    ascii_only = unicodedata.normalize("NFKD", column).encode("ascii", "ignore").decode()
    plain = re.sub(r"\W+", "_", ascii_only).strip("_")
    if not plain:
        plain = "feature"
    elif not plain[0].isalpha() or any(
        plain == word or (word.endswith("_") and plain.startswith(word)) for word in reserved
    ):
        plain = f"feature_{plain}"
    name, number = plain, 1
    while name in taken:
        number += 1
        name = f"{plain}_{number}"
    return name


def _check(name: str) -> str:
    return re.sub("[^A-Za-z0-9_]", "_", name)
