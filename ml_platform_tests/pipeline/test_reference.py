"""A reference profiles every feature and what the model predicts."""

from ml_platform.pipeline.reference import REFERENCE, profiled_kinds
from ml_platform_tests.loop import Loop


def test_every_candidate_is_stored_with_its_reference(loop: Loop) -> None:
    version = loop.stores.registry.version("tumours", "1")
    stored = loop.stores.registry.load_document(version, REFERENCE, ledger=loop.stores.ledger("tumours"))
    assert [column["name"] for column in stored["profile"]["columns"]] == list(profiled_kinds(loop.model))
    assert list(stored["windows"]) == ["tumours/features/whole"]
