"""How a kind of asset becomes Dagster assets of a model: keys, tags, partitions, metadata and clear failures."""

import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import dagster as dg

from ml_platform.errors import PlatformError
from ml_platform.orchestration.keys import asset_key, partitions_def
from ml_platform.orchestration.metadata import table_schema
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.artifact import Manifest
from ml_platform.stores.stores import Stores


@dataclass(frozen=True)
class Made:
    """One asset that a step has made, and what to show of it.

    Attributes
    ----------
    columns
        Description of its columns.
    kept
        Whether it is unchanged: then the UI goes on to show what it showed of it before.
    """

    asset: str
    version: str
    manifest: Manifest
    metadata: Mapping[str, Any] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    kept: bool = False


DATA_VERSION = "dagster/data_version"
"""Dagster's tag of a materialization."""

Body = Callable[[Model, Stores, str | None, RunContext], Iterable[Made]]
"""Calls a step of `ml_platform.pipeline`, and says what to show of what it has made."""


@dataclass(frozen=True)
class Asset:
    """One asset of a kind."""

    name: str
    description: str
    kinds: frozenset[str]
    partitioned: bool = True


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


def build_asset(model: Model, kind: AssetKind) -> dg.AssetsDefinition:
    """Return the Dagster assets of one kind for one model."""
    resources = {"stores", "mlflow"} if kind.uses_mlflow else {"stores"}

    @dg.multi_asset(
        name="__".join((model.name, kind.assets[0].name)),
        specs=[_spec(model, kind, asset) for asset in kind.assets],
        required_resource_keys=resources,
        pool=kind.pool,
        can_subset=len(kind.assets) > 1,
    )
    def _asset(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        with clear_failures():
            for made in kind.body(model, context.resources.stores, _partition(context), _run(context, kind)):
                if asset_key(model, made.asset) in context.selected_asset_keys:
                    yield _result(context, model, made)

    return _asset


def _spec(model: Model, kind: AssetKind, asset: Asset) -> dg.AssetSpec:
    return dg.AssetSpec(
        key=asset_key(model, asset.name),
        deps=[dep if isinstance(dep, dg.AssetDep) else asset_key(model, dep) for dep in kind.deps],
        description=asset.description,
        group_name=model.name,
        owners=model.spec.owners,
        kinds=set(asset.kinds),
        tags={"stage": kind.stage},
        code_version=model.version,
        partitions_def=partitions_def(model) if asset.partitioned else None,
    )


def _partition(context: dg.AssetExecutionContext) -> str | None:
    """Return the entity's partition, also for an asset that has none of its own."""
    return context.partition_key if context.has_partition_key else None


def run_context(context: dg.AssetExecutionContext | dg.OpExecutionContext) -> RunContext:
    """Return what a step is told about its run; the steps of a run share what it has found fresh."""
    return RunContext(context.run.run_id, context.log.info, fresh=_fresh(context.run.run_id))


@lru_cache(maxsize=8)
def _fresh(_run_id: str) -> dict[str, Manifest]:
    return {}


def _run(context: dg.AssetExecutionContext, kind: AssetKind) -> RunContext:
    run = run_context(context)
    return replace(run, mlflow_parent=context.resources.mlflow.run_id) if kind.uses_mlflow else run


def _result(context: dg.AssetExecutionContext, model: Model, made: Made) -> dg.MaterializeResult[Any]:
    key, metadata = asset_key(model, made.asset), dict(made.metadata)
    if made.manifest.n_rows is not None:
        metadata["dagster/row_count"] = made.manifest.n_rows
        metadata["dagster/column_schema"] = table_schema(made.manifest, made.columns)
    if made.kept:
        metadata = {**_shown_before(context, key, made), **metadata}
    return dg.MaterializeResult(asset_key=key, data_version=dg.DataVersion(made.version), metadata=metadata)


def _shown_before(context: dg.AssetExecutionContext, key: dg.AssetKey, made: Made) -> Mapping[str, Any]:
    """Return the metadata of the latest materialization if it is of the same version, such as pictures."""
    wanted = dg.AssetRecordsFilter(key, asset_partitions=[context.partition_key] if context.has_partition_key else None)
    for record in context.instance.fetch_materializations(wanted, limit=1).records:
        before = record.asset_materialization
        if before is not None and (before.tags or {}).get(DATA_VERSION) == made.version:
            return dict(before.metadata)
    return {}


@contextmanager
def clear_failures() -> Iterator[None]:
    """Turn what the user can repair into a failure that shows its message and not our stack."""
    try:
        yield
    except PlatformError as error:
        where = "".join(traceback.format_tb(error.__traceback__, limit=-1))
        raise dg.Failure(str(error), metadata={"raised_at": dg.MetadataValue.md(f"```\n{where}\n```")}) from error
