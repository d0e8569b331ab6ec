"""Each form of `asset check`'s output names asset, check, partition and check_result, whatever characters they hold."""

import json
from xml.etree import ElementTree as ET

import pytest

from ml_platform.cli.check_output import OUTPUTS
from ml_platform.orchestration.execution.run_checks import CheckResult

RESULTS = [
    CheckResult(
        "flights/raw_flights", "column_distance", "2013-01", "failed", "1 of 27,004 rows <0>\nrow 5: -1 & 100%"
    ),
    CheckResult("flights/drift", "psi_temp", "2013-01", "warned", "temp: PSI 0.12"),
    CheckResult("flights/raw_planes", "row_count", None, "passed", "3,322 rows"),
]


@pytest.mark.parametrize("output", OUTPUTS)
def test_every_output_names_the_failed_check_and_says_what_was_found(output: str) -> None:
    said = OUTPUTS[output](RESULTS)
    for word in ("flights/raw_flights", "column_distance", "2013-01", "27,004 rows"):
        assert word in said
    assert OUTPUTS[output]([])


def test_json_is_the_results() -> None:
    assert [CheckResult(**entry) for entry in json.loads(OUTPUTS["json"](RESULTS))] == RESULTS


def test_junit_counts_errors_and_not_warnings_as_failures() -> None:
    root = ET.fromstring(OUTPUTS["junit"](RESULTS))
    assert (root.get("tests"), root.get("failures")) == ("3", "1")
    failures = [case.get("name") for case in root.iter("testcase") if case.find("failure") is not None]
    assert failures == ["column_distance [2013-01]"]
    assert root.find(".//failure").text == RESULTS[0].message  # type: ignore[union-attr]


def test_github_annotations_stay_on_one_line_each() -> None:
    lines = OUTPUTS["github"](RESULTS).splitlines()
    assert lines[0] == (
        "::error title=flights/raw_flights column_distance [2013-01]::1 of 27,004 rows <0>%0Arow 5: -1 & 100%25"
    )
    assert lines[1].startswith("::warning title=flights/drift psi_temp")
    assert lines[2] == "3 checks: 1 passed, 1 warned, 1 failed"


def test_text_ends_with_what_failed_and_the_count() -> None:
    assert OUTPUTS["text"](RESULTS).splitlines()[-1] == "3 checks: 1 passed, 1 warned, 1 failed"
