"""A run has come to a decision when the ledger says so, or when it confirmed the decision on an unchanged candidate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import dagster as dg
import pytest

from ml_platform.orchestration.decided import came_to_decision
from ml_platform.stores.ledger_entry import LedgerEntry
from ml_platform.stores.stores import Stores


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def materialize(instance: dg.DagsterInstance, *path: str) -> str:
    @dg.asset(key=list(path))
    def made() -> None: ...

    return dg.materialize([made], instance=instance).run_id


def test_a_run_of_the_ledger_has_also_when_it_failed(instance: dg.DagsterInstance, stores: Stores) -> None:
    entry = LedgerEntry(datetime.now(tz=UTC), "flights", "2013-01", "rejected", None, "mlflow", "0", dagster_run_id="a")
    stores.ledger("flights").append(entry)
    assert came_to_decision(instance, stores, "flights", "a")
    assert not came_to_decision(instance, stores, "flights", "b")
    assert not came_to_decision(instance, stores, "employment", "a")


def test_a_run_that_confirmed_a_decision_has_and_one_that_stopped_before_has_not(
    instance: dg.DagsterInstance, stores: Stores
) -> None:
    confirmed = materialize(instance, "flights", "decision")
    stopped = materialize(instance, "flights", "evaluation")
    assert came_to_decision(instance, stores, "flights", confirmed)
    assert not came_to_decision(instance, stores, "flights", stopped)
    assert not came_to_decision(instance, stores, "employment", confirmed)
