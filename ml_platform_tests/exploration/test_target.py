"""The target is described in all rows and in each part, also in one without rows."""

import pytest

from ml_platform.exploration.target import describe_target
from ml_platform_tests.exploration.windows import window

PARTS = {"train": [0, 1, 2], "validation": [3], "test": []}


def test_classes_are_counted_also_where_there_are_none() -> None:
    whole, train, validation, test = describe_target(window({"x": [1.0] * 4}, [0, 0, 1, 1], parts=PARTS))
    assert (whole.part, whole.counts) == ("all", {"no": 2, "yes": 2})
    assert (train.share("yes"), validation.counts, test.share("yes")) == (
        pytest.approx(1 / 3),
        {"no": 0, "yes": 1},
        None,
    )


def test_numbers_have_quartiles_where_there_are_rows() -> None:
    rows = window({"x": [1.0] * 4}, [1, 2, 3, 10], task="regression", parts=PARTS)
    whole, train, _, test = describe_target(rows)
    assert (whole.mean, train.quantiles) == (4.0, (1.0, 1.5, 2.0, 2.5, 3.0))
    assert (test.n_rows, test.quantiles, test.mean) == (0, (), None)
