"""What the gates decide on: an evaluation's stored document, read and validated. No labels, no scores, no rows."""

import math
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from ml_platform.errors import DataError

Number = Annotated[float, BeforeValidator(lambda value: math.nan if value is None else value)]
"""JSON has no NaN: null stands for it, and fails every gate."""

Count = Annotated[int, Field(ge=0)]


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Interval(_Document):
    """A value and its confidence interval."""

    value: Number
    low: Number
    high: Number

    @property
    def is_finite(self) -> bool:
        """Whether all three are numbers."""
        return all(math.isfinite(number) for number in (self.value, self.low, self.high))

    def __str__(self) -> str:
        return f"{self.value:.4f} ({self.low:.4f} to {self.high:.4f})"


class ComparisonEvidence(_Document):
    """The candidate and another model on the same rows."""

    n_rows: Count
    class_counts: dict[str, Count]
    """Rows of the comparison, and rows per class (empty for a regression)."""
    candidate: dict[str, Interval]
    other: dict[str, Interval]
    """Metrics of each model."""
    gain: dict[str, Interval]
    """Candidate - other per metric, resampled in pairs, oriented so that a positive one is a gain."""


class Evidence(_Document):
    """One candidate against the baseline and the champion."""

    baseline: ComparisonEvidence
    champion: ComparisonEvidence | None = None
    """None where there is no champion, or too few rows that it has not seen."""
    champion_version: str | None = None
    """None where there is no champion."""
    champion_is_candidate: bool = False
    n_unseen: Count | None = None
    """Test rows that the champion was not trained on; None where there is no champion."""
    confidence: float = Field(gt=0, lt=1)
    """Coverage of every interval."""

    @model_validator(mode="after")
    def _a_champion_has_a_version(self) -> "Evidence":
        # A missing version means "no champion yet" to a gate, which then passes.
        if self.champion_version is None and (self.champion or self.champion_is_candidate or self.n_unseen is not None):
            raise ValueError("there is a champion, but champion_version is missing")
        return self

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Evidence":
        """Read an evaluation's document; further keys are ignored, missing and wrong ones a DataError."""
        try:
            return cls.model_validate(document)
        except ValidationError as error:
            wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            raise DataError(f"the evaluation's document cannot be read: {wrong}") from None
