"""What every process of a fault needs: imported once, by the process that the others are forked from."""

from importlib import import_module

MODULES = (
    "dvc.repo",
    "great_expectations",
    "mlflow",
    "mlflow.onnx",
    "mlflow.pyfunc",
    "mlflow.store.tracking.sqlalchemy_store",
    "onnxruntime",
    "skl2onnx",
    "skops.io",
    "ml_platform.cli.project",
    "ml_platform.cli.run",
    "ml_platform.cli.train",
    "ml_platform.cli.verify",
    "ml_platform.contract.validation.data_docs",
    "ml_platform.contract.validation.validate",
    "ml_platform.drift.evidently_page",
    "ml_platform.drift.report",
    "ml_platform.evaluation.evaluation",
    "ml_platform.lineage.verification.verify",
    "ml_platform.orchestration.execution.run_job",
    "ml_platform.orchestration.graph",
    "ml_platform.pipeline.fitting",
    "ml_platform.stores.database.upgrade",
    "ml_platform.training.export",
    "ml_platform_tests.faults.commit_points",
    "ml_platform_tests.faults.daemon",
    "ml_platform_tests.faults.hindrances",
    "ml_platform_tests.faults.questions",
)

for name in MODULES:
    import_module(name)
