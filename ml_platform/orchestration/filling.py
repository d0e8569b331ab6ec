"""A step fills the holes before its partition: it makes the earlier partitions that it reads, in its own run."""

from collections.abc import Iterator

import dagster as dg

from ml_platform.errors import UncheckedData
from ml_platform.orchestration.asset_kind import DATA_VERSION, AssetKind, Made, show
from ml_platform.orchestration.check import CheckKind, evaluate, told
from ml_platform.orchestration.keys import asset_key
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.stores import Stores

OfEarlier = dg.AssetMaterialization | dg.AssetCheckEvaluation
"""What Dagster is told of an earlier partition."""


def fill(model: Model, kind: AssetKind, stores: Stores, partition: str | None, run: RunContext) -> Iterator[OfEarlier]:
    """Make what a step needs of earlier partitions, and yield what Dagster is to know of it.

    Raises
    ------
    UncheckedData
        When an earlier partition breaks a blocking check.
    """
    for filling in kind.fills:
        for hole in filling.holes(model, stores, partition, run):
            run.log(f"{hole} is missing or stale, and needed for {partition}: made now")
            for needed in filling.kinds:
                yield from _make(model, needed, stores, hole, run)


def _make(model: Model, kind: AssetKind | CheckKind, stores: Stores, hole: str, run: RunContext) -> Iterator[OfEarlier]:
    if isinstance(kind, CheckKind):
        yield from _check(model, kind, stores, hole, run)
    else:
        yield from fill(model, kind, stores, hole, run)
        yield from (_materialization(model, made, hole) for made in kind.body(model, stores, hole, run))


def _materialization(model: Model, made: Made, partition: str) -> dg.AssetMaterialization:
    key, tags = asset_key(model, made.asset), {DATA_VERSION: made.version}
    return dg.AssetMaterialization(key, partition=partition, metadata=show(made), tags=tags)


def _check(
    model: Model, kind: CheckKind, stores: Stores, partition: str, run: RunContext
) -> Iterator[dg.AssetCheckEvaluation]:
    outcomes = evaluate(model, kind, stores, partition, run)
    for one in outcomes:
        yield dg.AssetCheckEvaluation(**told(model, kind, one), blocking=kind.blocking, partition=partition)
    failed = [one for one in outcomes if not one.passed and one.severity == dg.AssetCheckSeverity.ERROR]
    if failed:
        said = "\n".join(f"  {model.name}/{kind.asset} {one.check}: {one.message}" for one in failed)
        raise UncheckedData(f"Partition {partition} is needed, and breaks:\n{said}")
