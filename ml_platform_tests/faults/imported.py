"""What every process of a fault needs: imported once, by the process that the others are forked from."""

import pkgutil
from importlib import import_module

import ml_platform

THEIRS = (
    "dagster._core.execution.execute_in_process",
    "dagster._core.executor.in_process",
    "dagster._core.instance.factory",
    "dagster._core.storage.legacy_storage",
    "dagster._core.storage.root",
    "dagster_dg_core.context",
    "dagster_mlflow",
    "git",
    "great_expectations",
    "matplotlib.figure",
    "mlflow.db",
    "mlflow.onnx",
    "mlflow.pyfunc.scoring_server",
    "mlflow.store.model_registry.sqlalchemy_store",
    "mlflow.store.tracking.sqlalchemy_store",
    "plotly.graph_objs",
    "pyarrow.dataset",
    "skl2onnx",
    "skops.io",
    "upath",
)
"""Packages that the platform, or what it calls, imports when it needs them."""

OURS = [
    module.name
    for module in pkgutil.walk_packages(ml_platform.__path__, "ml_platform.", onerror=lambda _: None)
    if "migrations" not in module.name and not module.name.endswith("__main__")
]

for name in (*THEIRS, *OURS, "ml_platform_tests.faults.daemon", "ml_platform_tests.faults.table"):
    import_module(name)
