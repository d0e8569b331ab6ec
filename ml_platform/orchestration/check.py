"""How a kind of check becomes Dagster asset checks of a model."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import dagster as dg

from ml_platform.errors import PlatformError
from ml_platform.orchestration.check_rules import Outcome, Rule, group_outcomes, group_rules
from ml_platform.orchestration.keys import asset_key, partitions_def
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.stores import Stores

Body = Callable[[Model, Stores, str | None, RunContext], Iterable[Outcome]]
"""Calls a step of `ml_platform.pipeline`, and yields whether each rule holds."""


@dataclass(frozen=True)
class CheckKind:
    """Checks of one asset that are evaluated together; `body` yields an outcome for each rule."""

    asset: str
    rules: tuple[Rule, ...]
    body: Body
    blocking: bool
    partitioned: bool = True

    @property
    def checks(self) -> tuple[Rule, ...]:
        """The checks that Dagster sees: one per rule, or one per kind of rule where there are many columns."""
        return tuple(group_rules(self.rules))


def check_spec(model: Model, kind: CheckKind, check: Rule) -> dg.AssetCheckSpec:
    """Return what Dagster is told of one check."""
    return dg.AssetCheckSpec(
        check.check,
        asset=asset_key(model, kind.asset),
        description=check.description,
        blocking=kind.blocking and not check.warns,
        partitions_def=partitions_def(model) if kind.partitioned else None,
    )


def evaluate(model: Model, kind: CheckKind, stores: Stores, partition: str | None, run: RunContext) -> list[Outcome]:
    """Evaluate all checks of a kind; when they cannot run, each has failed and says why."""
    try:
        return list(group_outcomes(kind.rules, kind.body(model, stores, partition, run)))
    except PlatformError as error:
        return [Outcome(check.check, False, f"could not run: {error}") for check in kind.checks]


def told(model: Model, kind: CheckKind, outcome: Outcome) -> dict[str, Any]:
    """Return what Dagster is told of an outcome, whichever event it becomes."""
    return {
        "asset_key": asset_key(model, kind.asset),
        "check_name": outcome.check,
        "passed": outcome.passed,
        "severity": outcome.severity,
        "description": outcome.message,
        "metadata": outcome.metadata,
    }
