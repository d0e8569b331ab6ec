"""The `evaluation:` block of a model's YAML."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from ml_platform.choices import choose, did_you_mean
from ml_platform.errors import SpecError
from ml_platform.evaluation.metrics import METRICS


class EvaluationSettings(BaseModel):
    """What a model is measured by, and how sure the figures have to be.

    Attributes
    ----------
    metrics
        Names from METRICS, in the order in which they are shown.
    resamples
        Bootstrap resamples behind each interval. Below 100 the ends of a 95% interval are mostly noise.
    confidence
        Coverage of each interval, as a share.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    metrics: Annotated[tuple[str, ...], Field(min_length=1)] = (
        "roc_auc",
        "average_precision",
        "brier_score",
        "log_loss",
    )
    resamples: int = Field(default=400, ge=100, le=100_000)
    confidence: float = Field(default=0.95, ge=0.5, lt=1)

    @field_validator("metrics")
    @classmethod
    def _exist_once(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            try:
                choose(METRICS, name, "metric")
            except SpecError as error:
                raise ValueError(str(error)) from None
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"metric named twice: {', '.join(twice)}")
        return names

    def check_task(self, task: str) -> None:
        """Refuse metrics that are not defined for the model's task.

        Raises
        ------
        SpecError
            Naming the metric, the task and the metrics that fit it.
        """
        fitting = [name for name, metric in METRICS.items() if task in metric.tasks]
        for name in self.metrics:
            if name not in fitting:
                raise SpecError(f"metric '{name}' is not defined for task '{task}'. {did_you_mean(name, fitting)}")
