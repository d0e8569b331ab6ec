"""A demo is told again from its record, as long as what it was made with is the same."""

from __future__ import annotations

from pathlib import Path

from ml_platform.cli.demo_record import DemoRecord


def test_a_record_is_kept_for_its_fingerprint_and_empty_for_another_one(tmp_path: Path) -> None:
    file = tmp_path / "data" / "demo.json"
    first = DemoRecord.open(file, "a")
    assert (first.told, first.is_outdated) == ({}, False)
    first.add("flights_train 2013-01", ["PROMOTED"])
    same, other = DemoRecord.open(file, "a"), DemoRecord.open(file, "b")
    assert (same["flights_train 2013-01"], same.is_outdated) == (["PROMOTED"], False)
    assert ("flights_train 2013-01" in other, other.is_outdated) == (False, True)
