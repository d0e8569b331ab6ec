"""A model: its YAML, its contracts and its folder, read together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from ml_platform.choices import did_you_mean
from ml_platform.contract import Contract, Window, load_contract
from ml_platform.contract.references import ReferenceRule
from ml_platform.contract.rules import OneOf
from ml_platform.errors import At, SpecError, within
from ml_platform.features.derivations import load_derivations
from ml_platform.features.rolling_settings import ROLLING
from ml_platform.features.target import Target, resolve_target
from ml_platform.spec import DEFS, ModelSpec
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.files import digest, to_json
from ml_platform.stores.git import code_version
from ml_platform.task import Output
from ml_platform.yaml_lines import located

NO_INPUT: Any = {"delivery": True, "partitions": {"end"}}
"""What of a model's YAML decides no stored value: nothing becomes stale when it is changed."""


@dataclass(frozen=True)
class Model:
    """One folder under ``defs/``."""

    spec: ModelSpec
    folder: Path
    contracts: Mapping[str, Contract]
    """By table."""
    derivations: Mapping[str, Callable[..., Any]]

    @classmethod
    def load(cls, spec: ModelSpec, folder: Path) -> Model:
        """Read the contracts and ``features.py`` beside the YAML.

        Raises
        ------
        SpecError, ContractError
            When a file is missing or wrong, or a feature, key or target is not a column of its contract.
        """
        contracts = {table: load_contract(folder / spec.contract_file(table)) for table in spec.tables}
        timezone = model_timezone(spec, contracts.values())
        contracts = {table: contract.in_timezone(timezone) for table, contract in contracts.items()}
        contracts[spec.entity.table] = _with_outcome(contracts[spec.entity.table], spec)
        names = [feature.derive for feature in spec.features if feature.derive]
        names += [spec.rolling.available_at.derive] if spec.rolling and spec.rolling.available_at else []
        derivations = load_derivations(folder / "features.py" if names else None, names, timezone=timezone)
        validate_referenced_tables(spec, contracts)
        model = cls(spec, folder, contracts, derivations)
        with located(folder / DEFS):
            validate_columns(spec, contracts)
            model.target  # noqa: B018 - rejected here, where the YAML is read, when the contract does not fit it
        return model

    @property
    def name(self) -> str:
        """The model's name: first part of its asset keys, and its group."""
        return self.spec.name

    def artifact(self, asset: str, partition: str | None) -> ArtifactKey:
        """Return the key under which an asset stores a partition."""
        return ArtifactKey(self.name, asset, partition)

    def table_artifact(self, stage: str, table: str, partition: str | None) -> ArtifactKey:
        """Return the key under which ``<stage>_<table>`` stores what belongs to a partition of the entity."""
        return self.artifact(f"{stage}_{table}", self.spec.partition_of(table, partition))

    def window(self, partition: str | None) -> list[str | None]:
        """Return the training window: the partitions that a model as of `partition` is trained on."""
        if self.spec.partitions is None or partition is None:
            return [None]
        return [*self.spec.partitions.window(partition, self.spec.training.window)]

    def contract_window(self, table: str, partition: str | None) -> Window | None:
        """Return the instants that the rows of a partition of the entity's table must lie in."""
        entity, partitions = self.spec.entity, self.spec.partitions
        if table != entity.table or partitions is None or partition is None or entity.time is None:
            return None
        return Window(
            column=entity.time,
            start=partitions.starts_at(partition),
            end=partitions.ends_at(partition),
            time_format=entity.time_format,
            timezone=partitions.timezone,
        )

    def ends_at(self, partition: str | None) -> datetime | None:
        """Return the first instant after a partition."""
        return self.spec.partitions.ends_at(partition) if self.spec.partitions and partition else None

    @cached_property
    def target(self) -> Target:
        """The target, completed by the classes that the contract allows."""
        spec, contract = self.spec, self.contracts[self.spec.entity.table]
        column = contract.columns[spec.target.column]
        allowed = next((rule.values for rule in column.rules if isinstance(rule, OneOf)), None)
        where = f"column '{column.name}' in {contract.file.name}"
        with within("target"):
            return resolve_target(spec.target, spec.task, column.type, allowed, where)

    @cached_property
    def output(self) -> Output:
        """What the model predicts."""
        return Output(self.spec.task, tuple(map(str, self.target.classes or ())))

    @cached_property
    def features_version(self) -> str:
        """Digest of everything that decides the values of the features: definition and code."""
        blocks = {"entity", "joins", "rolling", "features", "partitions"}
        parts = self.spec.model_dump(mode="json", include=blocks, exclude=NO_INPUT)
        parts["target"] = self.target.model_dump(mode="json")
        code = self.folder / "features.py"
        platform = code_version("features", "instants.py").encode()
        return digest(to_json(parts) + (code.read_bytes() if code.exists() else b"") + platform)

    def contract_version(self, table: str) -> str:
        """Return the digest of a table's contract document, its time zone, and what of it is known later."""
        contract = self.contracts[table]
        read_with = to_json([self.timezone, contract.outcome, contract.known_later])
        return digest((self.folder / self.spec.contract_file(table)).read_bytes() + read_with)

    @cached_property
    def version(self) -> str:
        """Digest of the whole definition: the code version that Dagster shows."""
        contracts = {table: self.contract_version(table) for table in self.contracts}
        spec = self.spec.model_dump(mode="json", exclude=NO_INPUT)
        return digest(to_json([spec, contracts, self.features_version]))[:12]

    def column_meanings(self, table: str) -> dict[str, str]:
        """Return the description of each column in the contract of a table."""
        return {column.name: column.description for column in self.contracts[table].columns.values()}

    @property
    def timezone(self) -> str:
        """Time zone in which times without one are read, by contracts and features alike."""
        return self.contracts[self.spec.entity.table].timezone

    @property
    def kinds(self) -> dict[str, str]:
        """Return each feature's kind, in order."""
        return {feature.name: feature.kind for feature in self.spec.features}

    @property
    def profiled_kinds(self) -> dict[str, str]:
        """Return the columns that a reference profiles, and their kinds: every feature, and what is predicted."""
        return {**self.kinds, **self.output.kinds}


