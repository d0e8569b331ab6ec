"""What `new` prints shows first what may leak, then each column, then what would fail later and what helps."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from rich.console import Console

from ml_platform.cli.new_summary import Written, next_commands, print_findings, print_summary
from ml_platform.scaffold.dry_run import Finding
from ml_platform_tests.scaffold.shop import infer, shop
from ml_platform_tests.scaffold.simulated import ship


def console() -> Console:
    return Console(record=True, width=160, file=StringIO())


def test_what_may_leak_is_shown_before_the_columns_with_the_way_back(tmp_path: Path) -> None:
    model, shown = infer(tmp_path, ship(), "survived"), console()
    print_summary(model, Written("ship", tmp_path, [tmp_path / "ship.parquet"]), [], 0.6, shown)
    said = shown.export_text()
    assert said.index("look at these first") < said.index("--keep boat") < said.index("column ")
    assert "training takes about a minute, by a trial fit; nothing failed" in said


def test_a_problem_is_shown_with_its_proposal() -> None:
    shown = console()
    print_findings([Finding("no test row has the value 'a'", "a longer window helps: --window 6")], 4.2, shown)
    said = shown.export_text()
    assert "dry run no test row has the value 'a'\n  a longer window helps: --window 6" in said
    assert "takes about 4 minutes" in said


def test_the_next_commands_name_partitions_where_there_are_some(tmp_path: Path) -> None:
    assert "ml-platform train shop" in next_commands(infer(tmp_path, shop(), "churned"), "shop")
    commands = next_commands(infer(tmp_path, shop(), "churned", time="signup_at"), "shop")
    assert any(command.startswith("ml-platform train shop --partition 20") for command in commands)
