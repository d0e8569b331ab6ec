"""Validation of 1 M rows in 50 columns by 100 rules: counted in one pass, against Great Expectations on pandas.

40 columns of floats and 10 of strings in one Parquet file, 2% missing, faults planted; two rules on each column. Both
begin at the file and end with every result and every failing row's position, which have to be the same: the platform
scans the file (or is given the frame that pandas has read), Great Expectations runs the same suite on the frame. Each
runs in a process of its own, so that its peak memory is its own; seconds are without imports. Medians of the runs.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import click
import numpy as np
import pandas as pd
import polars as pl

from ml_platform.contract.result import Expectation
from ml_platform.contract.rules import OneOf, Pattern, Range, Required, row_expectation
from ml_platform_tests.benchmarks.machine import peak_memory_mb

N_FLOATS = 40
N_STRINGS = 10
WORDS = tuple(f"value {letter}" for letter in "abcdefghijkl")
SEED = 2013
SIDES = ("scanned", "frame", "naive")
MEANINGS = {
    "times_faster": "the naive suite's seconds over those of the platform on the scanned file; the aim is at least 3",
    "times_less_memory": "the same of peak memory; the aim is at least 2",
    "times_faster_given_a_frame": "the same when the platform is given a frame, as for features and predictions",
}


def measure(*, quick: bool) -> dict[str, float | int]:
    """Return seconds and peak memory of each, and their ratios.

    Raises
    ------
    RuntimeError
        When the results or the failing rows differ.
    """
    n_rows, repeats = (20_000, 1) if quick else (1_000_000, 3)
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "table.parquet")
        in_a_process("table", file, str(n_rows))
        runs = {side: [in_a_process(side, file) for _ in range(repeats)] for side in SIDES}
    if len({run["results"] for side in SIDES for run in runs[side]}) != 1:
        raise RuntimeError("the results or the failing rows differ between the ways to validate")
    seconds = {side: median(run["seconds"] for run in runs[side]) for side in SIDES}
    memory = {side: median(run["peak_memory_mb"] for run in runs[side]) for side in SIDES}
    return {
        "n_rows": n_rows,
        "n_columns": N_FLOATS + N_STRINGS,
        "n_rules": len(expectations()),
        "n_rules_broken": runs["naive"][0]["n_broken"],
        **{f"{side}_seconds": round(seconds[side], 2) for side in SIDES},
        **{f"{side}_peak_memory_mb": int(memory[side]) for side in SIDES},
        "times_faster": round(seconds["naive"] / seconds["scanned"], 1),
        "times_less_memory": round(memory["naive"] / memory["scanned"], 1),
        "times_faster_given_a_frame": round(seconds["naive"] / seconds["frame"], 1),
        "times_less_memory_given_a_frame": round(memory["naive"] / memory["frame"], 1),
        "repeats": repeats,
    }


def expectations() -> list[Expectation]:
    """Return two for each column; about a third of them are broken."""
    found: list[Expectation] = []
    for i in range(N_FLOATS):
        first = Required() if i == 0 else Range(-4.5 if i % 4 == 0 else -9, None)
        found += [row_expectation(f"float_{i:02}", rule) for rule in (first, Range(None, 4.5 if i % 3 == 0 else 9))]
    for i in range(N_STRINGS):
        known = OneOf(WORDS if i % 2 else WORDS[:-1])
        found += [row_expectation(f"string_{i:02}", rule) for rule in (known, Pattern("^value [a-l]$"))]
    return found


def write_table(file: Path, n_rows: int) -> None:
    """Write normal floats and strings of 12 unequally frequent values, the last of them rare; 2% are missing."""
    rng = np.random.default_rng(SEED)
    weights = np.append(np.full(len(WORDS) - 1, (1 - 1e-5) / (len(WORDS) - 1)), 1e-5)
    columns = {}
    for i in range(N_FLOATS):
        values = rng.normal(size=n_rows)
        columns[f"float_{i:02}"] = pl.Series(np.where(rng.random(n_rows) < 0.02, np.nan, values), nan_to_null=True)
    for i in range(N_STRINGS):
        texts = pl.Series(np.array(WORDS)[rng.choice(len(WORDS), size=n_rows, p=weights)])
        columns[f"string_{i:02}"] = texts.set(pl.Series(rng.random(n_rows) < 0.02), None)
    pl.DataFrame(columns).write_parquet(file)


def validated(side: str, file: Path) -> dict[str, Any]:
    """Validate in one of the ways; ``results`` is a digest of all outcomes and failing rows."""
    from ml_platform.contract.validation.engine import run, run_on_pandas

    started = time.perf_counter()
    if side == "scanned":
        results = run(pl.scan_parquet(file), expectations())
    elif side == "frame":
        results = run(pl.from_pandas(pd.read_parquet(file), nan_to_null=True).lazy(), expectations())
    else:
        results = run_on_pandas(pd.read_parquet(file), expectations())
    seconds = time.perf_counter() - started
    memory = peak_memory_mb()
    digest = hashlib.sha256(repr([(one.passed, one.rows, one.error) for one in results]).encode()).hexdigest()
    n_broken = sum(not one.passed for one in results)
    return {"seconds": seconds, "peak_memory_mb": memory, "results": digest, "n_broken": n_broken}


def in_a_process(*arguments: str) -> dict[str, Any]:
    """Call `main` in a fresh Python, and return what it prints."""
    command = [sys.executable, "-W", "ignore", "-m", "ml_platform_tests.benchmarks.validation", *arguments]
    reply = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    if reply.returncode != 0:
        raise RuntimeError(f"{arguments[0]} failed:\n{reply.stderr[-3000:]}")
    found: dict[str, Any] = json.loads(reply.stdout.splitlines()[-1])
    return found


@click.command()
@click.argument("what", type=click.Choice(["table", *SIDES]))
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("n_rows", type=int, default=0)
def main(what: str, file: Path, n_rows: int) -> None:
    """Write the table, or validate it in one of the ways."""
    if what == "table":
        write_table(file, n_rows)
        click.echo("{}")
    else:
        click.echo(json.dumps(validated(what, file)))


if __name__ == "__main__":
    main()
