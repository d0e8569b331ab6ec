"""What an asset is in every model: its name, what makes it, and what must be there before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import dagster as dg

from ml_platform.orchestration.check import CheckKind
from ml_platform.orchestration.metadata import table_schema
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.artifact import Manifest
from ml_platform.stores.stores import Stores

DATA_VERSION = "dagster/data_version"
"""Dagster's tag of a materialization."""


@dataclass(frozen=True)
class Made:
    """One asset that a step has made, and what to show of it."""

    asset: str
    version: str
    manifest: Manifest
    metadata: Mapping[str, Any] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    """Description of its columns."""
    kept: bool = False
    """Whether it is unchanged: then the UI goes on to show what it showed of it before."""


def show(made: Made) -> dict[str, Any]:
    """Return the metadata of a materialization."""
    if made.manifest.n_rows is None:
        return dict(made.metadata)
    schema = table_schema(made.manifest, made.columns)
    return {**made.metadata, "dagster/row_count": made.manifest.n_rows, "dagster/column_schema": schema}


Body = Callable[[Model, Stores, str | None, RunContext], Iterable[Made]]
"""Calls a step of `ml_platform.pipeline`, and says what to show of what it has made."""


@dataclass(frozen=True)
class Asset:
    """One asset of a kind."""

    name: str
    description: str
    kinds: frozenset[str]
    partitioned: bool = True
    skippable: bool = False
    """Whether a step may end well without it; what is downstream is then skipped."""


@dataclass(frozen=True)
class AssetKind:
    """What is the same for this asset in every model."""

    stage: str
    assets: tuple[Asset, ...]
    body: Body
    deps: Sequence[str | dg.AssetDep] = ()
    """Names of assets, or dependencies with a partition mapping."""
    uses_mlflow: bool = False
    pool: str | None = None
    """Steps of one pool run one at a time, also when they were launched by hand."""
    fills: Sequence[Filling] = ()
    """What it makes of earlier partitions before its own, in order."""


@dataclass(frozen=True)
class Filling:
    """What a step makes of the earlier partitions where it is missing or stale."""

    holes: Callable[[Model, Stores, str | None, RunContext], Sequence[str]]
    """Returns these partitions, oldest first."""
    kinds: Sequence[AssetKind | CheckKind]
    """What is made of each, with the blocking checks, in order."""
