"""The contracts between the steps follow from the model's YAML."""

from ml_platform.pipeline.interfaces import features_contract, origin, predictions_contract
from ml_platform.spec import load_spec
from ml_platform_tests.loop import Loop
from ml_platform_tests.quick import FLIGHTS


def test_features_and_predictions_promise_their_columns(loop: Loop) -> None:
    assert list(features_contract(loop.model).columns) == ["row", *loop.model.kinds]
    promised = predictions_contract(loop.model)
    assert list(promised.columns) == ["row", "score", "prediction_id", "model_version", "features_version"]
    assert promised.key == ("row",)


def test_the_origin_of_a_feature_is_said_in_words() -> None:
    features = {feature.name: feature for feature in load_spec(FLIGHTS).features}
    assert origin(features["distance"]) == "as it is from distance"
