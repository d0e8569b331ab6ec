"""The same window gives the same document, which is JSON, and no rows are an error."""

import json

import numpy as np
import pytest

from ml_platform.errors import DataError
from ml_platform.exploration.explore import explore
from ml_platform_tests.exploration.awkward import awkward
from ml_platform_tests.exploration.windows import window


def test_the_same_window_gives_the_same_document() -> None:
    one, again = (json.dumps(explore(awkward("multiclass")).to_document(), allow_nan=False) for _ in range(2))
    assert one == again


def test_no_rows_are_refused() -> None:
    with pytest.raises(DataError, match="without labelled rows"):
        explore(window({"x": np.array([], dtype=float)}, []))
