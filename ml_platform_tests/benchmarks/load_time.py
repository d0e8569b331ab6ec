"""Loading a code location of 1, 10, 100 and 1,000 models.

Small models have one table of five columns, two features, monthly partitions, 14 assets and some 46 checks; the others
are copies of the folder of `flights`. Every load happens in a fresh process. Seconds are of CPU, from the imported
packages to the bytes that describe every asset, check and job to Dagster's webserver.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
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
import json, sys, time
from dagster._core.remote_representation.external_data import RepositorySnap
from dagster._serdes import serialize_value
import ml_platform.orchestration
from many_models.definitions import defs
from ml_platform_tests.benchmarks.machine import peak_memory_mb

imported = time.process_time()
repository = defs().get_repository_def()
sent = serialize_value(RepositorySnap.from_def(repository, defer_snapshots=True))
seconds = time.process_time() - imported
heavy = [name for name in ("great_expectations", "evidently", "shap", "mlflow", "sklearn") if name in sys.modules]
print(json.dumps({
    "seconds": round(seconds, 2),
    "imports_seconds": round(imported, 2),
    "n_assets": len(repository.asset_graph.get_all_asset_keys()),
    "n_checks": len(repository.asset_graph.asset_check_keys),
    "n_jobs": len(repository.get_all_jobs()),
    "sent_kb": len(sent) // 1000,
    "peak_memory_mb": peak_memory_mb(),
    "heavy_imports": ", ".join(heavy) or "none",
}))
"""
DEFS = """\
type: ml_platform.orchestration.ModelPipeline
attributes:
  name: {name}
  description: A small model.
  owners: [team:tests]
  task: binary
  partitions: {{every: month, start: "2024-01", timezone: UTC}}
  entity: {{table: rows, contract: contract.yaml, key: [row], time: at}}
  target: {{column: y, greater_than: 1}}
  features:
    - {{name: a, kind: number}}
    - {{name: b, kind: number}}
  training: {{window: 3, test_share: 0.3, seed: 7, select_by: roc_auc, estimators: {{logistic_regression: {{}}}}}}
  gates:
    beats_baseline: {{metric: roc_auc, min_rows: 20}}
    not_worse_than_champion: {{metric: roc_auc, tolerance: 0.1, min_rows: 20}}
"""
CONTRACT = """\
apiVersion: v3.2.0
kind: DataContract
id: {name}
name: {name}
version: 1.0.0
status: active
schema:
  - name: rows
    physicalType: table
    logicalType: object
    customProperties: [{{property: maxQuarantineShare, value: 0.0}}]
    quality: [{{metric: rowCount, mustBeBetween: [100, 1000]}}]
    properties:
      - {{name: row, logicalType: integer, physicalType: int64, required: true, primaryKey: true}}
      - {{name: at, logicalType: timestamp, physicalType: "timestamp[ms, UTC]", required: true}}
      - {{name: a, logicalType: number, physicalType: double, required: true}}
      - {{name: b, logicalType: number, physicalType: double, required: true}}
      - {{name: y, logicalType: number, physicalType: double, required: true}}
"""
MEANINGS = {
    "times_the_smallest": "seconds, divided by those of the smallest number of models",
    "ms_per_model": "milliseconds, divided by the number of models: the same at every size when loading is linear",
    "sent_kb": "size of what the webserver gets; it asks for a job's steps when somebody looks at the job",
    "heavy_imports": "which of Great Expectations, Evidently, SHAP, MLflow and scikit-learn were imported",
}


def measure(*, quick: bool = False) -> dict[str, Any]:
    """Return seconds, numbers of things and peak memory for each number of models."""
    small, copies = ((1, 2), (1, 2)) if quick else ((1, 10, 100, 1000), (1, 10))
    return {"small": _loads(small, write_small), "flights": _loads(copies, copy_flights)}


def _loads(sizes: tuple[int, ...], write: Callable[[Path, int], None]) -> list[dict[str, Any]]:
    loads = [(n_models, measure_size(n_models, write)) for n_models in sizes]
    smallest = loads[0][1]["seconds"]
    return [
        {
            "n_models": n_models,
            "times_the_smallest": round(load["seconds"] / smallest, 1),
            "ms_per_model": round(1000 * load["seconds"] / n_models),
            **load,
        }
        for n_models, load in loads
    ]


def measure_size(n_models: int, write: Callable[[Path, int], None]) -> dict[str, Any]:
    """Load a project of so many models."""
    with tempfile.TemporaryDirectory() as folder:
        write_project(Path(folder), n_models, write)
        return load(Path(folder))


def write_project(folder: Path, n_models: int, write: Callable[[Path, int], None]) -> None:
    """Write a project with the platform's own definitions.py over so many models."""
    package = folder / "many_models"
    package.mkdir()
    (folder / "pyproject.toml").write_text(PROJECT)
    (package / "__init__.py").touch()
    shutil.copy(PACKAGE / "definitions.py", package)
    for number in range(n_models):
        write(package / "defs", number)


def write_small(defs: Path, number: int) -> None:
    """Write a model of one small table."""
    folder = defs / f"small_{number:04}"
    folder.mkdir(parents=True)
    (folder / "defs.yaml").write_text(DEFS.format(name=folder.name))
    (folder / "contract.yaml").write_text(CONTRACT.format(name=folder.name))


def copy_flights(defs: Path, number: int) -> None:
    """Copy the folder of `flights`, and give the copy its own name."""
    name = f"{MODEL}_{number:04}"
    shutil.copytree(PACKAGE / "defs" / MODEL, defs / name, ignore=shutil.ignore_patterns("__pycache__"))
    file = defs / name / "defs.yaml"
    text = file.read_text()
    renamed = text.replace(f"  name: {MODEL}\n", f"  name: {name}\n", 1)
    if renamed == text:
        raise ValueError(f"{file} does not say 'name: {MODEL}'")
    file.write_text(renamed)


def load(folder: Path) -> dict[str, Any]:
    """Load the project in a fresh process, and return what it reports."""
    environment = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", "ML_PLATFORM_DATA": str(folder / "data")}
    reply = subprocess.run(
        [sys.executable, "-c", LOAD], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if reply.returncode != 0:
        raise RuntimeError(f"The project does not load:\n{reply.stderr[-3000:]}")
    report: dict[str, Any] = json.loads(reply.stdout.splitlines()[-1])
    return report
