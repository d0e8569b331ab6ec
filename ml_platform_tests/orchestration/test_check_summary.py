"""One check per asset says how many hold and which fail, from the outcomes of one evaluation."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg
import pytest

from ml_platform.orchestration.asset import build_asset
from ml_platform.orchestration.asset_kind import Asset, AssetKind, Made
from ml_platform.orchestration.check import CheckKind
from ml_platform.orchestration.check_rules import Outcome, Rule
from ml_platform.orchestration.check_summary import summarize
from ml_platform.pipeline.model import Model
from ml_platform.stores.artifact import Manifest

ERROR, WARN = dg.AssetCheckSeverity.ERROR, dg.AssetCheckSeverity.WARN


def outcome(check: str, *, passed: bool = True, severity: dg.AssetCheckSeverity = ERROR) -> Outcome:
    return Outcome(check, passed, f"what {check} says", severity)


def test_all_that_hold_are_counted() -> None:
    found = summarize([outcome("a"), outcome("b", severity=WARN)])
    assert (found.passed, found.message) == (True, "2 of 2 hold")
    assert found.metadata == {"held": 2, "failed": 0, "warnings": 0}


def test_what_fails_is_named_errors_before_warnings_each_with_its_message() -> None:
    found = summarize([outcome("w", passed=False, severity=WARN), outcome("e", passed=False), outcome("a")])
    assert (found.passed, found.severity) == (False, ERROR)
    assert found.message == "1 of 3 hold; failed: e; warnings: w"
    assert found.metadata["failures"].value.splitlines()[2:] == [
        "| e | error | what e says |",
        "| w | warning | what w says |",
    ]


def test_warnings_alone_are_a_warning() -> None:
    found = summarize([outcome("w", passed=False, severity=WARN), outcome("a")])
    assert (found.severity, found.message) == (WARN, "1 of 2 hold; warnings: w")


def test_of_many_failures_the_first_are_named() -> None:
    found = summarize([outcome(f"c{number}", passed=False) for number in range(8)])
    assert found.message == "0 of 8 hold; failed: c0, c1, c2, c3, c4, and 3 more. what c0 says"


@pytest.fixture
def evaluated(tumours: Model) -> tuple[dg.AssetsDefinition, list[str]]:
    """An asset with two kinds of check, and which kinds were evaluated."""
    calls: list[str] = []

    def body(*_: object) -> Iterator[Made]:
        yield Made("rows", "v1", Manifest(artifact="tumours/rows/whole", version="v1"))

    def kind(name: str, *checks: Outcome) -> CheckKind:
        def outcomes(*_: object) -> Iterator[Outcome]:
            calls.append(name)
            yield from checks

        return CheckKind("rows", tuple(Rule(one.check, "A rule.") for one in checks), outcomes, blocking=False)

    kinds = [kind("first", outcome("a"), outcome("b", passed=False)), kind("second", outcome("c"))]
    rows = AssetKind("features", (Asset("rows", "The rows.", frozenset()),), body)
    return build_asset(tumours, rows, kinds), calls


def test_it_is_made_of_one_evaluation_of_every_kind(evaluated: tuple[dg.AssetsDefinition, list[str]]) -> None:
    asset, calls = evaluated
    result = dg.materialize([asset], resources={"stores": None})
    said = {one.check_name: one.description for one in result.get_asset_check_evaluations()}
    assert said["all_checks"] == "2 of 3 hold; failed: b"
    assert set(said) == {"a", "b", "c", "all_checks"}
    assert calls == ["first", "second"]


def test_one_check_alone_needs_no_summary(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    summed = {key.asset_key.path[1] for key in graph.asset_check_keys if key.name == "all_checks"}
    assert {"raw_flights", "features", "predictions", "drift", "decision"} <= summed
    assert not {"valid_flights", "training_set", "labels"} & summed
