"""How a kind of check becomes Dagster asset checks of a model."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import dagster as dg

from ml_platform.errors import PlatformError
from ml_platform.orchestration.asset import run_context
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

    name: str
    asset: str
    rules: tuple[Rule, ...]
    body: Body
    blocking: bool
    partitioned: bool = True

    @property
    def checks(self) -> tuple[Rule, ...]:
        """The checks that Dagster sees: one per rule, or one per kind of rule where there are many columns."""
        return tuple(group_rules(self.rules))


def build_checks(model: Model, kind: CheckKind) -> dg.AssetChecksDefinition:
    """Return the Dagster checks of one kind for one model."""

    @dg.multi_asset_check(
        name="__".join((model.name, kind.asset, kind.name)),
        specs=[_spec(model, kind, check) for check in kind.checks],
        can_subset=True,
        required_resource_keys={"stores"},
    )
    def _checks(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        selected = {key.name for key in context.selected_asset_check_keys}
        for outcome in _evaluate(context.op_execution_context, model, kind):
            if outcome.check in selected:
                yield _result(model, kind, outcome)

    return _checks


def _spec(model: Model, kind: CheckKind, check: Rule) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        check.check,
        asset=asset_key(model, kind.asset),
        description=check.description,
        blocking=kind.blocking and not check.warns,
        partitions_def=partitions_def(model) if kind.partitioned else None,
    )


def _evaluate(context: dg.OpExecutionContext, model: Model, kind: CheckKind) -> Iterable[Outcome]:
    """Evaluate all checks of a kind; when they cannot run, each has failed and says why."""
    partition = context.partition_key if context.has_partition_key else None
    try:
        body = kind.body(model, context.resources.stores, partition, run_context(context))
        return list(group_outcomes(kind.rules, body))
    except PlatformError as error:
        return [Outcome(check.check, False, f"could not run: {error}") for check in kind.checks]


def _result(model: Model, kind: CheckKind, outcome: Outcome) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=asset_key(model, kind.asset),
        check_name=outcome.check,
        passed=outcome.passed,
        severity=outcome.severity,
        description=outcome.message,
        metadata=outcome.metadata,
    )
