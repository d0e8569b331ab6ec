"""What nothing needs is removed; what a model, a prediction or the present needs stays, and every answer with it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from ml_platform.cli.vacuum import vacuum
from ml_platform.errors import DataError
from ml_platform.lineage.prediction import trace_prediction
from ml_platform.lineage.vacuum import removable
from ml_platform.lineage.verification.verify import checks
from ml_platform.pipeline.rebuild import rebuild
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.installation import DATA
from ml_platform_tests.history import History
from ml_platform_tests.place import Place
from ml_platform_tests.quick import FLIGHTS


def run(place: Place, *arguments: str) -> str:
    result = CliRunner().invoke(vacuum, arguments, env={DATA: str(place.folder)})
    assert result.exit_code == 0, result.output
    return result.output


def test_everything_that_can_go_goes_and_all_answers_stay(history: History, copied: Place, tmp_path: Path) -> None:
    stores = copied.stores
    artifacts = {str(one.artifact) for one in removable(stores, "flights", superseded_before=datetime.now(tz=UTC))}
    assert "flights/labels/2013-02" in artifacts
    assert not any(name.startswith(("flights/predictions", "flights/features")) for name in artifacts)
    assert f"removed: versions {len(artifacts)}," in run(copied, "--older-than", "0d")
    assert list(removable(stores, "flights", superseded_before=datetime.now(tz=UTC))) == []
    assert [difference for check in checks(stores) for difference in check.differences()] == []
    now = asdict(trace_prediction(stores, history.id))
    assert {name: now[name] for name in now if name != "superseded"} == {
        name: history.before[name] for name in now if name != "superseded"
    }
    assert rebuild(stores, "flights", "1", tmp_path / "clean", folder=FLIGHTS).identical


def test_a_version_goes_only_when_it_was_superseded_long_enough_ago_and_not_in_a_dry_run(copied: Place) -> None:
    before = datetime.now(tz=UTC) - timedelta(days=1)
    assert list(removable(copied.stores, "flights", superseded_before=before)) == []
    assert run(copied, "--older-than", "1d").startswith("removed: versions 0")
    found = list(removable(copied.stores, "flights", superseded_before=datetime.now(tz=UTC)))
    assert "would be removed" in run(copied, "--older-than", "0h", "--dry-run")
    assert list(removable(copied.stores, "flights", superseded_before=datetime.now(tz=UTC))) == found


def test_a_removed_version_says_so_and_comes_back_when_it_is_made_again(copied: Place) -> None:
    tables, artifact = copied.stores.tables, ArtifactKey("flights", "labels", "2013-02")
    old = next(m for m in tables.records.of(artifact).values() if m.version != tables.require(artifact).version)
    rows = tables.read_version(artifact, old)
    run(copied, "--older-than", "0d", "--model", "flights")
    with pytest.raises(DataError, match=r"was removed by `ml-platform vacuum`"):
        tables.read_version(artifact, old)
    tables.write(artifact, rows, inputs=old.inputs)
    assert tables.read(artifact).equals(rows)


def test_a_damaged_ledger_stops_it(copied: Place) -> None:
    ledger = copied.stores.ledger("flights").path
    ledger.write_bytes(ledger.read_bytes().replace(b"rejected", b"Rejected"))
    with pytest.raises(DataError, match="not a ledger entry"):
        list(removable(copied.stores, "flights", superseded_before=datetime.now(tz=UTC)))


@pytest.mark.parametrize("age", ["90", "90 d", "-1d", "1w"])
def test_an_age_that_is_none_is_refused(age: str) -> None:
    result = CliRunner().invoke(vacuum, [f"--older-than={age}"])
    assert result.exit_code == 2
    assert "such as 90d" in result.output
