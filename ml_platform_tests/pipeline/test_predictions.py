"""Predictions name the model and the features that they were made from, and are kept while both are the same."""

from ml_platform.pipeline.predictions import INPUT_VALIDATION, predict
from ml_platform.stores.artifact import ArtifactKey
from ml_platform_tests.loop import Loop


def test_every_row_is_scored_by_the_champion(loop: Loop) -> None:
    made = loop.made["predict"]
    assert made.champion.version == "1"
    assert made.frame["score"].between(0, 1).all()
    assert set(made.frame["features_version"]) == {loop.made["make_features"].manifest.version}
    assert made.n_unseen == loop.made["fix_training_set"].parts["test"].n_rows
    validation = loop.stores.documents.require(ArtifactKey("tumours", INPUT_VALIDATION))
    assert validation.inputs == made.manifest.inputs
    assert loop.again(predict).kept
