"""Names of columns that contracts, features and checks can use."""

import re
from collections.abc import Callable, Sequence
from itertools import chain, count

RESERVED = ("reasons",)
"""Columns that the platform adds to quarantined rows."""


def usable_names(names: Sequence[str]) -> dict[str, str]:
    """Return for each name the one to use: the same, unless it has a point, a line break, or the check of another one.

    A point separates a table from its column in a feature's ``from``. A check is called by the letters, digits and
    ``_`` of its column's name, and no two may be called alike.
    """
    chosen: dict[str, str] = {}
    checks: set[str] = set()
    for name in names:
        plain = re.sub(r"\s+", " ", "".join(c if c.isprintable() else " " for c in name)).strip().replace(".", "_")
        chosen[name] = numbered(plain or "column", lambda free: free in RESERVED or _check(free) in checks)
        checks.add(_check(chosen[name]))
    return chosen


def numbered(name: str, is_taken: Callable[[str], bool]) -> str:
    """Return the name, or ``name_2``, ``name_3``, … if it is taken."""
    return next(free for free in chain([name], (f"{name}_{n}" for n in count(2))) if not is_taken(free))


def _check(name: str) -> str:
    return re.sub("[^A-Za-z0-9_]", "_", name)
