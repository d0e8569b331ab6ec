"""`ml-platform run` tells each step as it ends, and how the run ended."""

from __future__ import annotations

import re

import pytest

from ml_platform.errors import SpecError
from ml_platform_tests.cli.called import call
from ml_platform_tests.scaffold.project import ForeignProject


def test_a_job_of_the_project_runs_step_by_step(shop: ForeignProject) -> None:
    said = call("run", "tumours_ingest").stdout
    steps = re.findall(r"^  done: (.*)$", said, re.MULTILINE)
    assert steps.index("tumours__raw_tumours") < steps.index("tumours__features")
    assert re.search(r"^tumours_ingest : succeeded \(run [0-9a-f-]{36}\)$", said, re.MULTILINE)


def test_a_run_that_fails_says_why_and_ends_with_1(shop: ForeignProject) -> None:
    (shop.data / "raw" / "tumours.parquet").unlink()
    result = call("run", "tumours_ingest", code=1)
    assert "tumours_ingest : FAILED" in result.stdout
    assert "tumours.parquet does not exist" in result.stderr


@pytest.mark.usefixtures("shop")
def test_a_job_that_does_not_exist_is_named_with_a_guess() -> None:
    with pytest.raises(SpecError, match=r"There is no job 'tumours_scroe'.*Did you mean 'tumours_score'"):
        call("run", "tumours_scroe")
