"""Labels are made from valid rows, and kept while those and the definition are the same."""

import numpy as np
import pytest

from ml_platform.pipeline.labels import describe_labels, make_labels
from ml_platform.task import Output
from ml_platform_tests.loop import Loop
from ml_platform_tests.small_models import table


def test_labels_are_the_target_of_each_row(loop: Loop) -> None:
    labels = loop.made["make_labels"]
    assert labels.frame["label"].astype(bool).tolist() == table("tumours")["benign"].tolist()
    assert loop.again(make_labels).kept


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
