"""The `entity:`, `joins:` and `features:` blocks of a model's YAML, validated against each other and the target."""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from ml_platform.choices import Block, Why, did_you_mean
from ml_platform.errors import At, SpecError
from ml_platform.features.target import Target
from ml_platform.task import EVENT_TIME, LABEL, PREDICTED, PREDICTION, PREDICTION_TIME, PROBABILITY, SCORE

Kind = Literal["number", "category"]
Columns = Annotated[tuple[str, ...], Field(min_length=1)]
NotNegative = Annotated[timedelta, Field(ge=timedelta(0))]

RESERVED = (EVENT_TIME, PREDICTION_TIME, LABEL, SCORE, PREDICTED, PREDICTION)
"""Columns that the platform itself puts beside the features; so are those that begin with ``probability_``."""


class Entity(Block):
    """The table with one row for each thing to predict."""

    table: str
    contract: str
    key: Columns
    """Columns that name a row; together unique."""
    time: str | None = None
    """Column with the event time; none where a row has no time."""
    time_format: str | None = None
    """How strptime reads `time` where it is not a timestamp; without ``%z`` it is in the model's time zone."""
    predict_before: NotNegative = timedelta(0)
    """How long the prediction time lies before the event time."""
    available_later: dict[str, Why] = Field(default_factory=dict)
    """Columns that are filled after the prediction time, each with the reason. No feature may use them."""

    @field_validator("key")
    @classmethod
    def _key_is_free(cls, key: tuple[str, ...]) -> tuple[str, ...]:
        for name in key:
            if name in (LABEL, SCORE, PREDICTED, PREDICTION) or name.startswith(PROBABILITY):
                raise ValueError(f"'{name}' is a column of the platform's own beside the key; rename it in the table")
        return key

    @model_validator(mode="after")
    def _times_need_a_time(self) -> "Entity":
        if self.time is None and (self.time_format is not None or self.predict_before):
            raise ValueError("time_format and predict_before are about a time: name its column in 'time'")
        if "%Z" in (self.time_format or "").replace("%%", ""):
            raise ValueError(
                "time_format: '%Z' reads a name such as CET, which does not tell the offset. Use '%z' for offsets; "
                "write a name that is the same in every row into the format, and the zone into partitions.timezone"
            )
        return self


class Join(Block):
    """A table whose columns are added to the entity's rows, as of the prediction time."""

    table: str
    contract: str
    match: Annotated[dict[str, str], Field(min_length=1)]
    """Column of the entity's table → column of this one."""
    observed_at: str | None = None
    """Column with the instant that a row describes."""
    static: bool = False
    """In place of `observed_at`: the table has one row per key, which never changes."""
    available_after: NotNegative = timedelta(0)
    """How long after `observed_at` a row is available."""
    within: NotNegative | None = None
    """Rows older than this at the prediction time are not used."""

    @model_validator(mode="after")
    def _times_fit_together(self) -> "Join":
        if self.static == (self.observed_at is not None):
            raise ValueError(
                "say when its rows were observed: name a column in observed_at, or declare 'static: true' for a table "
                "whose rows never change"
            )
        if self.static and (self.available_after or self.within is not None):
            raise ValueError("available_after and within say when a row was observed: name the column in observed_at")
        if self.within is not None and self.within < self.available_after:
            raise ValueError(
                f"within ({self.within}) is shorter than available_after ({self.available_after}): no row is used"
            )
        return self


class Feature(Block):
    """One input of the model."""

    name: str
    kind: Kind
    derive: str | None = None
    """Function that derives it: of the model's ``features.py``, or of the calendar (``calendar.month``, see CALENDAR);
    without one it is a column as it is."""
    sources: Columns = Field(alias="from", default_factory=lambda known: (known.get("name", ""),))
    """In YAML ``from``: the columns it is derived from, ``column`` of the entity's table, ``table.column`` of a joined
    one, or ``rolling.aggregate``. The column of the feature's own name when left out."""

    @field_validator("name")
    @classmethod
    def _plain_and_free(cls, name: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9_]+", name):
            raise ValueError(
                f"'{name}' must be ASCII letters, digits and _, as the names of checks are: call the feature so, "
                "and the column in 'from'"
            )
        if name in RESERVED or name.startswith(PROBABILITY):
            raise ValueError(f"'{name}' is a column of the platform's own ({', '.join(RESERVED)}, {PROBABILITY}…)")
        return name

    @model_validator(mode="after")
    def _one_column_without_derivation(self) -> "Feature":
        if self.derive is None and len(self.sources) > 1:
            raise ValueError(f"made from {len(self.sources)} columns: 'derive' must name the function that does it")
        return self


def validate_no_leaks(entity: Entity, target: Target, features: Iterable[Feature], joins: Iterable[Join] = ()) -> None:
    """Reject features and joins that use a column which is only available after the prediction time."""
    why = {target.column: "it is what the model predicts", **entity.available_later}
    uses: list[tuple[At, str, str]] = [
        (("features", place), f"feature '{feature.name}'", source)
        for place, feature in enumerate(features)
        for source in feature.sources
    ]
    uses += [
        (("joins", place, "match", column), f"the join of '{join.table}'", column)
        for place, join in enumerate(joins)
        for column in join.match
    ]
    for at, user, source in uses:
        column = source.removeprefix(f"{entity.table}.")
        if column in why:
            raise SpecError(
                f"{user} uses column '{column}', which is only available after the prediction time: {why[column]}. "
                "A model trained on it would look good and fail in production",
                at,
            )


def validate_tables(joins: Sequence[Join], features: Iterable[Feature], also: Sequence[str] = ()) -> None:
    """Reject a table that is joined twice, and a feature made from a table that is not joined.

    `also` names further prefixes that features may use like a table's name.
    """
    validate_not_repeated([join.table for join in joins], "joined table")
    tables = [*(join.table for join in joins), *also]
    for place, feature in enumerate(features):
        for source in feature.sources:
            table, dot, column = source.partition(".")
            if dot and table not in tables:
                raise SpecError(
                    f"feature '{feature.name}': no table '{table}' is joined (a column of the entity's own table is "
                    f"written '{column}'). {did_you_mean(table, tables)}",
                    ("features", place),
                )


def validate_unique_names(entity: Entity, features: Sequence[Feature]) -> None:
    """Reject features that share a name, and a feature with the name of a key column that is something else."""
    validate_not_repeated([feature.name for feature in features], "feature")
    for place, feature in enumerate(features):
        if feature.name in entity.key and not is_key(feature, entity):
            raise SpecError(
                f"feature '{feature.name}' is called like a key column of '{entity.table}' without being that column "
                "as a category. Give the feature another name, and the column in 'from'",
                ("features", place),
            )


def is_key(feature: Feature, entity: Entity) -> bool:
    """Return whether a feature is a key column as it is, which the table of features has only once."""
    plain = feature.derive is None and feature.kind == "category" and feature.sources == (feature.name,)
    return plain and feature.name in entity.key


def validate_not_repeated(names: Sequence[str], what: str) -> None:
    """Reject a list in which a name appears twice."""
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise SpecError(f"{what} declared twice: {', '.join(twice)}")
