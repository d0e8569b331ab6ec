"""Training rows are those of the stored training set, or none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ml_platform.errors import UncheckedData
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.training_rows import load_training_rows
from ml_platform_tests.loop import Loop


def test_another_split_in_the_yaml_makes_the_training_set_stale(loop: Loop) -> None:
    settings = loop.model.spec.training.model_copy(update={"test_share": 0.2})
    other = replace(loop.model, spec=loop.model.spec.model_copy(update={"training": settings}))
    with pytest.raises(UncheckedData, match=r"tumours/training_set.* split in another way than the YAML says\. Run: "):
        load_training_rows(other, loop.stores, None, RunContext())


def test_rows_and_labels_belong_together(loop: Loop) -> None:
    rows = load_training_rows(loop.model, loop.stores, None, loop.run)
    assert len(rows.frame) == len(rows.labels) == 569
    assert rows.unknown.empty
    assert set(rows.versions) == {"tumours/features/whole", "tumours/labels/whole"}