def _with_outcome(contract: Contract, spec: ModelSpec) -> Contract:
    """Return the contract of the entity's table, which knows the columns that are filled after the prediction."""
    later = tuple(column for column in spec.entity.available_later if column != spec.target.column)
    return replace(contract, outcome=spec.target.column, known_later=later)


def model_timezone(spec: ModelSpec, contracts: Iterable[Contract]) -> str:
    """Return the time zone of the model's partitions; without partitions, the one that its contracts state, or UTC."""
    if spec.partitions is not None:
        return spec.partitions.timezone
    stated = (column.default_time_zone for contract in contracts for column in contract.columns.values())
    return next(filter(None, stated), "UTC")


def validate_columns(spec: ModelSpec, contracts: Mapping[str, Contract]) -> None:
    """Reject a key, time, target, join or feature whose column is in no contract."""
    for table, column, where, at in _used_columns(spec):
        if column not in contracts[table].columns:
            raise SpecError(
                f"model '{spec.name}', {where}: the contract of table '{table}' has no column '{column}'. "
                f"{did_you_mean(column, contracts[table].columns)}",
                at,
            )


def _used_columns(spec: ModelSpec) -> Iterator[tuple[str, str, str, At]]:
    """Yield table, column, what uses it, and where the YAML says so."""
    entity = spec.entity
    for place, column in enumerate(entity.key):
        yield entity.table, column, "key", ("entity", "key", place)
    if entity.time:
        yield entity.table, entity.time, "time", ("entity", "time")
    yield entity.table, spec.target.column, "target", ("target", "column")
    for column in entity.available_later:
        yield entity.table, column, "available_later", ("entity", "available_later", column)
    for place, join in enumerate(spec.joins):
        for ours, theirs in join.match.items():
            yield entity.table, ours, f"join of {join.table}", ("joins", place, "match", ours)
            yield join.table, theirs, f"join of {join.table}", ("joins", place, "match", ours)
        if join.observed_at:
            yield join.table, join.observed_at, "observed_at", ("joins", place, "observed_at")
    if spec.rolling:
        for column in spec.rolling.sources(spec.target):
            yield entity.table, column, ROLLING, (ROLLING,)
    for place, feature in enumerate(spec.features):
        for nth, source in enumerate(feature.sources):
            table, _, column = source.rpartition(".")
            if table != ROLLING or spec.rolling is None:
                yield table or entity.table, column, f"feature '{feature.name}'", ("features", place, "from", nth)


def validate_referenced_tables(spec: ModelSpec, contracts: Mapping[str, Contract]) -> None:
    """Reject a reference or query of a contract that reads a table or a column which the model does not have."""
    for contract in contracts.values():
        where = f"model '{spec.name}', {contract.file.name}"
        for table in contract.referenced_tables:
            if table not in contracts:
                raise SpecError(
                    f"{where}: it refers to table '{table}', which the model does not have. "
                    f"{did_you_mean(table, contracts)}"
                )
        for rule in (rule for rule in contract.rules if isinstance(rule, ReferenceRule)):
            columns = contracts[rule.table].columns
            for target in rule.targets:
                if target not in columns:
                    raise SpecError(
                        f"{where}, {rule.name}: the contract of table '{rule.table}' has no column '{target}'. "
                        f"{did_you_mean(target, columns)}"
                    )
