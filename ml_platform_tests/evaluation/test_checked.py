"""Labels and scores that cannot be measured are one clear error."""

import numpy as np
import pytest

from ml_platform.errors import DataError
from ml_platform.evaluation.checked import checked


@pytest.mark.parametrize(
    ("y", "scores", "message"),
    [
        ([], [], "no labels"),
        ([0, 1], [0.1, float("nan")], "1 of 2 scores are missing or infinite"),
        ([0, None], [0.1, 0.2], "1 of 2 labels are missing"),
        ([0, 1], [0.1], "2 labels but 1 scores"),
        ([0, 0, 0], [0.1, 0.2, 0.3], "3 rows hold 1 of 2 classes (class 0: 3)"),
        ([1], [0.1], "1 rows hold 1 of 2 classes"),
        ([0, 2], [0.1, 0.2], "found 0, 2"),
        ([0, 1], [0.1, 1.2], "1 of 2 scores are not probabilities"),
        ([0, 1], [[0.5, 0.5], [0.5, 0.6]], "1 of 2 rows do not sum to 1"),
    ],
)
def test_what_cannot_be_measured_is_one_clear_error(y: list[int], scores: list[float], message: str) -> None:
    with pytest.raises(DataError) as caught:
        checked(y, scores, classes=True)
    assert message in str(caught.value)


def test_probabilities_are_rescaled_to_sum_to_1_exactly() -> None:
    """ONNX computes in 32 bits."""
    _, scores = checked([0, 1], np.array([[0.30000001, 0.7], [0.1, 0.90000001]]), classes=True)
    assert scores.sum(axis=1).tolist() == [1.0, 1.0]


def test_numbers_need_be_no_probabilities() -> None:
    labels, predictions = checked([3, -7], [12.5, 0], classes=False)
    assert (labels.tolist(), predictions.tolist()) == ([3.0, -7.0], [12.5, 0.0])
