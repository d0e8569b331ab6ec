"""Known labels in a line."""

import numpy as np
import pytest

from ml_platform.pipeline.outcomes import describe_labels
from ml_platform.task import Output


@pytest.mark.parametrize(
    ("output", "labels", "said"),
    [
        (Output("binary"), [0, 1, 1, 1], "75.0% positive"),
        (Output("multiclass", ("a", "b", "c")), [0, 0, 2, 2], "a 50.0%, b 0.0%, c 50.0%"),
        (Output("regression"), [1.0, 2.0, 3000.0], "1 … 2 … 3,000"),
        (Output("binary"), [], "none"),
    ],
)
def test_labels_are_described_by_task(output: Output, labels: list[float], said: str) -> None:
    assert describe_labels(output, np.array(labels)) == said
