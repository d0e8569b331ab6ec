"""Rows that are there more than once: by their key, or by all that a model sees of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ml_platform.exploration.rows import Rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Duplicates:
    """Counts of rows.

    Attributes
    ----------
    by_key
        Rows whose key an earlier row has.
    by_content
        Rows whose features are all equal to those of an earlier row; missing equals missing.
    contradicting
        Rows that share every feature with a row of another target: no model can be right on all of them.
    in_train_too
        Rows of each later part whose features a train row has: the same thing is learnt and tested.
    """

    n_rows: int
    by_key: int
    by_content: int
    contradicting: int
    in_train_too: dict[str, int]


def find_duplicates(rows: Rows) -> Duplicates:
    """Count the rows that are there more than once."""
    import numpy as np

    content = _content(rows)
    return Duplicates(
        n_rows=len(rows),
        by_key=int(rows.frame[list(rows.key)].duplicated().sum()),
        by_content=len(content) - len(np.unique(content)),
        contradicting=_contradicting(content, rows.target),
        in_train_too={
            part: int(np.isin(content[positions], content[rows.parts["train"]]).sum())
            for part, positions in rows.parts.items()
            if part != "train"
        },
    )


def _content(rows: Rows) -> NDArray[np.intp]:
    """Return a number per row that is the same for rows with the same features."""
    import numpy as np
    import pandas as pd

    columns = {**rows.numbers, **{name: column.codes for name, column in rows.categories.items()}}
    groups = pd.DataFrame(columns).groupby(list(columns), dropna=False, sort=False).ngroup()
    numbered: NDArray[np.intp] = groups.to_numpy().astype(np.intp)
    return numbered


def _contradicting(content: NDArray[np.intp], target: NDArray[np.float64]) -> int:
    import numpy as np

    if not len(content):
        return 0
    lowest, highest = np.full(content.max() + 1, np.inf), np.full(content.max() + 1, -np.inf)
    np.minimum.at(lowest, content, target)
    np.maximum.at(highest, content, target)
    return int((lowest != highest)[content].sum())
