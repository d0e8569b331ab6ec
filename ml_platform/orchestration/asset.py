"""How a kind of asset becomes Dagster assets of a model: keys, tags, partitions, metadata and clear failures."""

import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from typing import Any

import dagster as dg

from ml_platform.errors import PlatformError
from ml_platform.orchestration.asset_kind import DATA_VERSION, Asset, AssetKind, Made, show
from ml_platform.orchestration.check import CheckKind, check_spec, evaluate, told
from ml_platform.orchestration.check_rules import Outcome
from ml_platform.orchestration.check_summary import SUMMARY, summarize, summary_spec
from ml_platform.orchestration.filling import OfEarlier, fill
from ml_platform.orchestration.keys import asset_key, partitions_def
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.artifact import Manifest

Event = dg.MaterializeResult[Any] | dg.AssetCheckResult | OfEarlier
"""What a step tells Dagster while it runs."""


def build_asset(model: Model, kind: AssetKind, checks: Sequence[CheckKind] = ()) -> dg.AssetsDefinition:
    """Return the Dagster assets of one kind for one model, with their checks, as one step.

    A step of its own for each kind of check took as long again to load, and to run.
    """
    specs = [check_spec(model, kind, check) for kind in checks for check in kind.checks]
    of_one_asset = [[kind for kind in checks if kind.asset == asset.name] for asset in kind.assets]
    together = [kinds for kinds in of_one_asset if kinds]
    specs += filter(None, (summary_spec(model, kinds) for kinds in together))

    @dg.multi_asset(
        name="__".join((model.name, kind.assets[0].name)),
        specs=[_spec(model, kind, asset) for asset in kind.assets],
        check_specs=specs,
        required_resource_keys={"stores", "mlflow"} if kind.uses_mlflow else {"stores"},
        pool=kind.pool,
        can_subset=len(kind.assets) + len(specs) > 1,
    )
    def _asset(context: dg.AssetExecutionContext) -> Iterator[Event]:
        stores, partition, run = context.resources.stores, _partition(context), _run(context, kind)
        if context.selected_asset_keys:
            with clear_failures():
                yield from fill(model, kind, stores, partition, run)
                for made in kind.body(model, stores, partition, run):
                    if asset_key(model, made.asset) in context.selected_asset_keys:
                        yield _result(context, model, made)
        for kinds in together:
            yield from _evaluate(context, model, kinds, run)

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
        skippable=asset.skippable,
    )


def _evaluate(
    context: dg.AssetExecutionContext, model: Model, kinds: Sequence[CheckKind], run: RunContext
) -> Iterator[dg.AssetCheckResult]:
    """Evaluate the selected checks of one asset, each kind once, and sum up what was evaluated."""
    asset, outcomes = asset_key(model, kinds[0].asset), list[Outcome]()
    selected = {key.name for key in context.selected_asset_check_keys if key.asset_key == asset}
    for kind in kinds:
        if SUMMARY in selected or selected & {check.check for check in kind.checks}:
            outcomes += evaluate(model, kind, context.resources.stores, _partition(context), run)
    if SUMMARY in selected:
        outcomes = [summarize(outcomes), *outcomes]
    yield from (dg.AssetCheckResult(**told(model, kinds[0], one)) for one in outcomes if one.check in selected)


def _partition(context: dg.AssetExecutionContext) -> str | None:
    """Return the entity's partition, also for an asset that has none of its own."""
    return context.partition_key if context.has_partition_key else None


def _run(context: dg.AssetExecutionContext, kind: AssetKind) -> RunContext:
    """Return what a step is told about its run; the steps of a run share what it has found fresh."""
    run = RunContext(context.run.run_id, context.log.info, fresh=_fresh(context.run.run_id))
    return replace(run, mlflow_run=context.resources.mlflow.open) if kind.uses_mlflow else run


@lru_cache(maxsize=8)
def _fresh(_run_id: str) -> dict[str, Manifest]:
    return {}


def _result(context: dg.AssetExecutionContext, model: Model, made: Made) -> dg.MaterializeResult[Any]:
    key, metadata = asset_key(model, made.asset), show(made)
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
