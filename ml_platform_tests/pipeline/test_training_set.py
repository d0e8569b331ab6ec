"""The training set says of each labelled row which part it is in, and is split once."""

import numpy as np

from ml_platform.pipeline.training_rows import load_training_rows, split_rows
from ml_platform.pipeline.training_set import fix_training_set
from ml_platform.stores.artifact import ArtifactKey
from ml_platform_tests.loop import Loop


def test_each_row_is_stored_with_its_part_and_its_place(loop: Loop) -> None:
    stored = loop.stores.tables.read(ArtifactKey("tumours", "training_set"))
    assert list(stored) == ["row", "part", "position"]
    assert sorted(stored["position"]) == list(range(569))
    counts = stored["part"].value_counts()
    assert {name: part.n_rows for name, part in loop.made["fix_training_set"].parts.items()} == dict(counts)
    assert loop.made["fix_training_set"].parts["test"].outcomes.endswith("positive")
    assert loop.again(fix_training_set).kept


def test_what_is_read_back_is_what_was_split(loop: Loop) -> None:
    rows = load_training_rows(loop.model, loop.stores, None, loop.run)
    split = split_rows(loop.model, rows)
    for part in ("train", "validation", "test"):
        np.testing.assert_array_equal(getattr(rows.split, part), getattr(split, part))
