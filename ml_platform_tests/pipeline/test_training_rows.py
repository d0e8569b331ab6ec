"""Training rows are those of the stored training set, or none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ml_platform.errors import DataError, UncheckedData
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.training_rows import load_training_rows, split_rows
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


def test_rows_without_an_outcome_are_left_out_and_said(loop: Loop) -> None:
    rows = load_training_rows(loop.model, loop.stores, None, loop.run)
    assert rows.describe_unknown() == ""
    some = replace(rows, frame=rows.frame[:500], unknown=rows.frame[500:], unlabelled=("2013-05",))
    assert some.describe_unknown() == "69 of 569 rows have no outcome yet and are left out; none has one in 2013-05"


def test_without_any_outcome_there_is_one_sentence(loop: Loop) -> None:
    rows = load_training_rows(loop.model, loop.stores, None, loop.run)
    none = replace(rows, frame=rows.frame[:0], labels=rows.labels[:0], unknown=rows.frame, unlabelled=("2013-05",))
    with pytest.raises(DataError, match=r"^No row of 'tumours' in 2013-05 has an outcome yet.*ml-platform add tumours"):
        split_rows(loop.model, none)
