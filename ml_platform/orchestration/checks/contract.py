"""Does a raw file keep its contract? The stored result guards every later use of the file."""

from collections.abc import Iterator
from functools import partial

import dagster as dg

from ml_platform.orchestration.check import CheckKind
from ml_platform.orchestration.check_rules import Outcome, Rule
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.stores import Stores

SEVERITIES = {"warning": dg.AssetCheckSeverity.WARN, "error": dg.AssetCheckSeverity.ERROR}


def contract_checks(model: Model, table: str, *, partitioned: bool) -> CheckKind:
    """Return one check per column and per table rule of a contract."""
    contract = model.contracts[table]
    promised = contract.partitioned_checks if partitioned and model.spec.partitions else contract.checks
    rules = tuple(Rule(c.name, c.description, c.severity == "warning", c.column) for c in promised)
    return CheckKind(f"raw_{table}", rules, partial(_validate, table=table), True, partitioned)


def _validate(model: Model, stores: Stores, partition: str | None, run: RunContext, *, table: str) -> Iterator[Outcome]:
    from ml_platform.pipeline.validation import validate_table

    result = validate_table(model, stores, partition, run, table=table)
    page = dg.MetadataValue.url(stores.reports.address(model.table_artifact("contract", table, partition)))
    for found in result.check_results:
        metadata = {"rows_failed": found.n_failed, "report": page}
        yield Outcome(found.check, found.passed, found.message, SEVERITIES[found.severity], metadata)
