"""The `evaluation:` block of a model's YAML."""

from typing import Annotated

from pydantic import Field, field_validator

from ml_platform.choices import Block, choose
from ml_platform.errors import within
from ml_platform.evaluation.metrics import DEFAULT_METRICS, METRICS, MetricName, validate_metric
from ml_platform.task import Task


class EvaluationSettings(Block):
    """What a model is measured by, and how sure the figures have to be."""

    metrics: Annotated[tuple[MetricName, ...], Field(min_length=1)] | None = None
    """Names from METRICS, in the order in which they are shown; the task's DEFAULT_METRICS when left out."""
    resamples: int = Field(default=400, ge=100, le=100_000)
    """Bootstrap resamples behind each interval. Below 100 the ends of a 95% interval are mostly noise."""
    confidence: float = Field(default=0.95, ge=0.5, lt=1)
    """Coverage of each interval, as a share."""

    @field_validator("metrics")
    @classmethod
    def _exist_once(cls, names: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if names is None:
            return None
        for place, name in enumerate(names):
            with within(place):
                choose(METRICS, name, "metric")
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"metric named twice: {', '.join(twice)}")
        return names

    def metrics_for(self, task: Task) -> tuple[str, ...]:
        """Return the metrics, those of the task where none are named; each has to be defined for the task."""
        metrics = self.metrics or DEFAULT_METRICS[task]
        for name in metrics:
            validate_metric(name, task)
        return metrics
