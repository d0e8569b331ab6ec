"""Labels are made from valid rows, and kept while those and the definition are the same."""

from ml_platform.pipeline.labels import make_labels
from ml_platform_tests.loop import Loop
from ml_platform_tests.small_models import table


def test_labels_are_the_target_of_each_row(loop: Loop) -> None:
    labels = loop.made["make_labels"]
    assert labels.frame["label"].astype(bool).tolist() == table("tumours")["benign"].tolist()
    assert loop.again(make_labels).kept
