"""How a kind of asset becomes Dagster assets of a model: keys, tags, partitions, metadata and clear failures."""

import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import dagster as dg

from ml_platform.errors import PlatformError
from ml_platform.orchestration.keys import asset_key, partitions_def
from ml_platform.pipeline.model import Model
from ml_platform.stores.artifact import ArtifactKey, Manifest
from ml_platform.stores.stores import Stores

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Step:
    """What an asset's body works with."""

    model: Model
    stores: Stores
    partition: str | None
    """The entity's partition, also in the body of an asset that has none of its own."""
    run_id: str
    log: Callable[[str], None]
    mlflow_parent: str | None = None
    """MLflow run that stands for the Dagster run."""

    def now(self) -> datetime:
        """Return the time of the step: read here, and passed on from here."""
        return datetime.now(tz=UTC)

    def artifact(self, asset: str) -> ArtifactKey:
        """Return where a partitioned asset keeps this partition."""
        return self.model.artifact(asset, self.partition)

    def table_artifact(self, stage: str, table: str) -> ArtifactKey:
        """Return where ``<stage>_<table>`` keeps what belongs to this partition."""
        return self.model.table_artifact(stage, table, self.partition)

    def table(
        self,
        artifact: ArtifactKey,
        inputs: Mapping[str, str],
        make: "Callable[[], pd.DataFrame]",
        relies_on: Mapping[str, str] | None = None,
    ) -> "tuple[Manifest, pd.DataFrame]":
        """Return the table that these inputs give: the stored one, or the one that is made and stored now.

        So whatever depends on it is recomputed when an input has changed, and only then. For `relies_on` see
        `TableStore.write`.
        """
        frame = self.stores.tables.read_made_from(artifact, inputs)
        if frame is not None:
            self.log(f"{artifact}: made from the same inputs before, kept")
            return self.stores.tables.require(artifact), frame
        frame = make()
        return self.stores.tables.write(artifact, frame, inputs=inputs, relies_on=relies_on, run_id=self.run_id), frame


@dataclass(frozen=True)
class Made:
    """One asset that a body has stored, and what to show of it."""

    asset: str
    version: str
    manifest: Manifest | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    """What its columns mean."""


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
    body: Callable[[Step], Iterable[Made]]
    deps: Sequence[str | dg.AssetDep] = ()
    """Leaves, or dependencies with a partition mapping."""
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
            for made in kind.body(_step(context, model, kind)):
                if asset_key(model, made.asset) in context.selected_asset_keys:
                    yield _result(model, made)

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


def _step(context: dg.AssetExecutionContext, model: Model, kind: AssetKind) -> Step:
    partition = context.partition_key if context.has_partition_key else None
    parent = context.resources.mlflow.mlflow_run_id if kind.uses_mlflow else None
    return Step(model, context.resources.stores, partition, context.run.run_id, context.log.info, parent)


def _result(model: Model, made: Made) -> dg.MaterializeResult[Any]:
    metadata = dict(made.metadata)
    if made.manifest is not None and made.manifest.n_rows is not None:
        metadata["dagster/row_count"] = made.manifest.n_rows
        metadata["dagster/column_schema"] = table_schema(made.manifest, made.columns)
    return dg.MaterializeResult(
        asset_key=asset_key(model, made.asset), data_version=dg.DataVersion(made.version), metadata=metadata
    )


def table_schema(manifest: Manifest, meanings: Mapping[str, str]) -> dg.TableSchema:
    """Return a table's columns in the form that the UI shows."""
    return dg.TableSchema([dg.TableColumn(c.name, c.type, meanings.get(c.name)) for c in manifest.columns])


@contextmanager
def clear_failures() -> Iterator[None]:
    """Turn what the user can repair into a failure that shows its message and not our stack."""
    try:
        yield
    except PlatformError as error:
        where = "".join(traceback.format_tb(error.__traceback__, limit=-1))
        raise dg.Failure(str(error), metadata={"raised_at": dg.MetadataValue.md(f"```\n{where}\n```")}) from error
