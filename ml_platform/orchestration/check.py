"""How a kind of check becomes Dagster asset checks of a model."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import dagster as dg

from ml_platform.errors import PlatformError
from ml_platform.orchestration.asset import Step
from ml_platform.orchestration.keys import asset_key, partitions_def
from ml_platform.pipeline.model import Model


@dataclass(frozen=True)
class CheckSpec:
    """One check of a kind: its name below the asset, and what it promises; a warning blocks nothing."""

    name: str
    description: str
    warns: bool = False


@dataclass(frozen=True)
class Outcome:
    """What one check found."""

    check: str
    passed: bool
    message: str
    severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckKind:
    """Checks of one asset that are evaluated together, from what is stored."""

    name: str
    asset: str
    checks: tuple[CheckSpec, ...]
    body: Callable[[Step], Iterable[Outcome]]
    blocking: bool
    partitioned: bool = True


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
        for outcome in _evaluate(_step(context, model), kind):
            if outcome.check in selected:
                yield _result(model, kind, outcome)

    return _checks


def _spec(model: Model, kind: CheckKind, check: CheckSpec) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        check.name,
        asset=asset_key(model, kind.asset),
        description=check.description,
        blocking=kind.blocking and not check.warns,
        partitions_def=partitions_def(model) if kind.partitioned else None,
    )


def _step(context: dg.AssetCheckExecutionContext, model: Model) -> Step:
    op = context.op_execution_context
    partition = op.partition_key if op.has_partition_key else None
    return Step(model, op.resources.stores, partition, op.run.run_id, op.log.info)


def _evaluate(step: Step, kind: CheckKind) -> Iterable[Outcome]:
    """Evaluate all checks of a kind; when they cannot run, each has failed and says why."""
    try:
        return list(kind.body(step))
    except PlatformError as error:
        return [Outcome(check.name, False, f"could not run: {error}") for check in kind.checks]


def _result(model: Model, kind: CheckKind, outcome: Outcome) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=asset_key(model, kind.asset),
        check_name=outcome.check,
        passed=outcome.passed,
        severity=outcome.severity,
        description=outcome.message,
        metadata=outcome.metadata,
    )
