"""What every process of a fault needs: imported once, by the process that the others are forked from."""

import great_expectations
import mlflow
import mlflow.onnx
import mlflow.pyfunc
import mlflow.store.tracking.sqlalchemy_store
import onnxruntime
import skl2onnx
import skops.io

import ml_platform.cli.project
import ml_platform.cli.run
import ml_platform.cli.train
import ml_platform.cli.verify
import ml_platform.contract.validation.data_docs
import ml_platform.contract.validation.validate
import ml_platform.drift.evidently_page
import ml_platform.drift.report
import ml_platform.evaluation.evaluation
import ml_platform.lineage.verification.verify
import ml_platform.orchestration.execution.run_job
import ml_platform.orchestration.graph
import ml_platform.pipeline.fitting
import ml_platform.stores.database.upgrade
import ml_platform.training.export
import ml_platform_tests.faults.project
import ml_platform_tests.small_models
from ml_platform.stores.stores import Stores
from ml_platform_tests.faults import commit_points, questions
