import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ml_platform_tests.benchmarks import __main__ as command
from ml_platform_tests.benchmarks import load_time, loop
from ml_platform_tests.benchmarks.report import render

MACHINE = {"cores": 2, "memory_gib": 23.5, "python": "3.11.7", "platform": "Linux x86_64"}


def document(figures: dict[str, Any], *, quick: bool = False) -> dict[str, Any]:
    entry = {"title": "PSI", "about": "", "measured_at": "2026-11-21", "took_seconds": 1.5, "quick": quick}
    return {"machine": MACHINE, "versions": {"polars": "2.1"}, "benchmarks": {"psi": {**entry, "figures": figures}}}


@pytest.mark.parametrize(
    ("figures", "lines"),
    [
        ({"seconds": 0.25, "n_rows": 1_000_000}, ["| seconds | 0.25 |", "| n rows | 1,000,000 |"]),
        ({"seconds": 0.25, "times_faster": 12.5}, ["| times faster | 12.5 |"]),
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


def test_ratios_come_before_what_they_are_made_of() -> None:
    rendered = render(document({"seconds": 0.25, "platform_to_script": 1.5, "n_rows": 10}))
    assert rendered.index("platform to script") < rendered.index("| seconds")


def test_the_meaning_of_a_figure_stands_below_its_table() -> None:
    stored = document({"seconds": 0.25})
    stored["benchmarks"]["psi"]["meanings"] = {"seconds": "without imports"}
    assert "- seconds: without imports" in render(stored).splitlines()


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with figures of another benchmark, measured on this machine."""
    monkeypatch.setattr(command, "machine", lambda: MACHINE)
    monkeypatch.setattr(command, "versions", lambda: {"polars": "2.1"})
    (tmp_path / "benchmarks.json").write_text(json.dumps(document({"seconds": 1})))
    return tmp_path


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(command.main, [str(word) for word in words], catch_exceptions=False)


def seconds(folder: Path) -> dict[str, float]:
    entries = json.loads((folder / "benchmarks.json").read_text())["benchmarks"]
    return {name: entry["figures"]["seconds"] for name, entry in entries.items()}


def test_one_benchmark_is_measured_anew_and_the_others_keep_their_figures(
    stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load_time, "measure", lambda quick: {"seconds": 2.5})
    assert run("load_time", "--folder", stored).exit_code == 0
    assert seconds(stored) == {"load_time": 2.5, "psi": 1}
    assert "2.5" in (stored / "benchmarks.md").read_text()


def test_figures_of_another_machine_are_not_mixed_with_new_ones(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "machine", lambda: {**MACHINE, "cores": 64})
    reply = run("load_time", "--folder", stored)
    assert reply.exit_code == 1
    assert "has figures of other machine;" in reply.output
    assert seconds(stored) == {"psi": 1}


def test_a_benchmark_that_fails_is_an_error_after_the_others_have_run(
    stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*, quick: bool) -> dict[str, float]:
        raise RuntimeError("The project does not load")

    monkeypatch.setattr(load_time, "measure", fail)
    monkeypatch.setattr(loop, "measure", lambda quick: {"seconds": 3.5})
    reply = run("load_time", "loop", "--folder", stored)
    assert reply.exit_code == 1
    assert "failed: load_time" in reply.output
    assert seconds(stored) == {"loop": 3.5, "psi": 1}


def test_copies_of_a_model_load_beside_each_other_without_heavy_imports() -> None:
    for one, two in load_time.measure(quick=True).values():
        assert two["n_assets"] == 2 * one["n_assets"] > 0
        assert two["heavy_imports"] == "none"
