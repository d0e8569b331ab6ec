"""A run has come to a decision when the ledger says so, or when it confirmed the decision on an unchanged candidate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import dagster as dg
import pytest

from ml_platform.orchestration.decided import came_to_decision
from ml_platform.stores.ledger_entry import LedgerEntry
from ml_platform.stores.stores import Stores

NOW = datetime(2013, 5, 1, tzinfo=UTC)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def materialize(instance: dg.DagsterInstance, *path: str, fails: bool = False) -> str:
    """Run the asset, and one behind it that may fail; return the run's id."""

    @dg.asset(key=list(path))
    def made() -> None: ...

    @dg.asset(deps=[made])
    def behind() -> None:
        if fails:
            raise dg.Failure("killed")

    return dg.materialize([made, behind], instance=instance, raise_on_error=False).run_id


def test_a_run_of_the_ledger_has_also_when_it_failed(instance: dg.DagsterInstance, stores: Stores) -> None:
    entry = LedgerEntry(NOW, "flights", "2013-01", "rejected", None, "mlflow", "0", dagster_run_id="a")
    stores.ledger("flights").append(entry)
    assert came_to_decision(instance, stores, "flights", "a")
    assert not came_to_decision(instance, stores, "flights", "b")
    assert not came_to_decision(instance, stores, "employment", "a")


def test_a_run_that_was_killed_between_the_decision_and_the_promotion_has_not(
    instance: dg.DagsterInstance, stores: Stores
) -> None:
    run_id = materialize(instance, "flights", "decision", fails=True)
    entry = LedgerEntry(NOW, "flights", "2013-01", "registered", "1", "mlflow", "0", dagster_run_id=run_id)
    stores.ledger("flights").append(entry)
    assert not came_to_decision(instance, stores, "flights", run_id)
    stores.ledger("flights").append(replace(entry, action="promoted"))
    assert came_to_decision(instance, stores, "flights", run_id)


def test_a_run_that_confirmed_a_decision_has_and_one_that_stopped_before_has_not(
    instance: dg.DagsterInstance, stores: Stores
) -> None:
    confirmed = materialize(instance, "flights", "decision")
    stopped = materialize(instance, "flights", "evaluation")
    assert came_to_decision(instance, stores, "flights", confirmed)
    assert not came_to_decision(instance, stores, "flights", stopped)
    assert not came_to_decision(instance, stores, "employment", confirmed)
