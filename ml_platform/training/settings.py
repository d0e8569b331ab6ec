"""The `training:` block of a model's YAML."""

from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ml_platform.choices import choose, did_you_mean
from ml_platform.errors import SpecError
from ml_platform.task import REGRESSION
from ml_platform.training.choice import Choice, chosen, validate_values
from ml_platform.training.estimators import ESTIMATORS
from ml_platform.training.imbalance import IMBALANCE
from ml_platform.training.preparation import MISSING_CATEGORIES, MISSING_NUMBERS, OUTLIERS, Preparation


class MissingSettings(BaseModel):
    """What is put for a missing value.

    Attributes
    ----------
    numbers
        Name from MISSING_NUMBERS.
    indicator
        Whether each number comes with a further input that says whether it is missing.
    categories
        Name from MISSING_CATEGORIES.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    numbers: Choice = {"native_or_median": {}}
    indicator: bool = False
    categories: Choice = {"own_category": {}}


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
    imbalance
        Name from IMBALANCE: what is done in the train rows about classes of unequal size. Probabilities are those of
        the rows as they are whatever is chosen.
    missing, outliers
        What is done about missing values; name from OUTLIERS.
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
    imbalance: Choice = {"none": {}}
    missing: MissingSettings = MissingSettings()
    outliers: Choice = {"none": {}}
    select_by: str
    estimators: dict[str, dict[str, Any]] = Field(min_length=1)

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
                validate_values(choose(ESTIMATORS, name, "estimator").build, options, f"estimator '{name}'")
            chosen(IMBALANCE, self.imbalance, "training.imbalance:")
            _ = self.preparation
            self._validate_none_missing()
        except SpecError as error:
            raise ValueError(str(error)) from None
        return self

    def _validate_none_missing(self) -> None:
        for name in self.estimators:
            if "none" in self.missing.numbers and not ESTIMATORS[name].takes_missing:
                others = ", ".join(other for other in MISSING_NUMBERS if other != "none")
                raise SpecError(
                    "training.missing.numbers: 'none' assets missing numbers to the estimator, and "
                    f"'{name}' does not take them. Choose one of {others}"
                )

    @cached_property
    def preparation(self) -> Preparation:
        """What is done about missing values and outliers, for `build_pipeline`."""
        return Preparation(
            missing_numbers=chosen(MISSING_NUMBERS, self.missing.numbers, "training.missing.numbers:"),
            missing_categories=chosen(MISSING_CATEGORIES, self.missing.categories, "training.missing.categories:"),
            outliers=chosen(OUTLIERS, self.outliers, "training.outliers:"),
            indicator=self.missing.indicator,
        )

    @property
    def choices(self) -> dict[str, str]:
        """Return what was chosen about imbalance, missing values and outliers, in words."""
        return {
            "imbalance": _in_words(self.imbalance),
            "missing_numbers": _in_words(self.missing.numbers) + (" with indicator" if self.missing.indicator else ""),
            "missing_categories": _in_words(self.missing.categories),
            "outliers": _in_words(self.outliers),
        }

    def validate_task(self, task: str) -> None:
        """Reject what cannot be done for the model's task: estimators, and to balance classes where there are none.

        Raises
        ------
        SpecError
            Naming the estimator, the task, and the estimators that can.
        """
        if task == REGRESSION and "none" not in self.imbalance:
            raise SpecError(f"training.imbalance: {_in_words(self.imbalance)} is about classes; a {task} has none")
        fitting = [name for name, estimator in ESTIMATORS.items() if task in estimator.tasks]
        for name in self.estimators:
            if name not in fitting:
                raise SpecError(f"estimator '{name}' cannot learn task '{task}'. {did_you_mean(name, fitting)}")


def _in_words(choice: Choice) -> str:
    ((name, options),) = choice.items()
    return " ".join([name, *(f"{option}={value}" for option, value in options.items())])
