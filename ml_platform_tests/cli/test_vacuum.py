"""`ml-platform vacuum` names what it removes; a dry run removes nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from click import BadParameter
from click.testing import CliRunner

from ml_platform.cli.vacuum import age, vacuum
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores
from ml_platform_tests.cli.called import call

LABELS = ArtifactKey("tumours", "labels", None)


@pytest.mark.parametrize(
    ("written", "meant"), [("90d", timedelta(days=90)), ("12h", timedelta(hours=12)), ("0d", timedelta(0))]
)
def test_an_age_is_days_or_hours(written: str, meant: timedelta) -> None:
    assert age(written) == meant


@pytest.mark.parametrize("written", ["90", "90 d", "-1d", "1w", "", "d", "999999d"])
def test_an_age_that_is_none_is_refused(written: str) -> None:
    result = CliRunner().invoke(vacuum, [f"--older-than={written}"])
    assert result.exit_code == 2
    assert "such as 90d" in result.output
    with pytest.raises(BadParameter):
        age(written)


@pytest.fixture
def superseded(shop: object) -> Path:
    """The file of a version of the labels that nothing needs: there are two newer ones."""
    tables = Stores(Installation.from_environment()).tables
    rows, inputs = tables.read(LABELS), tables.require(LABELS).inputs
    tables.write(LABELS, rows.head(100), inputs=inputs)
    file = Path(tables.where(LABELS, tables.require(LABELS).version))
    tables.write(LABELS, rows, inputs=inputs)
    return file


def test_what_would_go_goes_and_is_named_both_times(superseded: Path) -> None:
    kept = set(superseded.parent.iterdir()) - {superseded}
    planned = call("vacuum", "--older-than", "0d", "--dry-run", "--verbose").stdout
    assert planned.startswith(f"{superseded}, superseded 20")
    assert "\nWOULD REMOVE: versions 1, left by killed writers 0, 0.0 MB" in planned
    assert superseded.exists()
    assert call("vacuum", "--older-than", "0d").stdout == "REMOVED: versions 1, left by killed writers 0, 0.0 MB\n"
    assert set(superseded.parent.iterdir()) == kept


def test_another_models_and_younger_versions_stay(superseded: Path) -> None:
    for arguments in (("--older-than", "1h"), ("--older-than", "0d", "--model", "flights")):
        assert call("vacuum", *arguments).stdout == "REMOVED: versions 0, left by killed writers 0, 0.0 MB\n"
    assert superseded.exists()
