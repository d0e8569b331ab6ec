"""A column is read in one way, and what cannot be read is rejected by name."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ml_platform.errors import DataError
from ml_platform_tests.exploration.windows import window


def test_categories_are_coded_by_frequency_and_numbers_by_rank() -> None:
    columns = {"c": pd.Series(["b", "b", "a", None], dtype=object), "x": [np.inf, -np.inf, 1.0, np.nan]}
    rows = window(columns, [0, 1, 0, 1])
    assert rows.categories["c"].levels == ("a", "b")
    assert rows.encoded[:, 0].tolist()[:3] == [0.0, 0.0, 1.0]
    assert rows.encoded[:, 1].tolist()[:3] == [2.0, 0.0, 1.0]
    assert rows.encoded[3].tolist() == [-1.0, -1.0]


def test_what_cannot_be_read_is_refused_by_name() -> None:
    with pytest.raises(DataError, match=r"column 'xx' cannot be explored\. Known: x, id\. Did you mean 'x'"):
        window({"x": [1.0, 2.0]}, [0, 1], kinds={"xx": "number"})
    with pytest.raises(DataError, match="column 'x' is declared a number"):
        _ = window({"x": ["a", "b"]}, [0, 1], kinds={"x": "number"}).numbers
    with pytest.raises(DataError, match="3 labels for 2 rows"):
        window({"x": [1.0, 2.0]}, [0, 1, 0])


def test_a_sample_is_drawn_by_the_seed_and_without_repeats() -> None:
    rows = [window({"x": np.arange(100.0)}, [0, 1] * 50, seed=seed) for seed in (1, 1, 2)]
    one, again, other = (r.sample(np.arange(100), 30).tolist() for r in rows)
    assert one == again != other
    assert len(set(one)) == 30
    assert rows[0].sample(np.array([3, 1]), 30).tolist() == [1, 3]
