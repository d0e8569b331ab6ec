import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ml_platform_tests.benchmarks import __main__ as command
from ml_platform_tests.benchmarks import load_time
from ml_platform_tests.benchmarks.report import render

MACHINE = {"cores": 2, "memory_gib": 23.5, "python": "3.11.7", "platform": "Linux x86_64"}


def document(figures: dict[str, Any], *, quick: bool = False) -> dict[str, Any]:
    entry = {"title": "PSI", "about": "", "measured_at": "2026-11-21", "took_seconds": 1.5, "quick": quick}
    return {"machine": MACHINE, "versions": {"polars": "2.1"}, "benchmarks": {"psi": {**entry, "figures": figures}}}


@pytest.mark.parametrize(
    ("figures", "lines"),
    [
        ({"seconds": 0.25, "n_rows": 1_000_000}, ["| seconds | 0.25 |", "| n rows | 1,000,000 |"]),
        ({"loads": [{"n": 1, "seconds": 2.0}, {"n": 10, "mb": 80}]}, ["| n | seconds | mb |", "| 10 |  | 80 |"]),
        ({"ours": {"seconds": 0.3}, "theirs": {"seconds": 84.6}}, ["### ours", "| seconds | 84.6 |"]),
    ],
)
def test_figures_of_any_shape_become_tables(figures: dict[str, Any], lines: list[str]) -> None:
    rendered = render(document(figures)).splitlines()
    for line in ["## PSI", *lines]:
        assert line in rendered


def test_a_quick_run_is_marked_as_worthless() -> None:
    assert "Quick run" in render(document({"seconds": 1}, quick=True))
    assert "Quick run" not in render(document({"seconds": 1}))


def test_one_benchmark_is_measured_anew_and_the_others_keep_their_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "benchmarks.json").write_text(json.dumps(document({"seconds": 1})))
    monkeypatch.setattr(load_time, "measure", lambda quick: {"seconds": 2.5})
    reply = CliRunner().invoke(command.main, ["load_time", "--folder", str(tmp_path)], catch_exceptions=False)
    assert reply.exit_code == 0
    stored = json.loads((tmp_path / "benchmarks.json").read_text())["benchmarks"]
    assert {name: entry["figures"]["seconds"] for name, entry in stored.items()} == {"load_time": 2.5, "psi": 1}
    assert "2.5" in (tmp_path / "benchmarks.md").read_text()


def test_copies_of_a_model_load_beside_each_other_without_heavy_imports() -> None:
    one, two = load_time.measure(quick=True)["loads"]
    assert two["n_assets"] == 2 * one["n_assets"] > 0
    assert two["heavy_imports"] == "none"
