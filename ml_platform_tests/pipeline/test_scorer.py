"""The database says who is champion, MLflow's alias follows, and a version is verified when it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from ml_platform.errors import ModelError
from ml_platform.pipeline.scorer import Scorer, current_champion
from ml_platform.stores.ledger_entry import LedgerEntry
from ml_platform.stores.mlflow.registry import ModelVersion
from ml_platform.stores.stores import Stores
from ml_platform_tests.loop import Loop


@dataclass
class FakeRegistry:
    """A registry in memory, with versions 1 and 2."""

    alias: str | None = None
    versions: dict[str, ModelVersion] = field(
        default_factory=lambda: {n: ModelVersion("flights", n, f"run{n}", n * 64, {}) for n in ("1", "2")}
    )

    def champion(self, _model: str) -> ModelVersion | None:
        return self.versions[self.alias] if self.alias else None

    def version(self, model: str, version: str) -> ModelVersion:
        if version not in self.versions:
            raise ModelError(f"model '{model}' has no version {version}")
        return self.versions[version]

    def promote(self, model: str, version: str) -> None:
        self.alias = self.version(model, version).version


@pytest.fixture
def registry(stores: Stores) -> FakeRegistry:
    fake: Any = FakeRegistry()
    stores.__dict__["registry"] = fake
    return fake  # type: ignore[no-any-return]


def promote(stores: Stores, version: str, expected: str | None) -> None:
    entry = LedgerEntry(datetime(2013, 4, 1, tzinfo=UTC), "flights", None, "promoted", version, "run", version * 64)
    stores.ledger("flights").promote(entry, expected_champion=expected)


def test_there_is_no_champion_before_the_first_promotion(stores: Stores, registry: FakeRegistry) -> None:
    assert current_champion(stores, "flights") is None


def test_an_alias_that_a_killed_promotion_has_left_behind_is_moved(stores: Stores, registry: FakeRegistry) -> None:
    for before, version in ((None, "1"), ("1", "2")):
        promote(stores, version, before)
        assert registry.alias == before
        assert current_champion(stores, "flights") == registry.versions[version]
        assert registry.alias == version


def test_a_champion_that_was_deleted_from_mlflow_is_an_error(stores: Stores, registry: FakeRegistry) -> None:
    promote(stores, "1", None)
    del registry.versions["1"]
    with pytest.raises(ModelError, match="model 'flights' has no version 1"):
        current_champion(stores, "flights")


def test_a_champion_that_the_ledger_has_never_heard_of_is_an_error(stores: Stores, registry: FakeRegistry) -> None:
    """The database was lost: a candidate would be compared with nobody."""
    registry.alias = "2"
    with pytest.raises(ModelError, match=r"version 2 champion, but the ledger of 'flights' in .* has no promotion"):
        current_champion(stores, "flights")


def test_the_champion_scores_as_it_did_for_the_predictions(loop: Loop) -> None:
    champion = current_champion(loop.stores, "tumours")
    assert champion is not None
    scorer = Scorer.load(loop.stores, champion, loop.model.output)
    frame = loop.made["make_features"].frame
    np.testing.assert_array_equal(scorer.score(frame), loop.made["predict"].frame["score"])
    assert scorer.unseen_rows(frame).sum() == loop.made["predict"].n_unseen
