"""The forms in which ``asset check`` tells what it found."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from xml.etree import ElementTree as ET

from ml_platform.orchestration.execution.run_checks import CheckResult

SIGNS = {"passed": "ok  ", "warned": "WARN", "failed": "FAIL"}
"""By status, in the order in which they are printed."""


def text(results: Sequence[CheckResult]) -> str:
    """Return a line per check, what failed last so that it is on the screen, and a count."""
    ordered = sorted(results, key=lambda result: list(SIGNS).index(result.status))
    lines = [f"{SIGNS[result.status]} {_name(result)}: {result.message}" for result in ordered]
    return "\n".join([*lines, _count(results)])


def as_json(results: Sequence[CheckResult]) -> str:
    """Return a list of objects with asset, check, partition, status and message."""
    return json.dumps([asdict(result) for result in results], indent=2, ensure_ascii=False)


def junit(results: Sequence[CheckResult]) -> str:
    """Return JUnit XML: a suite per asset, a case per check; a warning is output, not a failure."""
    suites = ET.Element("testsuites", name="asset checks", tests=str(len(results)), failures=_failures(results))
    for asset in sorted({result.asset for result in results}):
        cases = [result for result in results if result.asset == asset]
        suite = ET.SubElement(suites, "testsuite", name=asset, tests=str(len(cases)), failures=_failures(cases))
        for result in cases:
            case = ET.SubElement(suite, "testcase", classname=asset, name=_check(result))
            tag = "failure" if result.status == "failed" else "system-out"
            attributes = {"message": result.message} if result.status == "failed" else {}
            ET.SubElement(case, tag, attributes).text = result.message
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True)


def github(results: Sequence[CheckResult]) -> str:
    """Return workflow commands: an error or warning per check result, which GitHub shows on the run."""
    levels = {"failed": "error", "warned": "warning"}
    lines = [
        f"::{levels[r.status]} title={_escape(_name(r), property=True)}::{_escape(r.message)}"
        for r in results
        if r.status in levels
    ]
    return "\n".join([*lines, _count(results)])


def _name(result: CheckResult) -> str:
    return f"{result.asset} {_check(result)}"


def _check(result: CheckResult) -> str:
    return f"{result.check} [{result.partition}]" if result.partition else result.check


def _count(results: Sequence[CheckResult]) -> str:
    counts = Counter(result.status for result in results)
    return f"{len(results)} checks: {counts['passed']} passed, {counts['warned']} warned, {counts['failed']} failed"


def _failures(results: Sequence[CheckResult]) -> str:
    return str(sum(result.status == "failed" for result in results))


def _escape(text: str, *, property: bool = False) -> str:
    for char, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A")):
        text = text.replace(char, code)
    return text.replace(":", "%3A").replace(",", "%2C") if property else text


Output = Callable[[Sequence[CheckResult]], str]
OUTPUTS: dict[str, Output] = {"text": text, "json": as_json, "junit": junit, "github": github}
