"""Planted wrong labels are found, right ones are left alone, and what cannot be judged says why."""

from __future__ import annotations

import numpy as np
import pytest

from ml_platform.exploration.label_issues import SHOWN, find_label_issues
from ml_platform_tests.exploration.windows import blobs, window

N = 1500
CLASSES = ("p", "q", "r")


@pytest.mark.parametrize("n_classes", [2, 3])
def test_flipped_labels_are_found(n_classes: int) -> None:
    """Classes four deviations from their middle, 3% of the labels flipped: recall and precision are above 0.9."""
    rng = np.random.default_rng(0)
    columns, codes = blobs(N, rng, n_classes=n_classes)
    flipped = rng.choice(N, 45, replace=False)
    given = codes.copy()
    given[flipped] = (codes[flipped] + 1) % n_classes
    task = "binary" if n_classes == 2 else "multiclass"
    found = find_label_issues(window(columns, given, task=task, classes=CLASSES[:n_classes]))
    assert found.n_rows == N
    assert 0.9 * 45 <= found.n_suspected <= 45 / 0.9
    listed = {suspect.position for suspect in found.worst}
    assert len(listed) == SHOWN
    assert len(listed & set(flipped)) >= 0.9 * SHOWN
    for suspect in found.worst:
        assert suspect.given == CLASSES[given[suspect.position]]
        assert suspect.key == {"id": str(suspect.position)}
        if suspect.position in set(flipped):
            assert suspect.suggested == CLASSES[codes[suspect.position]]
    assert found.skill > 0.7
    assert sum(found.quality_counts) == N


def test_clean_labels_are_not_suspected() -> None:
    columns, codes = blobs(N, np.random.default_rng(1))
    assert find_label_issues(window(columns, codes)).n_suspected < 0.005 * N


def test_labels_of_chance_are_judged_by_a_model_that_admits_to_know_nothing() -> None:
    rng = np.random.default_rng(2)
    found = find_label_issues(window({"x": rng.normal(size=N)}, rng.integers(0, 2, N)))
    assert found.skill < 0.05


def test_gross_errors_of_a_regression_are_found() -> None:
    """All of 15 labels that are off by ten deviations are found, and at most 1% of the right ones."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=N)
    y = 3 * x + rng.normal(size=N)
    wrong = rng.choice(N, 15, replace=False)
    y[wrong] += 10
    found = find_label_issues(window({"x": x}, y, task="regression"))
    assert {suspect.position for suspect in found.worst[:15]} >= set(wrong[:12])
    assert 15 <= found.n_suspected <= 15 + 0.01 * N
    assert found.skill > 0.7


def test_a_tiny_class_is_left_out_and_one_class_is_not_judged() -> None:
    columns, codes = blobs(300, np.random.default_rng(4))
    codes[:3] = 2
    found = find_label_issues(window(columns, codes, task="multiclass", classes=CLASSES))
    assert (found.n_rows, found.left_out) == (297, 3)
    alone = find_label_issues(window(columns, np.zeros(300)))
    assert alone.n_suspected is None
    assert alone.reason == "300 rows of 1 classes that have at least 10 rows each are too few"
    constant = find_label_issues(window(columns, np.zeros(300), task="regression"))
    assert constant.reason == "300 rows are too few, or have one label only"
