"""What nothing needs is removed; what a model, a prediction or the present needs stays, and every answer with it."""

from __future__ import annotations

import os
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from ml_platform.cli.vacuum import vacuum
from ml_platform.errors import DataError
from ml_platform.lineage.upstream import prediction_upstream
from ml_platform.lineage.vacuum import removable
from ml_platform.lineage.verification.verify import checks
from ml_platform.pipeline.rebuild import rebuild
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.database.schema import ledger, manifests
from ml_platform.stores.installation import DATA
from ml_platform.stores.manifests import is_of
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
    assert f"REMOVED: versions {len(artifacts)}," in run(copied, "--older-than", "0d")
    assert list(removable(stores, "flights", superseded_before=datetime.now(tz=UTC))) == []
    assert [difference for check in checks(stores) for difference in check.differences()] == []
    now = asdict(prediction_upstream(stores, history.id))
    assert {name: now[name] for name in now if name != "superseded"} == {
        name: history.before[name] for name in now if name != "superseded"
    }
    assert rebuild(stores, "flights", "1", tmp_path / "clean", folder=FLIGHTS).identical


def test_a_version_goes_only_when_it_was_superseded_long_enough_ago_and_not_in_a_dry_run(copied: Place) -> None:
    before = datetime.now(tz=UTC) - timedelta(days=1)
    assert list(removable(copied.stores, "flights", superseded_before=before)) == []
    assert run(copied, "--older-than", "1d").startswith("REMOVED: versions 0")
    found = list(removable(copied.stores, "flights", superseded_before=datetime.now(tz=UTC)))
    assert "WOULD REMOVE: versions" in run(copied, "--older-than", "0h", "--dry-run")
    assert list(removable(copied.stores, "flights", superseded_before=datetime.now(tz=UTC))) == found


def test_a_removed_version_says_so_and_comes_back_when_it_is_made_again(copied: Place) -> None:
    tables, artifact = copied.stores.tables, ArtifactKey("flights", "labels", "2013-02")
    old = next(
        m for m in tables.manifests.select(*is_of(artifact)).values() if m.version != tables.require(artifact).version
    )
    rows = tables.read_version(old)
    run(copied, "--older-than", "0d", "--model", "flights")
    with pytest.raises(DataError, match=r"was removed by `ml-platform vacuum`"):
        tables.read_version(old)
    tables.write(artifact, rows, inputs=old.inputs)
    assert tables.read(artifact).equals(rows)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (sa.update(ledger).values(content=sa.func.replace(ledger.c.content, "rejected", "Rejected")), "was changed"),
        (sa.delete(ledger).where(ledger.c.number > 1), "has 1 entries"),
        (sa.delete(ledger), "has 0 entries"),
        (sa.delete(manifests).where(manifests.c.asset == "candidate"), "Manifests of candidates .* are gone"),
    ],
)
def test_a_ledger_that_is_damaged_or_cut_short_stops_it(copied: Place, damage: sa.Executable, said: str) -> None:
    """What is needed cannot be known then."""
    with copied.stores.database.writing("test") as connection:
        connection.execute(damage)
    with pytest.raises(DataError, match=said):
        list(removable(copied.stores, "flights", superseded_before=datetime.now(tz=UTC)))


def test_what_a_killed_writer_has_left_is_removed_when_it_is_old(copied: Place) -> None:
    left = copied.folder / "objects" / "tables" / "flights" / "features" / "2013-01" / "0123456789abcdef.parquet"
    left.write_bytes(b"half")
    assert str(left) not in run(copied, "--older-than", "0d", "--verbose")
    two_hours_ago = (datetime.now(tz=UTC) - timedelta(hours=2)).timestamp()
    os.utime(left, (two_hours_ago, two_hours_ago))
    assert f"{left}, left by a killed writer" in run(copied, "--older-than", "0d", "--dry-run", "--verbose")
    assert left.exists()
    assert f"{left}, left by a killed writer" in run(copied, "--older-than", "0d", "--verbose")
    assert not left.exists()
