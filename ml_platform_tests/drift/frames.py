"""Small tables with everything that a column can hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import strategies as st

NUMBERS = st.one_of(st.none(), st.floats(-5, 5), st.sampled_from([np.nan, np.inf, -np.inf, 0.0, 1.0, 1.0]))
TEXTS = st.one_of(st.none(), st.sampled_from(["a", "b", "Å", ""]))
KINDS = {"x": "number", "c": "category"}


def frame(numbers: list[float | None], texts: list[str | None]) -> pd.DataFrame:
    n_rows = min(len(numbers), len(texts))
    return pd.DataFrame(
        {"x": pd.Series(numbers[:n_rows], dtype="float64"), "c": pd.Series(texts[:n_rows], dtype=object)}
    )
