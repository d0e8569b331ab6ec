"""The Jensen-Shannon distance is scipy's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon

from ml_platform.drift.metrics import jensen_shannon_distance


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(1, 500)), min_size=1, max_size=12))
def test_equals_scipys(pairs: list[tuple[int, int]]) -> None:
    reference, current = map(list, zip(*pairs, strict=True))
    expected = np.nan_to_num(jensenshannon(reference, current, base=2))
    assert jensen_shannon_distance(reference, current) == pytest.approx(expected, abs=1e-7)
