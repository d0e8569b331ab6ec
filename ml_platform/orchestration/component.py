"""The Dagster component behind every model's YAML."""

from typing import Any, Self

import dagster as dg
from pydantic import BaseModel

from ml_platform.orchestration.graph import build_pipeline
from ml_platform.orchestration.scaffold import ModelScaffolder
from ml_platform.pipeline.model import Model
from ml_platform.spec import ModelSpec


@dg.scaffold_with(ModelScaffolder)
class ModelPipeline(dg.Component):
    """One model's whole production loop: data contracts, features, training, gates, predictions, drift, retraining."""

    def __init__(self, spec: ModelSpec) -> None:
        self.spec = spec

    @classmethod
    def get_model_cls(cls) -> type[BaseModel]:
        """Return what ``attributes`` may say; Dagster shows the line of what does not fit."""
        return ModelSpec

    @classmethod
    def load(cls, attributes: Any, context: dg.ComponentLoadContext) -> Self:
        """Wrap the attributes, which Dagster has validated."""
        return cls(attributes)

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        """Return the model's definitions."""
        return build_pipeline(Model.load(self.spec, context.path))
