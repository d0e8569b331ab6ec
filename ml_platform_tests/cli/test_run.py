"""`ml-platform run` tells each step as it ends, and how the run ended."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from ml_platform.errors import NotStored, WrongCall
from ml_platform_tests.cli.called import call
from ml_platform_tests.scaffold.project import ForeignProject


def test_a_job_of_the_project_runs_step_by_step(shop: ForeignProject) -> None:
    said = call("run", "tumours_ingest").stdout
    steps = re.findall(r"^  (\w+) +\d+\.\d s$", said, re.MULTILINE)
    assert steps.index("raw_tumours") < steps.index("features")
    assert re.search(r"^VALID: .*\n(  .*\n)+tumours_ingest succeeded in \d+ s$", said, re.MULTILINE)


def test_a_run_that_fails_says_why_and_where_its_log_is_and_ends_with_1(shop: ForeignProject) -> None:
    file = shop.data / "raw" / "tumours.parquet"
    pd.read_parquet(file).drop(columns="mean_area").to_parquet(file)
    result = call("run", "tumours_ingest", code=1)
    assert "mean_area" in result.stderr
    found = re.search(r"^tumours_ingest FAILED after \d+ s\. Its log: (.*)$", result.stderr, re.MULTILINE)
    assert found is not None
    assert "mean_area" in Path(found[1]).read_text(encoding="utf-8")


def test_raw_files_that_are_missing_are_named_before_there_is_a_run(shop: ForeignProject) -> None:
    (shop.data / "raw" / "tumours.parquet").unlink()
    with pytest.raises(NotStored, match=r"tumours_ingest reads raw files that do not exist: .*tumours.parquet"):
        call("run", "tumours_ingest")
    assert not (shop.data / "logs").exists()


@pytest.mark.usefixtures("shop")
def test_a_job_that_does_not_exist_is_named_with_a_guess() -> None:
    with pytest.raises(WrongCall, match=r"There is no job 'tumours_scroe'.*Did you mean tumours_score\?"):
        call("run", "tumours_scroe")
