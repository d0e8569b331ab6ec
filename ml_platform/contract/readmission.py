"""Rows that were set aside and are valid now, since the contract or the file was repaired."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def readmitted(held_back: pd.DataFrame | None, valid: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """Return the valid rows whose key was in quarantine before.

    Parameters
    ----------
    held_back
        The quarantined rows of before; None when there were none stored.
    key
        Columns of the primary key. Without one, no row can be told from another and none is returned.
    """
    if held_back is None or not len(held_back) or not key:
        return valid.head(0)
    names = list(key)
    known = held_back[names].drop_duplicates()
    found = valid[names].merge(known, how="left", on=names, indicator=True)["_merge"].eq("both")
    return valid[found.to_numpy()]
