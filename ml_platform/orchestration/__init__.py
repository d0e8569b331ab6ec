"""The only package that imports Dagster."""

from ml_platform.orchestration.component import ModelPipeline

__all__ = ["ModelPipeline"]
