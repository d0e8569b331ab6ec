"""A step fills the holes before its partition: it makes the earlier partitions that it reads, in its own run."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import dagster as dg

from ml_platform.errors import UncheckedData
from ml_platform.orchestration.asset_kind import DATA_VERSION, AssetKind, Made, show
from ml_platform.orchestration.check import CheckKind, evaluate, told
from ml_platform.orchestration.check_summary import summarize
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
            for _, together in groupby(filling.kinds, lambda needed: isinstance(needed, CheckKind) and needed.asset):
                yield from _make(model, list(together), stores, hole, run)


def _make(
    model: Model, together: Sequence[AssetKind | CheckKind], stores: Stores, hole: str, run: RunContext
) -> Iterator[OfEarlier]:
    """Make assets, or evaluate the checks of one asset."""
    checks = [kind for kind in together if isinstance(kind, CheckKind)]
    if checks:
        yield from _check(model, checks, stores, hole, run)
    for kind in together:
        if isinstance(kind, AssetKind):
            yield from fill(model, kind, stores, hole, run)
            yield from (_materialization(model, made, hole) for made in kind.body(model, stores, hole, run))


def _materialization(model: Model, made: Made, partition: str) -> dg.AssetMaterialization:
    key, tags = asset_key(model, made.asset), {DATA_VERSION: made.version}
    return dg.AssetMaterialization(key, partition=partition, metadata=show(made), tags=tags)


def _check(
    model: Model, kinds: Sequence[CheckKind], stores: Stores, partition: str, run: RunContext
) -> Iterator[dg.AssetCheckEvaluation]:
    found = [(kind, one) for kind in kinds for one in evaluate(model, kind, stores, partition, run)]
    summary = summarize([one for _, one in found])
    yield dg.AssetCheckEvaluation(**told(model, kinds[0], summary), partition=partition)
    for kind, one in found:
        yield dg.AssetCheckEvaluation(**told(model, kind, one), blocking=kind.blocking, partition=partition)
    errors = [(kind, one) for kind, one in found if not one.passed and one.severity == dg.AssetCheckSeverity.ERROR]
    if errors:
        said = "\n".join(f"  {model.name}/{kind.asset} {one.check}: {one.message}" for kind, one in errors)
        raise UncheckedData(f"Partition {partition} is needed, and breaks:\n{said}")
