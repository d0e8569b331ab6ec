"""Rows that break rules on their values: the table of reasons, the split of a frame by it, and readmission."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from ml_platform.contract.contract import REASONS
from ml_platform.contract.result import Rejection
from ml_platform.errors import DataError


def rejections(rejected: Iterable[Rejection]) -> pd.DataFrame:
    """Return them as a frame (``row`` int64, ``column`` and ``reason`` object), ordered by row, else as given."""
    lines = [(one.row, one.column, f"{one.rule}: {one.value}") for one in rejected]
    frame = pd.DataFrame(lines, columns=["row", "column", "reason"], dtype=object)
    return frame.astype({"row": "int64"}).sort_values("row", kind="stable", ignore_index=True)


def split(frame: pd.DataFrame, rejected: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the valid rows and the quarantined rows, both in the order of ``frame`` and numbered from 0.

    The quarantined rows have one more column, ``reasons``: every broken rule of the row, in the order of ``rejected``.

    Raises
    ------
    DataError
        When ``rejected`` names a row that the frame does not have: it belongs to other data.
    """
    if len(rejected) and not 0 <= int(rejected["row"].min()) <= int(rejected["row"].max()) < len(frame):
        raise DataError(
            f"The rejected rows reach to row {rejected['row'].max()}, but the table has {len(frame):,} rows."
        )
    lines = rejected["column"] + " " + rejected["reason"]
    reasons = lines.groupby(rejected["row"], sort=True).agg("; ".join)
    chosen = np.zeros(len(frame), dtype=bool)
    chosen[reasons.index.to_numpy(dtype="int64")] = True
    quarantined = frame[chosen].reset_index(drop=True)
    quarantined[REASONS] = pd.Series(reasons.to_numpy(), dtype=object)
    return frame[~chosen].reset_index(drop=True), quarantined


def readmitted(quarantined: pd.DataFrame | None, valid: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """Return the valid rows whose key was in quarantine before the contract or the file was repaired.

    `quarantined` are the rows of before, None when none are stored. Without a key, no row can be told from another and
    none is returned.
    """
    if quarantined is None or not len(quarantined) or not key:
        return valid.head(0)
    names = list(key)
    known = quarantined[names].drop_duplicates()
    found = valid[names].merge(known, how="left", on=names, indicator=True)["_merge"].eq("both")
    return valid[found.to_numpy()]
