"""The `training:` block of a model's YAML."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator, model_validator

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
        Shares of the window's rows.
    split_by
        ``time``: the last rows are the test, those before them the validation. ``key_hash``: a hash of a row's key says
        in which part it is, always the same. When left out: by key where a group is named or the entity has no time,
        else by time.
    group
        Key columns that name what rows have in common, such as a customer: no group may stand in two parts. By key, the
        hash is then of these columns alone.
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
    split_by: Literal["time", "key_hash"] | None = None
    group: tuple[str, ...] = ()
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
                check_estimator_options(name, choose(ESTIMATORS, name, "estimator").build, options)
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


def check_estimator_options(name: str, build: Callable[..., Any], options: Mapping[str, Any]) -> None:
    """Refuse options that an estimator does not have, and values that are not of their type or range.

    Raises
    ------
    SpecError
        Naming the estimator, the option and what is wrong with it.
    """
    check_options(build, options, f"estimator '{name}'")
    types = get_type_hints(build, include_extras=True)
    for option, value in options.items():
        try:
            TypeAdapter(types[option]).validate_python(value, strict=True)
        except ValidationError as error:
            raise SpecError(
                f"estimator '{name}', option '{option}': {error.errors()[0]['msg']}, not {value!r}"
            ) from None
