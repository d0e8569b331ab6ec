"""The whole of a model's ``defs.yaml``. Each stage owns the settings of its block; here the blocks are combined."""

import re
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic.json_schema import JsonSchemaValue

from ml_platform.choices import Block, did_you_mean
from ml_platform.delivery import Delivery
from ml_platform.drift.settings import DriftSettings
from ml_platform.errors import At, SpecError, within
from ml_platform.evaluation.metrics import METRICS, validate_metric
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
from ml_platform.yaml_lines import spec_error

LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C loader takes a tenth of the time, where PyYAML was built with it."""
DEFS = "defs.yaml"
"""Name of the file in a model's folder."""
NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


class MetricNames:
    """Annotation of a block of a stage that does not know METRICS: its JSON schema lists their names."""

    def __get_pydantic_json_schema__(self, core_schema: Any, handler: Any) -> JsonSchemaValue:
        schema: JsonSchemaValue = handler(core_schema)
        block = handler.resolve_ref_schema(schema)["properties"]
        for options in (block, *(options["properties"] for options in block.values() if "properties" in options)):
            for option in ("select_by", "metric"):
                if option in options:
                    options[option] = {"enum": [*METRICS]}
        return schema


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
    training: Annotated[TrainingSettings, MetricNames()]
    evaluation: EvaluationSettings = EvaluationSettings()
    gates: Annotated[Gates, MetricNames()]
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
        with within("leakage"):
            self.leakage.validate_features([feature.name for feature in self.features])
        self.target.validate_task(self.task)
        with within("training"):
            self.training.validate_task(self.task)
        with within("training", "select_by"):
            validate_metric(self.training.select_by, self.task, "training.select_by: metric")
        with within("evaluation", "metrics"):
            metrics = self.metrics
        with within("gates"):
            self.gates.validate_metrics(metrics)
        with within("delivery"):
            if self.delivery.row_number is not None and self.delivery.row_number not in self.entity.key:
                raise SpecError(f"delivery.row_number: '{self.delivery.row_number}' is not the key, {self.entity.key}")
        for column in self.training.group:
            if column not in self.entity.key:
                guess = did_you_mean(column, self.entity.key)
                raise SpecError(f"training.group: '{column}' is not a key column. {guess}", ("training", "group"))
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
            raise SpecError(f"entity.time names no column, and without it there is no {', '.join(used)}", ("entity",))

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
    """Read a model's ``defs.yaml`` without Dagster. A SpecError names the file, and the line of all that is wrong."""
    file = folder / DEFS
    try:
        attributes = yaml.load(file.read_text(encoding="utf-8"), Loader=LOADER)["attributes"]
    except FileNotFoundError as error:
        raise SpecError(f"{file} does not exist") from error
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise SpecError(f"{file} is not a component's YAML with 'type' and 'attributes': {error}") from error
    return validate_spec(attributes, file)


def validate_spec(attributes: Any, file: Path) -> ModelSpec:
    """Return what the ``attributes`` of a file say. A SpecError shows the line of all that is wrong."""
    try:
        return ModelSpec.model_validate(attributes)
    except ValidationError as error:
        raise spec_error(file, map(_problem, error.errors())) from None


def _known_keys(block: Iterable[str | int]) -> list[str]:
    """Return the keys that a block of the YAML may have."""
    schema = whole = ModelSpec.model_json_schema()
    for step in block:
        inner = schema["items"] if isinstance(step, int) else schema["properties"][step]
        schema = next(option for option in inner.get("anyOf", [inner]) if option.get("type") != "null")
        schema = whole["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return [*schema["properties"]]


def _problem(error: Any) -> tuple[At, str]:
    """Return where an error of pydantic's lies, and what is wrong there."""
    at, cause = tuple(error["loc"]), error.get("ctx", {}).get("error")
    message = str(cause or error["msg"])
    if error["type"] == "extra_forbidden":
        *block, key = at
        message = f"unknown key '{key}'. {did_you_mean(str(key), _known_keys(block))}"
    elif cause is None:
        message = f"{'.'.join(map(str, at))}: {message}"
    return at + getattr(cause, "at", ()), message
