"""What Dagster needs to know of a model: the only package that imports Dagster. May import pipeline and below."""

from ml_platform.orchestration.component import ModelPipeline

__all__ = ["ModelPipeline"]
