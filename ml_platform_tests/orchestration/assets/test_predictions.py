"""The UI shows who predicted what, and how to trace a row; the graph never scores a partition with its own model."""

from __future__ import annotations

import shlex

import dagster as dg
from click.testing import CliRunner

from ml_platform.cli.main import cli
from ml_platform.lineage.prediction_ids import PREDICTION_ID
from ml_platform.pipeline.model import Model
from ml_platform_tests.orchestration.shown import metadata
from ml_platform_tests.orchestration.windows import upstream_partitions
from ml_platform_tests.place import Place


def test_the_champion_and_the_rows_that_it_has_not_seen_are_shown(small: Place, tumours: Model) -> None:
    shown = metadata(small, "tumours/predictions")
    parts = small.stores.tables.read(tumours.artifact("training_set", None))["part"]
    assert (shown["model_version"], shown["rows_the_model_has_not_seen"]) == ("1", (parts == "test").sum())
    assert shown["predicted"].splitlines()[2].startswith("| score | 0.0% |")


def test_the_command_that_it_shows_traces_a_row(small: Place, tumours: Model) -> None:
    row = small.stores.tables.read(tumours.artifact("predictions", None))[PREDICTION_ID][0]
    shown = metadata(small, "tumours/predictions")
    assert row in shown["first_rows"]
    program, *arguments = shlex.split(shown["trace_a_row"].replace(f"<{PREDICTION_ID}>", row))
    assert program == "ml-platform"
    with small.environment():
        result = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    assert f"prediction {row}" in result.stdout


def test_a_month_is_scored_by_the_model_of_an_earlier_one(definitions: dg.Definitions) -> None:
    assert upstream_partitions(definitions, "flights/predictions", "flights/champion", "2013-04") == ["2013-03"]
    assert upstream_partitions(definitions, "flights/predictions", "flights/champion", "2013-01") == []
