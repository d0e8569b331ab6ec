"""The `history:` block of a model's YAML: rolling aggregates over the entity's own earlier rows."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from ml_platform.choices import did_you_mean
from ml_platform.errors import SpecError
from ml_platform.features.settings import Columns, Entity, Feature, Join, NotNegative, validate_not_repeated
from ml_platform.features.target import Target

HISTORY = "history"
"""What features call the aggregates in `from`, as if they were a joined table: ``history.late_share_7d``."""
TARGET = "target"
"""What an aggregate calls the outcome that the model predicts, as the label says it."""

How = Literal["share", "mean", "sum", "count"]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def _whole_hours(window: timedelta) -> timedelta:
    if window < HOUR or window % HOUR:
        raise ValueError(f"a window is a whole number of hours or days, such as PT6H or P7D, not {window}")
    return window


Window = Annotated[timedelta, AfterValidator(_whole_hours)]


class KnownAt(BaseModel):
    """A function in the model's ``features.py`` that says when a row's outcome became known.

    Attributes
    ----------
    derive
        Its name. It returns an instant per row, missing where there is no outcome.
    sources
        In YAML ``from``: the columns of the entity's table that it gets; those that are known later are allowed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    derive: str
    sources: Columns = Field(alias="from")


class Aggregate(BaseModel):
    """A number per entity row, from the rows whose outcome was known when the prediction is made.

    Attributes
    ----------
    name
        With the window it names a column: ``late_share`` over P7D is ``history.late_share_7d``.
    of
        A column of the entity's table, or `target`. Rows in which it is missing do not count.
    how
        `share` of ones among values that are 0 or 1 or boolean, `mean`, `sum`, or `count` of the rows that count.
    per
        Rows are aggregated that have the same values in these columns; all rows where none is named.
    windows
        How far back from the prediction time the event times of the rows may lie.
    min_rows
        Of fewer rows nothing is said: the value is missing. A count says 0.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]+$")]
    of: str
    how: How
    per: tuple[str, ...] = ()
    windows: Annotated[tuple[Window, ...], Field(min_length=1)]
    min_rows: Annotated[int, Field(ge=1)] = 1

    @model_validator(mode="after")
    def _a_count_is_always_known(self) -> "Aggregate":
        if self.how == "count" and self.min_rows > 1:
            raise ValueError("a count of few rows is a count: leave min_rows out")
        return self

    def column(self, window: timedelta) -> str:
        """Return the name of one window's column, in days where it is whole days."""
        length = f"{window // DAY}d" if window % DAY == timedelta(0) else f"{window // HOUR}h"
        return f"{self.name}_{length}"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it makes, one per window."""
        return tuple(self.column(window) for window in self.windows)


class History(BaseModel):
    """Rolling aggregates, and when a row's outcome became known: exactly one of `known_after` and `known_at`.

    Attributes
    ----------
    known_after
        How long after its event time a row's outcome is known.
    known_at
        The function that says it per row.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    known_after: NotNegative | None = None
    known_at: KnownAt | None = None
    aggregates: Annotated[tuple[Aggregate, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _exactly_one_time(self) -> "History":
        if (self.known_after is None) == (self.known_at is None):
            raise ValueError("say when a row's outcome became known: give exactly one of known_after and known_at")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the aggregates make, in order."""
        return tuple(column for aggregate in self.aggregates for column in aggregate.columns)

    @property
    def longest(self) -> timedelta:
        """The longest window."""
        return max(window for aggregate in self.aggregates for window in aggregate.windows)

    def sources(self, target: Target) -> tuple[str, ...]:
        """Return the columns of the entity's table that the aggregates are made from, each once."""
        known = self.known_at.sources if self.known_at else ()
        of = (target.column if aggregate.of == TARGET else aggregate.of for aggregate in self.aggregates)
        per = (column for aggregate in self.aggregates for column in aggregate.per)
        return tuple(dict.fromkeys((*known, *of, *per)))


def validate_history(
    history: History | None, entity: Entity, target: Target, joins: Sequence[Join], features: Sequence[Feature]
) -> None:
    """Reject a history that does not fit the other blocks, and a feature made from an aggregate that does not exist.

    Raises
    ------
    SpecError
        Naming the aggregate or feature, and what was expected.
    """
    if history is None:
        return
    if entity.time is None:
        raise SpecError("history: without entity.time no row is earlier than another")
    if HISTORY in (join.table for join in joins):
        raise SpecError(f"a joined table cannot be called '{HISTORY}' beside the block of that name")
    validate_not_repeated(history.columns, "column of history")
    later = {target.column: "it is what the model predicts", **entity.known_later}
    for aggregate in history.aggregates:
        if aggregate.of == TARGET and target.classes is not None:
            raise SpecError(f"history, '{aggregate.name}': of a target with classes no {aggregate.how} can be taken")
        for column in aggregate.per:
            if column in later:
                raise SpecError(
                    f"history, '{aggregate.name}': 'per' uses column '{column}', which is only known after the "
                    f"prediction time: {later[column]}"
                )
    for feature in features:
        for source in feature.sources:
            table, _, column = source.partition(".")
            if table == HISTORY and column not in history.columns:
                raise SpecError(
                    f"feature '{feature.name}': history has no column '{column}'. "
                    f"{did_you_mean(column, history.columns)}"
                )
