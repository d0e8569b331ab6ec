"""`asset check` evaluates what is stored: it is quiet when all is well, and names the column when it is not."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from ml_platform.errors import WrongCall
from ml_platform_tests.place import Place


def test_all_is_well_after_a_trained_and_scored_partition(trained: Place) -> None:
    assert trained.failed("group:flights", "2013-01") == {}


def test_nothing_stored_has_failed_and_says_what_to_run(tmp_path: Path, definitions: dg.Definitions) -> None:
    with Place.open(tmp_path / "data", definitions) as place:
        found = place.check("group:flights", "2013-01")
    assert {result.status for result in found} == {"failed"}
    assert all(
        "Run: ml-platform asset materialize --select" in result.message
        for result in found
        if result.check != "all_checks"
    )


def test_a_check_that_crashes_has_failed(trained_copy: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("ml_platform.stores.tables.TableStore.differences", crash)
    found = trained_copy.failed("key:flights/features", "2013-01")
    assert "crashed" in found["flights/features as_recorded"]


@pytest.mark.parametrize(
    ("select", "partition", "message"),
    [
        ("group:flihgts", "2013-01", "matches no asset that has checks. Groups: employment, flights"),
        ("group:", None, "--select 'group:'"),
        ("nothing/here", None, "--select 'nothing/here'"),
        ("group:flights", "2013-13", "none of that name, only 2013-01"),
        ("key:flights/raw_planes", "2013-01", "nothing in the selection"),
    ],
)
def test_a_wrong_call_is_told_from_a_failed_check(trained: Place, select: str, partition: str, message: str) -> None:
    with pytest.raises(WrongCall, match=message):
        trained.check(select, partition)
