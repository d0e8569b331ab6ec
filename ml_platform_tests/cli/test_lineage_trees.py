"""A tree leaves out nothing of the JSON but the rest of hashes and the names of passed checks."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from ml_platform.cli import lineage_trees
from ml_platform.cli.main import cli
from ml_platform.stores.installation import DATA
from ml_platform_tests.history import History


def told(history: History, *arguments: str) -> str:
    result = CliRunner().invoke(
        cli, ["lineage", *arguments], env={DATA: str(history.place.folder)}, catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_tree_of_a_prediction_has_what_the_json_has(history: History) -> None:
    """Hashes are cut, and passed checks are counted; nothing else is left out."""
    text = " ".join(told(history, "prediction", history.id, "--output", "tree").split())
    found = json.loads(told(history, "prediction", history.id, "--output", "json"))
    words = [found["code"][:12], found["dagster_run"], found["trained"]["mlflow_run"]]
    words += [f"{name} {value}" for name, value in found["features"]["values"].items() if value is not None]
    words += [source["md5"] for source in (*found["sources"], *found["trained"]["sources"])]
    words += ["beats_baseline passed", "promoted at", "superseded: the row's prediction is now flights-"]
    assert [word for word in words if word not in re.sub(r"[│├└─]+ ", "", text)] == []


@pytest.mark.parametrize(
    ("commit", "said"),
    [
        ("0123456789abcdef", "(code 0123456789ab)"),
        ("0123456789abcdef-dirty", "(code 0123456789ab with changes)"),
        ("", "(code unknown)"),
    ],
)
def test_code_is_named_short_with_its_changes(commit: str, said: str) -> None:
    assert lineage_trees._code(commit) == said


def test_a_corrected_partition_shows_what_is_in_use_and_what_was_superseded(history: History) -> None:
    text, found = (
        told(history, "data", "flights", "2013-01", *more) for more in (("--output", "tree"), ("--output", "json"))
    )
    document = json.loads(found)
    for counted in ("tables", "models", "predictions"):
        assert f": {len(document[counted])}\n" in text
    for table in document["tables"]:
        state = "in use" if table["current"] else "superseded"
        assert f"{table['artifact']} {table['version'][:12]}: {table['n_rows']:,} rows, {state}" in text
    assert {table["current"] for table in document["tables"]} == {True, False}
    assert "by a model trained on it" in text
    for source in document["files"]:
        assert f"MD5 {source['md5']}" in text
