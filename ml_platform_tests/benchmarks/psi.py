"""Drift of 1 M rows in 50 columns: the platform's PSI against Evidently's PSI preset.

40 columns of floats and 10 of strings, a reference and a current sample in one Parquet file each. Both begin at the
two files and end with an index per column: the platform freezes its bins from the reference and counts the current
file; Evidently reads both with pandas and runs DataDriftPreset(method="psi"), without drawing anything. Each runs in a
process of its own, so that its peak memory is its own; seconds are without imports. With a frozen reference is what a
partition costs when the bins exist already, which is the daily case.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from ml_platform_tests.benchmarks.machine import peak_memory_mb

N_FLOATS = 40
N_STRINGS = 10
SHIFTED = 5
"""Columns of floats that are moved in the current sample: both have to find these and no others."""

SEED = 2013
MEANINGS = {
    "platform_frozen_reference_seconds": "the platform's seconds when the bins exist already: what a partition costs",
    "times_faster": "Evidently's seconds over the platform's, freezing the reference included",
    "times_less_memory": "Evidently's peak memory over the platform's",
}


def measure(*, quick: bool = False) -> dict[str, float | int | str]:
    """Return seconds and peak memory of both, and how many times more Evidently takes."""
    return measure_rows(20_000 if quick else 1_000_000)


def measure_rows(n_rows: int) -> dict[str, float | int | str]:
    """Measure both at a number of rows."""
    with tempfile.TemporaryDirectory() as folder:
        in_a_process("samples", folder, str(n_rows))
        platform, evidently = (in_a_process(who, folder) for who in ("platform", "evidently"))
    return {
        "n_rows": n_rows,
        "n_columns": N_FLOATS + N_STRINGS,
        "platform_seconds": round(platform["seconds"], 2),
        "platform_frozen_reference_seconds": round(platform["frozen_seconds"], 2),
        "platform_peak_memory_mb": int(platform["peak_memory_mb"]),
        "platform_drifted_columns": int(platform["n_drifted"]),
        "evidently_seconds": round(evidently["seconds"], 2),
        "evidently_peak_memory_mb": int(evidently["peak_memory_mb"]),
        "evidently_drifted_columns": int(evidently["n_drifted"]),
        "times_faster": round(evidently["seconds"] / platform["seconds"], 1),
        "times_faster_with_frozen_reference": round(evidently["seconds"] / platform["frozen_seconds"], 1),
        "times_less_memory": round(evidently["peak_memory_mb"] / platform["peak_memory_mb"], 1),
    }


def write_samples(folder: Path, n_rows: int) -> dict[str, float]:
    """Write the reference and the current sample."""
    for side, shift in (("reference", 0.0), ("current", 1.0)):
        write_sample(folder / f"{side}.parquet", n_rows, shift, seed=[SEED, int(shift)])
    return {"n_rows": n_rows}


def write_sample(file: Path, n_rows: int, shift: float, *, seed: list[int]) -> None:
    """Write normal floats, the first of them shifted, and strings of 12 unequally frequent values; 2% are missing."""
    import numpy as np
    import polars as pl

    rng = np.random.default_rng(seed)
    words = np.array([f"value {letter}" for letter in "abcdefghijkl"])
    weights = np.linspace(2, 1, len(words)) / np.linspace(2, 1, len(words)).sum()
    columns = {}
    for i in range(N_FLOATS):
        values = rng.normal(loc=shift * (i < SHIFTED), size=n_rows)
        columns[f"float_{i:02}"] = pl.Series(np.where(rng.random(n_rows) < 0.02, np.nan, values), nan_to_null=True)
    for i in range(N_STRINGS):
        texts = pl.Series(words[rng.choice(len(words), size=n_rows, p=weights)])
        columns[f"string_{i:02}"] = texts.set(pl.Series(rng.random(n_rows) < 0.02), None)
    pl.DataFrame(columns).write_parquet(file)


def kinds() -> dict[str, str]:
    """Return each column's kind."""
    floats = {f"float_{i:02}": "number" for i in range(N_FLOATS)}
    return {**floats, **{f"string_{i:02}": "category" for i in range(N_STRINGS)}}


def run_platform(folder: Path) -> dict[str, float]:
    """Freeze the reference, count the current file, compare; the last two are the time with a frozen reference."""
    import time

    import polars as pl
    import scipy.stats  # noqa: F401  an import, which is not measured

    from ml_platform.drift.binning import build_profile
    from ml_platform.drift.compare import compare
    from ml_platform.drift.count import count_bins
    from ml_platform.drift.settings import DriftSettings

    settings = DriftSettings()
    started = time.perf_counter()
    profile = build_profile(pl.scan_parquet(folder / "reference.parquet"), kinds(), bins=settings.bins)
    frozen = time.perf_counter()
    report = compare(profile, count_bins(pl.scan_parquet(folder / "current.parquet"), profile), settings)
    ended = time.perf_counter()
    n_drifted = sum(column.level in ("warning", "critical") for column in report.columns)
    return {"seconds": ended - started, "frozen_seconds": ended - frozen, "n_drifted": n_drifted}


def run_evidently(folder: Path) -> dict[str, float]:
    """Read both files with pandas and run the preset."""
    import time

    import pandas as pd
    from evidently import DataDefinition, Dataset, Report
    from evidently.presets import DataDriftPreset

    started = time.perf_counter()
    numbers, categories = (
        [name for name, kind in kinds().items() if kind == which] for which in ("number", "category")
    )
    definition = DataDefinition(numerical_columns=numbers, categorical_columns=categories)
    reference, current = (
        Dataset.from_pandas(pd.read_parquet(folder / f"{side}.parquet"), data_definition=definition)
        for side in ("reference", "current")
    )
    found = Report([DataDriftPreset(method="psi")]).run(current, reference).dict()
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "n_drifted": found["metrics"][0]["value"]["count"]}


def in_a_process(*arguments: str) -> dict[str, float]:
    """Call `main` in a fresh Python, and return what it prints."""
    command = [sys.executable, "-W", "ignore", "-m", "ml_platform_tests.benchmarks.psi", *arguments]
    reply = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    if reply.returncode != 0:
        raise RuntimeError(f"{arguments[0]} failed:\n{reply.stderr[-3000:]}")
    found: dict[str, float] = json.loads(reply.stdout.splitlines()[-1])
    return found


@click.group(invoke_without_command=True)
@click.option("--rows", default=1_000_000, show_default=True, help="Rows of each sample.")
@click.pass_context
def main(context: click.Context, rows: int) -> None:
    """Measure both; the commands are the processes that this takes."""
    if context.invoked_subcommand is None:
        click.echo(json.dumps(measure_rows(rows), indent=2))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("n_rows", type=int)
def samples(folder: Path, n_rows: int) -> None:
    """Write both samples."""
    click.echo(json.dumps(write_samples(folder, n_rows)))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
def platform(folder: Path) -> None:
    """Be the platform."""
    click.echo(json.dumps({**run_platform(folder), "peak_memory_mb": peak_memory_mb()}))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
def evidently(folder: Path) -> None:
    """Be Evidently."""
    click.echo(json.dumps({**run_evidently(folder), "peak_memory_mb": peak_memory_mb()}))


if __name__ == "__main__":
    main()
