"""Loading the code location with 1, 10 and 100 models.

Each model is a copy of the folder of `flights` under another name. Every load happens in a fresh process, from starting
Python to the bytes that describe every asset, check and job to Dagster's webserver; the median of the loads is given.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "ml_platform"
MODEL = "flights"
PROJECT = """\
[tool.dg]
directory_type = "project"

[tool.dg.project]
root_module = "many_models"
registry_modules = ["ml_platform.orchestration"]
"""
LOAD = """\
import json, sys
from dagster._core.remote_representation.external_data import RepositorySnap
from dagster._serdes import serialize_value
from many_models.definitions import defs
from ml_platform_tests.benchmarks.machine import peak_memory_mb

repository = defs().get_repository_def()
sent = serialize_value(RepositorySnap.from_def(repository, defer_snapshots=True))
heavy = [name for name in ("great_expectations", "evidently", "shap", "mlflow", "sklearn") if name in sys.modules]
print(json.dumps({
    "n_assets": len(repository.asset_graph.get_all_asset_keys()),
    "n_checks": len(repository.asset_graph.asset_check_keys),
    "n_jobs": len(repository.get_all_jobs()),
    "sent_kb": len(sent) // 1000,
    "peak_memory_mb": peak_memory_mb(),
    "heavy_imports": ", ".join(heavy) or "none",
}))
"""
MEANINGS = {
    "times_the_smallest": "seconds, divided by those of the smallest number of models",
    "sent_kb": "size of what the webserver gets; it asks for a job's steps when somebody looks at the job",
    "heavy_imports": "which of Great Expectations, Evidently, SHAP, MLflow and scikit-learn were imported",
}


def measure(*, quick: bool = False) -> dict[str, Any]:
    """Return seconds, numbers of things and peak memory for each number of models."""
    sizes, repeats = ((1, 2), 1) if quick else ((1, 10, 100), 3)
    loads = [(n_models, measure_size(n_models, repeats)) for n_models in sizes]
    smallest = loads[0][1]["seconds"]
    return {
        "loads": [
            {"n_models": n_models, "times_the_smallest": round(load["seconds"] / smallest, 2), **load}
            for n_models, load in loads
        ]
    }


def measure_size(n_models: int, repeats: int) -> dict[str, Any]:
    """Load a project of so many models, several times."""
    with tempfile.TemporaryDirectory() as folder:
        write_project(Path(folder), n_models)
        loads = [load(Path(folder)) for _ in range(repeats)]
    median = statistics.median(load["seconds"] for load in loads)
    return {**loads[0], "seconds": round(median, 2)}


def write_project(folder: Path, n_models: int) -> None:
    """Write a project with the platform's own definitions.py over copies of one model."""
    package = folder / "many_models"
    package.mkdir()
    (folder / "pyproject.toml").write_text(PROJECT)
    (package / "__init__.py").touch()
    shutil.copy(PACKAGE / "definitions.py", package)
    for number in range(n_models):
        copy_model(package / "defs", f"{MODEL}_{number:03}")


def copy_model(defs: Path, name: str) -> None:
    """Copy the model's folder, and give the copy its own name."""
    shutil.copytree(PACKAGE / "defs" / MODEL, defs / name, ignore=shutil.ignore_patterns("__pycache__"))
    file = defs / name / "defs.yaml"
    text = file.read_text()
    renamed = text.replace(f"  name: {MODEL}\n", f"  name: {name}\n", 1)
    if renamed == text:
        raise ValueError(f"{file} does not say 'name: {MODEL}'")
    file.write_text(renamed)


def load(folder: Path) -> dict[str, Any]:
    """Load the project in a fresh process, and return what it reports with the seconds that it took."""
    environment = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", "ML_PLATFORM_DATA": str(folder / "data")}
    started = time.perf_counter()
    reply = subprocess.run(
        [sys.executable, "-c", LOAD], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - started
    if reply.returncode != 0:
        raise RuntimeError(f"The project does not load:\n{reply.stderr[-3000:]}")
    report: dict[str, Any] = json.loads(reply.stdout.splitlines()[-1])
    return {"seconds": seconds, **report}
