"""The baseline is the base rate of the train rows, and kept while those are the same."""

import pytest

from ml_platform.pipeline.baseline import load_baseline, train_baseline
from ml_platform.pipeline.training_rows import load_training_rows
from ml_platform_tests.loop import Loop


def test_the_baseline_is_the_base_rate(loop: Loop) -> None:
    rows = load_training_rows(loop.model, loop.stores, None, loop.run)
    expected = rows.labels[rows.split.train].mean()
    assert load_baseline(loop.model, loop.stores, None).prediction == pytest.approx(expected)
    assert loop.made["train_baseline"].document["n_train_rows"] == len(rows.split.train)
    assert loop.again(train_baseline).kept
