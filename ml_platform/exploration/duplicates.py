"""Rows that are there more than once: by their key, or by all that a model sees of them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ml_platform.exploration.rows import Rows
from ml_platform.row_identity import content_ids


@dataclass(frozen=True)
class Duplicates:
    """Counts of rows."""

    n_rows: int
    by_key: int
    """Rows whose key an earlier row has."""
    by_content: int
    """Rows whose features are all equal to those of an earlier row; missing equals missing."""
    contradicting: int
    """Rows that share every feature with a row of another target: no model can be right on all of them."""
    in_train_too: dict[str, int]
    """Rows of each later part whose features a train row has: the same thing is learnt and tested."""


def find_duplicates(rows: Rows) -> Duplicates:
    """Count the rows that are there more than once."""
    content = content_ids(rows.frame, rows.kinds)
    n_targets = pd.Series(rows.target).groupby(content).transform("nunique")
    return Duplicates(
        n_rows=len(rows),
        by_key=int(rows.frame[list(rows.key)].duplicated().sum()),
        by_content=len(content) - len(np.unique(content)),
        contradicting=int((n_targets > 1).sum()),
        in_train_too={
            part: int(np.isin(content[positions], content[rows.parts["train"]]).sum())
            for part, positions in rows.parts.items()
            if part != "train"
        },
    )
