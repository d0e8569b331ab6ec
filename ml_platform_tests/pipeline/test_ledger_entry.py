"""The ledger names what happened, the run that did it, and the files that identify the candidate."""

from ml_platform_tests.loop import Loop


def test_a_promotion_is_two_entries_about_the_same_candidate(loop: Loop) -> None:
    registered, promoted = loop.stores.ledger("tumours").entries()
    assert (registered.action, promoted.action) == ("registered", "promoted")
    assert (promoted.version, promoted.previous_champion, promoted.dagster_run_id) == ("1", None, "by hand")
    candidate = loop.made["train_candidate"].document
    assert promoted.onnx_sha256 == registered.onnx_sha256 == candidate["onnx_sha256"]
    assert candidate["files"].items() <= promoted.files.items()
    assert promoted.files["evaluation.json"] == loop.made["evaluate"].manifest.version
