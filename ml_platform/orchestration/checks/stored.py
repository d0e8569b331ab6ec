"""Is a stored table still what was recorded when it was made?"""

from collections.abc import Iterator
from functools import partial

from ml_platform.orchestration.check import CheckKind
from ml_platform.orchestration.check_rules import Outcome, Rule
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.stores import Stores

AS_RECORDED = "as_recorded"


def raw_as_recorded(table: str, *, partitioned: bool) -> CheckKind:
    """Return the check of a raw file: the file that DVC recorded, column for column."""
    rule = Rule(AS_RECORDED, "The file is the one that DVC recorded; otherwise the columns that changed are named.")
    return CheckKind(f"raw_{table}", (rule,), partial(_raw, table=table), True, partitioned)


def _raw(model: Model, stores: Stores, partition: str | None, _run: RunContext, *, table: str) -> Iterator[Outcome]:
    from ml_platform.pipeline.raw import compare_raw_file

    found = compare_raw_file(model, stores, partition, table=table)
    yield Outcome(AS_RECORDED, found.intact, found.message)


def table_as_recorded(asset: str, *, partitioned: bool = True) -> CheckKind:
    """Return the check of a table that the platform stores."""
    rule = Rule(AS_RECORDED, "The stored table is what was recorded; otherwise the columns that changed are named.")
    body = partial(_table, asset=asset, partitioned=partitioned)
    return CheckKind(asset, (rule,), body, False, partitioned)


def _table(
    model: Model, stores: Stores, partition: str | None, _run: RunContext, *, asset: str, partitioned: bool
) -> Iterator[Outcome]:
    from ml_platform.pipeline.raw import compare_table

    found = compare_table(stores, model.artifact(asset, partition if partitioned else None))
    yield Outcome(AS_RECORDED, found.intact, found.message)
