"""The Dagster component behind every model's YAML."""

from typing import Any, Self

import dagster as dg
from pydantic import BaseModel, RootModel

from ml_platform.orchestration.graph import build_pipeline
from ml_platform.orchestration.scaffold import ModelScaffolder
from ml_platform.pipeline.model import Model
from ml_platform.spec import DEFS, ModelSpec, validate_spec


class Attributes(RootModel[dict[str, Any]]):
    """The ``attributes`` of a YAML as they are. `dg check yaml` validates them by the schema of `ModelSpec`.

    Everything else validates them in `ModelPipeline.load`, because of a whole model's error Dagster shows the first
    line of the model.
    """

    @classmethod
    def model_json_schema(cls, *arguments: Any, **options: Any) -> dict[str, Any]:
        """Return what ``attributes`` may say."""
        return ModelSpec.model_json_schema(*arguments, **options)


@dg.scaffold_with(ModelScaffolder)
class ModelPipeline(dg.Component):
    """One model's whole production loop: data contracts, features, training, gates, predictions, drift, retraining."""

    def __init__(self, spec: ModelSpec) -> None:
        self.spec = spec

    @classmethod
    def get_model_cls(cls) -> type[BaseModel]:
        """Return what Dagster reads a YAML's ``attributes`` into."""
        return Attributes

    @classmethod
    def load(cls, attributes: Any, context: dg.ComponentLoadContext) -> Self:
        """Return the component of a YAML. A SpecError shows the line of all that is wrong."""
        return cls(validate_spec(attributes.root, context.path / DEFS))

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        """Return the model's definitions."""
        return build_pipeline(Model.load(self.spec, context.path))
