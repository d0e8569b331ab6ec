"""A run that is killed once at every commit point: each time all is readable, and in the end all is there."""

from __future__ import annotations

import re

import pytest

from ml_platform_tests.faults.commit_points import KilledAtNext
from ml_platform_tests.faults.project import MODEL, Project
from ml_platform_tests.faults.questions import ask, examined
from ml_platform_tests.faults.recovery import SCORE, TRAIN, Command, Earlier, assert_recovered

pytestmark = pytest.mark.processes

HALF_DONE = re.compile(
    f"{MODEL}.parquet: MD5 .*DVC does not track it"  # the file is new
    "|recorded: nothing.*A killed writer has left it"
    "|reports/.*Nothing depends on it"  # it is newer than its record
    "|version 2 in MLflow: .*a killed run has just registered it"
    "|alias 'champion' .* next run that uses the champion moves the alias back"
)
"""What `verify` may say of a run that was killed."""


@pytest.mark.parametrize(("command", "at_least"), [(TRAIN, 45), (SCORE, 8)])
def test_a_run_killed_at_every_commit_point_ends_in_what_an_undisturbed_one_makes(
    command: Command, at_least: int, earlier: Earlier, clinic: Project
) -> None:
    clinic.deliver()
    n_kills = 0
    while (said := clinic.call(*command, hindrance=KilledAtNext())).exit_code == -9:
        n_kills += 1
        seen = ask(clinic, examined, earlier.results)
        assert seen["lost"] + seen["not_checked"] == []
        assert [one for one in seen["differences"] if not HALF_DONE.search(one)] == []
    assert said.exit_code == 0, said.text
    assert n_kills >= at_least
    assert_recovered(clinic, earlier, earlier.trained if command == TRAIN else earlier.scored)
