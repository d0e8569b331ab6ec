"""The baseline looks at nothing but the labels of the train rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml_platform.task import Task
from ml_platform.training.baseline import fit_baseline
from ml_platform.training.split import Split
from ml_platform_tests.training.data import rows, split


def test_baseline_is_the_base_rate_of_the_train_rows() -> None:
    frame, labels = rows()
    parts = split(frame)
    baseline = fit_baseline(labels, parts, task="binary")
    assert baseline.predict(3).tolist() == [labels[parts.train].mean()] * 3
    assert fit_baseline(np.array([0, 1, 2] * 200)[:400], parts, task="multiclass").predict(2).shape == (2, 3)


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
@given(st.lists(st.integers(0, 2), min_size=6, max_size=60), st.integers(0, 20))
@settings(max_examples=200, deadline=None)
def test_only_train_rows_count_and_every_row_gets_the_same(task: Task, drawn: list[int], n_rows: int) -> None:
    labels = np.array([0, 1, 2, *drawn] if task != "binary" else [0, 1, *(code % 2 for code in drawn)])
    train = np.arange(len(labels) - 2)
    parts = Split(train, train[:0] + len(train), np.arange(len(labels) - 2, len(labels)), False)
    baseline = fit_baseline(labels, parts, task=task)
    changed = labels.copy()
    changed[parts.test] = 0
    assert fit_baseline(changed, parts, task=task) == baseline
    predicted = baseline.predict(n_rows)
    assert predicted.shape == ((n_rows, 3) if task == "multiclass" else (n_rows,))
    assert (predicted == np.asarray(baseline.prediction)).all()
    if task == "multiclass":
        assert sum(baseline.prediction) == pytest.approx(1)
