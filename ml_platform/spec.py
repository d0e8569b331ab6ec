"""The whole of a model's ``defs.yaml``. Each stage owns the settings of its block; here the blocks are combined."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError, field_validator, model_validator

from ml_platform.choices import Block, did_you_mean
from ml_platform.delivery import Delivery
from ml_platform.drift.settings import DriftSettings
from ml_platform.errors import SpecError
from ml_platform.evaluation.metrics import validate_metric
from ml_platform.evaluation.settings import EvaluationSettings
from ml_platform.features.rolling_settings import ROLLING, Rolling, validate_rolling
from ml_platform.features.settings import (
    Entity,
    Feature,
    Join,
    validate_no_leaks,
    validate_tables,
    validate_unique_names,
)
from ml_platform.features.target import Target
from ml_platform.leakage.settings import LeakageSettings
from ml_platform.partitions import Partitions
from ml_platform.promotion.settings import Gates
from ml_platform.retraining.settings import RetrainingPolicy
from ml_platform.task import Task
from ml_platform.training.settings import TrainingSettings

LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C loader takes a tenth of the time, where PyYAML was built with it."""
NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


class ModelSpec(Block):
    """One model: its data, its target, and what must hold before it reaches production."""

    name: str
    description: str
    owners: tuple[str, ...] = Field(min_length=1)
    """E-mail addresses, or teams as ``team:name``."""
    task: Task
    partitions: Partitions | None = None
    delivery: Delivery = Delivery()
    entity: Entity
    joins: tuple[Join, ...] = ()
    rolling: Rolling | None = None
    target: Target
    features: tuple[Feature, ...] = Field(min_length=1)
    leakage: LeakageSettings = LeakageSettings()
    training: TrainingSettings
    evaluation: EvaluationSettings = EvaluationSettings()
    gates: Gates
    drift: DriftSettings = DriftSettings()
    retraining: RetrainingPolicy = RetrainingPolicy()
    executor: Literal["in_process", "multiprocess"] = "in_process"
    """Whether a run's steps execute in one process (fast) or in a process each (isolated)."""

    @field_validator("name")
    @classmethod
    def _plain_name(cls, name: str) -> str:
        if not NAME.fullmatch(name):
            raise ValueError(f"'{name}' must be lower-case letters, digits and _, at most 63, starting with a letter")
        return name

    @field_validator("owners")
    @classmethod
    def _owners_are_reachable(cls, owners: tuple[str, ...]) -> tuple[str, ...]:
        for owner in owners:
            if "@" not in owner and not re.fullmatch(r"team:[\w-]+", owner):
                raise ValueError(f"'{owner}' is neither an e-mail address nor a team ('team:name')")
        return owners

    @model_validator(mode="after")
    def _blocks_fit_together(self) -> "ModelSpec":
        self._validate_times()
        validate_tables(self.joins, self.features, also=(ROLLING,) if self.rolling else ())
        validate_rolling(self.rolling, self.entity, self.target, self.joins, self.features)
        validate_unique_names(self.entity, self.features)
        validate_no_leaks(self.entity, self.target, self.features, self.joins)
        self.leakage.validate_features([feature.name for feature in self.features])
        self.target.validate_task(self.task)
        self.training.validate_task(self.task)
        validate_metric(self.training.select_by, self.task, "training.select_by: metric")
        self.gates.validate_metrics(self.metrics)
        if self.delivery.row_number is not None and self.delivery.row_number not in self.entity.key:
            raise SpecError(f"delivery.row_number: '{self.delivery.row_number}' is not the key, {self.entity.key}")
        for column in self.training.group:
            if column not in self.entity.key:
                guess = did_you_mean(column, self.entity.key)
                raise SpecError(f"training.group: '{column}' is not a key column. {guess}")
        return self

    def _validate_times(self) -> None:
        """Reject what needs a time for a table whose rows have none."""
        if self.entity.time is not None:
            return
        uses = {
            "partitions": self.partitions is not None,
            "training.split_by: time": self.training.split_by == "time",
            **{f"observed_at of the joined table '{join.table}'": join.observed_at is not None for join in self.joins},
        }
        if used := [what for what, is_used in uses.items() if is_used]:
            raise SpecError(f"entity.time names no column, and without it there is no {', '.join(used)}")

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the metrics that the model is evaluated by."""
        return self.evaluation.metrics_for(self.task)

    @property
    def split_by(self) -> Literal["time", "key_hash"]:
        """What splits rows into train, validation and test."""
        by_time = self.entity.time is not None and not self.training.group
        return self.training.split_by or ("time" if by_time else "key_hash")

    @property
    def split_key(self) -> tuple[str, ...]:
        """Columns whose hash splits rows: the group, or else the key."""
        return self.training.group or self.entity.key

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the source tables, the entity's first."""
        return (self.entity.table, *(join.table for join in self.joins))

    @property
    def lookback(self) -> timedelta:
        """How far before a partition the event times lie that its rolling aggregates read."""
        return self.rolling.longest_window + self.entity.predict_before if self.rolling else timedelta(0)

    def lookback_partitions(self, partition: str | None) -> list[str]:
        """Return the earlier partitions whose rows a partition's rolling aggregates read, oldest first."""
        if self.partitions is None or partition is None:
            return []
        return self.partitions.before(partition, self.lookback)

    def contract_file(self, table: str) -> str:
        """Return the name of a table's contract document, relative to the model's folder."""
        return {self.entity.table: self.entity.contract, **{j.table: j.contract for j in self.joins}}[table]

    def partition_of(self, table: str, key: str | None) -> str | None:
        """Return `key` for the entity's table and None for the joined tables, which are not partitioned."""
        return key if table == self.entity.table else None


def load_spec(folder: Path) -> ModelSpec:
    """Read a model's ``defs.yaml`` without Dagster. A SpecError names the file and every entry that is wrong."""
    file = folder / "defs.yaml"
    try:
        document = yaml.load(file.read_text(encoding="utf-8"), Loader=LOADER)
        return ModelSpec.model_validate(document["attributes"])
    except FileNotFoundError as error:
        raise SpecError(f"{file} does not exist") from error
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise SpecError(f"{file} is not a component's YAML with 'type' and 'attributes': {error}") from error
    except ValidationError as error:
        lines = ["  " + ": ".join(filter(None, (".".join(map(str, e["loc"])), e["msg"]))) for e in error.errors()]
        raise SpecError("\n".join([f"{file}: {error.error_count()} wrong", *lines])) from error
