"""The `training:` block of a model's YAML."""

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, model_validator

from ml_platform.choices import Block, Choice, Choices, Entries, choose, chosen, did_you_mean, validate_options
from ml_platform.errors import SpecError, within
from ml_platform.task import REGRESSION
from ml_platform.training.estimators import ESTIMATORS
from ml_platform.training.preparation import MISSING_CATEGORIES, MISSING_NUMBERS, OUTLIERS, Preparation

BUILD = {name: estimator.build for name, estimator in ESTIMATORS.items()}
"""Whose keyword arguments are the options of an estimator."""

Imbalance = Literal["none", "class_weights", "undersample", "oversample"]


class MissingSettings(Block):
    """How missing values are imputed."""

    numbers: Annotated[Choice, Entries(MISSING_NUMBERS, one=True)] = Field(default={"native_or_median": {}})
    """Name from MISSING_NUMBERS."""
    indicator: bool = False
    """Whether each number gets a further input: 1 where it is missing, else 0."""
    categories: Annotated[Choice, Entries(MISSING_CATEGORIES, one=True)] = Field(default={"own_category": {}})
    """Name from MISSING_CATEGORIES."""


class TrainingSettings(Block):
    """How candidates are made."""

    window: int = Field(default=1, ge=1)
    """Number of partitions that a candidate is trained on, ending with the one that it is trained as of."""
    validation_share: float = Field(default=0.15, gt=0, lt=0.5)
    test_share: float = Field(default=0.2, gt=0, lt=0.5)
    """Shares of the window's rows."""
    split_by: Literal["time", "key_hash"] | None = None
    """``time``: the last rows are the test, those before them the validation. ``key_hash``: a hash of a row's key
    decides, so a row is always in the same part. When left out: by key where a group is named or the entity has no
    time, else by time."""
    group: tuple[str, ...] = ()
    """Key columns that name what rows have in common, such as a customer: no group may be in two parts. By key, the
    hash is then of these columns alone."""
    seed: int = Field(ge=0, lt=2**32)
    """Of everything random in training and evaluation."""
    imbalance: Imbalance = "none"
    """How classes of unequal size are balanced in the train rows. Predicted probabilities are always those of the
    original rows."""
    missing: MissingSettings = MissingSettings()
    outliers: Annotated[Choice, Entries(OUTLIERS, one=True)] = Field(default={"none": {}})
    """How missing values and outliers are handled; `outliers` is a name from OUTLIERS."""
    select_by: str
    """Metric by which the best estimator is chosen on the validation rows."""
    estimators: Annotated[Choices, Field(min_length=1), Entries(BUILD)]
    """Names from ESTIMATORS, each with its options."""

    @model_validator(mode="after")
    def _estimators_exist(self) -> "TrainingSettings":
        _ = self.preparation
        for name, options in self.estimators.items():
            with within("estimators", name):
                estimator = choose(ESTIMATORS, name, "estimator")
                validate_options(estimator.build, options, f"estimator '{name}'")
            if "none" in self.missing.numbers and not estimator.takes_missing:
                others = ", ".join(other for other in MISSING_NUMBERS if other != "none")
                raise SpecError(
                    "training.missing.numbers: 'none' leaves missing numbers to the estimator, and "
                    f"'{name}' does not take them. Choose one of {others}",
                    ("missing", "numbers"),
                )
        return self

    @cached_property
    def preparation(self) -> Preparation:
        """How missing values and outliers are handled, for `build_pipeline`."""
        with within("missing", "numbers"):
            numbers = chosen(MISSING_NUMBERS, self.missing.numbers, "training.missing.numbers:")
        with within("missing", "categories"):
            categories = chosen(MISSING_CATEGORIES, self.missing.categories, "training.missing.categories:")
        with within("outliers"):
            outliers = chosen(OUTLIERS, self.outliers, "training.outliers:")
        return Preparation(numbers, categories, outliers, self.missing.indicator)

    @property
    def choices(self) -> dict[str, str]:
        """What was chosen for imbalance, missing values and outliers, in words."""
        return {
            "imbalance": self.imbalance,
            "missing_numbers": _in_words(self.missing.numbers) + (" with indicator" if self.missing.indicator else ""),
            "missing_categories": _in_words(self.missing.categories),
            "outliers": _in_words(self.outliers),
        }

    def validate_task(self, task: str) -> None:
        """Reject an estimator that cannot learn the model's task, and balanced classes for a regression."""
        if task == REGRESSION and self.imbalance != "none":
            raise SpecError(f"training.imbalance: {self.imbalance} is about classes; a {task} has none", ("imbalance",))
        fitting = [name for name, estimator in ESTIMATORS.items() if task in estimator.tasks]
        for name in self.estimators:
            if name not in fitting:
                guess = did_you_mean(name, fitting)
                raise SpecError(f"estimator '{name}' cannot learn task '{task}'. {guess}", ("estimators", name))


def _in_words(choice: Choice) -> str:
    ((name, options),) = choice.items()
    return " ".join([name, *(f"{option}={value}" for option, value in options.items())])
