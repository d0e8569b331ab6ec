"""`ml-platform refresh` says what is older than what it is made from, and recomputes that."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
from click.testing import CliRunner

from ml_platform.cli.refresh import refresh
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.stale import stored_and_stale
from ml_platform.spec import load_spec
from ml_platform.stores.installation import DATA
from ml_platform_tests.place import Place
from ml_platform_tests.quick import FLIGHTS

NOW = datetime(2014, 2, 1, tzinfo=UTC)


def test_the_command_says_what_is_older_and_recomputes_it(place: Place, tmp_path: Path) -> None:
    model = Model.load(load_spec(FLIGHTS), FLIGHTS)
    environment = {DATA: str(place.folder), "DAGSTER_HOME": str(tmp_path / "dagster")}
    with place.environment():
        assert (
            "UP TO DATE: everything that is stored of flights"
            in CliRunner().invoke(refresh, ["flights"], env=environment).output
        )
        january = place.raw("flights/2013-01.parquet")
        pd.read_parquet(january).iloc[1:].to_parquet(january)
        planned = CliRunner().invoke(refresh, ["flights", "--dry-run"], env=environment)
        assert "2013-01: 2013-01.parquet of flights has changed" in planned.output
        assert "STALE: 1 partition of flights. Run: " in planned.output
        assert stored_and_stale(model, place.stores, NOW)
        place.deliver("2013-04")
        place.raw("flights/2014-02.parquet").write_bytes(january.read_bytes())
        planned = CliRunner().invoke(refresh, ["flights", "--dry-run"], env=environment)
        assert "2013-04.parquet of flights is new. Run: " in planned.output
        assert "ml-platform run flights_score --partition 2013-04" in planned.output
        assert "2014-02.parquet is not used: 2014-02 lies after the last partition, 2013-12" in planned.output
        done = CliRunner().invoke(refresh, ["flights"], env=environment)
        assert re.search(r"^  features 2013-01 +\d", done.output, re.MULTILINE)
        assert re.search(r"^REFRESHED: 1 partition of flights in \d+ s$", done.output, re.MULTILINE)
        assert (done.exit_code, stored_and_stale(model, place.stores, NOW)) == (0, [])
