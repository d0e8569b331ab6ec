"""The `rolling:` block of a model's YAML: rolling aggregates over the entity's own earlier rows."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from ml_platform.choices import Block, did_you_mean
from ml_platform.errors import SpecError
from ml_platform.features.settings import Columns, Entity, Feature, Join, NotNegative, validate_not_repeated
from ml_platform.features.target import Target

ROLLING = "rolling"
"""What features call the aggregates in `from`, as if they were a joined table: ``rolling.late_share_7d``."""
TARGET = "target"
"""As an aggregate's column: the label, not the column that it is made from."""

Function = Literal["share", "mean", "sum", "count"]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def _whole_hours(window: timedelta) -> timedelta:
    if window < HOUR or window % HOUR:
        raise ValueError(f"a window is a whole number of hours or days, such as PT6H or P7D, not {window}")
    return window


Window = Annotated[timedelta, AfterValidator(_whole_hours)]


class AvailableAt(Block):
    """A function in the model's ``features.py`` that returns when a row's outcome became available."""

    derive: str
    """Its name. It returns an instant per row, missing where there is no outcome."""
    sources: Columns = Field(alias="from")
    """In YAML ``from``: the columns of the entity's table that it gets, also those that are available later."""


class Aggregate(Block):
    """One aggregate per window, over the rows whose outcome was available at the prediction time."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]+$")]
    """With the window it names a column: ``late_share`` over P7D is ``rolling.late_share_7d``."""
    column: str
    """A column of the entity's table, or `target`. Rows in which it is missing do not count."""
    function: Function
    """`share` of ones among values that are 0 or 1 or boolean, `mean`, `sum`, or `count` of the rows."""
    group_by: tuple[str, ...] = ()
    """Columns whose values a row must share with the predicted one to count; all rows count when it is empty."""
    windows: Annotated[tuple[Window, ...], Field(min_length=1)]
    """How far before the prediction time the event times of the rows may lie."""
    min_rows: Annotated[int, Field(ge=1)] = 1
    """With fewer rows the value is missing. A count is 0."""

    @model_validator(mode="after")
    def _a_count_is_never_missing(self) -> "Aggregate":
        if self.function == "count" and self.min_rows > 1:
            raise ValueError("a count of few rows is a count: leave min_rows out")
        return self

    def feature(self, window: timedelta) -> str:
        """Return the name of one window's column, in days where it is whole days."""
        length = f"{window // DAY}d" if window % DAY == timedelta(0) else f"{window // HOUR}h"
        return f"{self.name}_{length}"


class Rolling(Block):
    """Rolling aggregates, and when outcomes become available: exactly one of `available_after` and `available_at`."""

    available_after: NotNegative | None = None
    """How long after its event time a row's outcome is available."""
    available_at: AvailableAt | None = None
    """The function that returns it per row."""
    aggregates: Annotated[tuple[Aggregate, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _exactly_one_time(self) -> "Rolling":
        if (self.available_after is None) == (self.available_at is None):
            raise ValueError(
                "say when a row's outcome becomes available: give exactly one of available_after and available_at"
            )
        return self

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the columns that the aggregates make, in order."""
        return tuple(aggregate.feature(window) for aggregate in self.aggregates for window in aggregate.windows)

    @property
    def longest_window(self) -> timedelta:
        """The longest window of all aggregates."""
        return max(window for aggregate in self.aggregates for window in aggregate.windows)

    def sources(self, target: Target) -> tuple[str, ...]:
        """Return the columns of the entity's table that the aggregates are made from, each once."""
        times = self.available_at.sources if self.available_at else ()
        values = (target.column if aggregate.column == TARGET else aggregate.column for aggregate in self.aggregates)
        groups = (column for aggregate in self.aggregates for column in aggregate.group_by)
        return tuple(dict.fromkeys((*times, *values, *groups)))


def validate_rolling(
    rolling: Rolling | None, entity: Entity, target: Target, joins: Sequence[Join], features: Sequence[Feature]
) -> None:
    """Reject a block that does not fit the other blocks, and a feature made from an aggregate that does not exist."""
    if rolling is None:
        return
    if entity.time is None:
        raise SpecError("rolling: without entity.time no row is earlier than another")
    if ROLLING in (join.table for join in joins):
        raise SpecError(f"a joined table cannot be called '{ROLLING}' beside the block of that name")
    validate_not_repeated(rolling.features, "rolling aggregate")
    later = {target.column: "it is what the model predicts", **entity.available_later}
    for place, aggregate in enumerate(rolling.aggregates):
        at = (ROLLING, "aggregates", place)
        where = f"rolling, '{aggregate.name}'"
        if aggregate.column == TARGET and target.classes is not None:
            raise SpecError(f"{where}: a target with classes has no {aggregate.function}", at)
        for column in aggregate.group_by:
            if column in later:
                raise SpecError(
                    f"{where}: 'group_by' uses column '{column}', which is only available after the prediction time: "
                    f"{later[column]}",
                    at,
                )
    for place, feature in enumerate(features):
        for source in feature.sources:
            table, _, column = source.partition(".")
            if table == ROLLING and column not in rolling.features:
                raise SpecError(
                    f"feature '{feature.name}': there is no rolling aggregate '{column}'. "
                    f"{did_you_mean(column, rolling.features)}",
                    ("features", place),
                )
