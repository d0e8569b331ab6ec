"""The `training:` block of a model's YAML."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ml_platform.choices import check_options, choose, did_you_mean
from ml_platform.errors import SpecError
from ml_platform.training.estimators import ESTIMATORS


class TrainingSettings(BaseModel):
    """How candidates are made.

    Attributes
    ----------
    window
        Number of partitions that a candidate is trained on, ending with the one that it is trained as of.
    validation_share, test_share
        Shares of the window's rows, taken from its end in time: the last rows are the test.
    seed
        Of everything random in training and evaluation.
    select_by
        Metric by which the best estimator is chosen on the validation rows.
    estimators
        Names from ESTIMATORS, each with its options.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    window: int = Field(default=1, ge=1)
    validation_share: float = Field(default=0.15, gt=0, lt=0.5)
    test_share: float = Field(default=0.2, gt=0, lt=0.5)
    seed: int = Field(ge=0, lt=2**32)
    select_by: str
    estimators: dict[str, dict[str, Any]] = Field(min_length=2)

    @field_validator("estimators", mode="before")
    @classmethod
    def _no_options_is_none_given(cls, block: Any) -> Any:
        if not isinstance(block, dict):
            return block
        return {name: {} if options is None else options for name, options in block.items()}

    @model_validator(mode="after")
    def _estimators_exist(self) -> "TrainingSettings":
        try:
            for name, options in self.estimators.items():
                check_options(choose(ESTIMATORS, name, "estimator").build, options, f"estimator '{name}'")
        except SpecError as error:
            raise ValueError(str(error)) from None
        return self

    def check_task(self, task: str) -> None:
        """Refuse estimators that cannot learn the model's task.

        Raises
        ------
        SpecError
            Naming the estimator, the task, and the estimators that can.
        """
        fitting = [name for name, estimator in ESTIMATORS.items() if task in estimator.tasks]
        for name in self.estimators:
            if name not in fitting:
                raise SpecError(f"estimator '{name}' cannot learn task '{task}'. {did_you_mean(name, fitting)}")
