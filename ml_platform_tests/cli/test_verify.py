"""`ml-platform verify` has an exit code for what differs, for what could not be looked at, and for a wrong call."""

from __future__ import annotations

import json
import shutil

import pytest

from ml_platform.cli import verify
from ml_platform.cli.typed import program
from ml_platform.errors import WrongCall
from ml_platform.lineage.verification.difference import Check, Difference
from ml_platform_tests.cli.called import call
from ml_platform_tests.scaffold.project import ForeignProject

DIFFERS = Difference("rows.parquet", "MD5 a", "MD5 b", tuple("abcdefg"), "Run: ml-platform fetch")


def fall_over() -> list[Difference]:
    raise RuntimeError("MLflow is down")


def checked(monkeypatch: pytest.MonkeyPatch, *todo: Check) -> None:
    monkeypatch.setattr(verify, "checks", lambda *_: iter(todo))


@pytest.mark.usefixtures("shop")
def test_all_is_as_recorded_in_a_project_that_was_moved() -> None:
    said = call("verify").stdout
    assert said.startswith("AS RECORDED: checks: ")
    assert said.endswith(", differences: 0, not checked: 0\n")
    assert json.loads(call("verify", "--output", "json").stdout) == {"differences": [], "not_checked": []}


def test_what_is_gone_is_named_with_what_was_made_from_it_and_what_to_run(shop: ForeignProject) -> None:
    shutil.rmtree(shop.data / "objects" / "tables" / "tumours" / "features")
    said = call("verify", "--model", "tumours", "--verbose", code=1).stdout
    for words in ("DIFFERS ", "  found: missing", "model 'tumours' version 1", f"  do: Run: {program()} "):
        assert words in said
    (told,) = json.loads(call("verify", "--output", "json", code=1).stdout)["differences"]
    assert told["found"] == "missing"
    assert f"DIFFERS {told['what']}" in said


@pytest.mark.usefixtures("shop")
def test_an_unknown_model_is_a_wrong_call() -> None:
    with pytest.raises(WrongCall, match="Did you mean 'tumours'"):
        call("verify", "--model", "tumuors")


@pytest.mark.parametrize(("found", "code"), [([], 3), ([DIFFERS], 1)])
def test_a_check_that_falls_over_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, found: list[Difference], code: int
) -> None:
    checked(monkeypatch, Check("registry", fall_over), Check("raw", lambda: found), Check("ledger", list))
    said = call("verify", "--verbose", code=code).stdout
    assert "NOT CHECKED registry\n  error: RuntimeError: MLflow is down" in said
    assert said.endswith(f"checks: 3, differences: {len(found)}, not checked: 1\n")
    told = json.loads(call("verify", "--output", "json", code=code).stdout)
    assert told["not_checked"] == [{"check": "registry", "error": "RuntimeError: MLflow is down"}]
    assert [one["what"] for one in told["differences"]] == [one.what for one in found]


def test_many_dependents_are_counted() -> None:
    assert verify.text(DIFFERS).splitlines() == [
        "DIFFERS rows.parquet",
        "  recorded: MD5 a",
        "  found: MD5 b",
        "  made from it: a, b, c, d, e, and 2 more",
        "  do: Run: ml-platform fetch",
    ]
    alone = Difference("rows.parquet", "MD5 a", "MD5 b", (), "nothing")
    assert "made from it: nothing" in verify.text(alone)


def test_problems_are_told_in_a_line_each_and_many_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    checked(monkeypatch, Check("raw", lambda: [DIFFERS] * 3), Check("registry", fall_over))
    said = call("verify", code=1).stdout.splitlines()
    assert said[:3] == [f"  rows.parquet: MD5 b. Run: {program()} fetch"] * 3
    assert said[3:] == [
        f"  and 1 more; all of it: {program()} verify --verbose",
        "DIFFERS: checks: 2, differences: 3, not checked: 1",
    ]
    checked(monkeypatch, Check("registry", fall_over))
    assert call("verify", code=3).stdout.splitlines() == [
        "  registry was not checked: RuntimeError: MLflow is down",
        "NOT CHECKED: checks: 1, differences: 0, not checked: 1",
    ]
