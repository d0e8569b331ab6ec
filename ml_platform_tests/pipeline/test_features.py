"""Features are made from valid rows, and kept while those and the definition are the same."""

from ml_platform.pipeline.features import make_features
from ml_platform_tests.pipeline.conftest import Loop


def test_features_say_what_they_are_made_from(loop: Loop) -> None:
    features = loop.made["make_features"]
    assert list(features.frame) == ["row", *loop.model.kinds]
    assert features.manifest.inputs == {
        "definition": loop.model.features_version,
        "tumours/valid_tumours/whole": loop.made["divide_rows"].valid.manifest.version,
    }
    assert loop.again(make_features).kept
