"""The indexes say what is stored, as it is now."""

from __future__ import annotations

from pathlib import Path

import pytest

from ml_platform.reports.facts import Facts
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores
from ml_platform_tests.reports.stored import CALM, DRIFTED, NOON, REPORT

# Great Expectations imports modules of the standard library that are on their way out
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")


def test_a_model_has_its_champion_and_the_status_of_each_partition(shop: Stores) -> None:
    facts = Facts(shop)
    assert facts.models() == ["shop"]
    model = facts.model("shop")
    assert model.champion is not None
    assert (model.champion.version, model.champion.at) == ("1", NOON)
    assert model.promoted == {"1"}
    march, february, january = model.partitions
    assert [one.partition for one in model.partitions] == ["2013-03", "2013-02", "2013-01"]
    assert january.contracts["orders"].failed == ()
    assert february.contracts["orders"].n_quarantined == 1
    assert "key" in march.contracts["orders"].failed
    assert model.broken == [("orders", "2013-03")]
    assert set(model.shared) == {"items"}
    assert (model.scored, model.decided) == (february, february)
    assert february.drift is not None
    assert (february.drift.level, february.drift.worst, february.drift.n_rows) == ("critical", (DRIFTED,), 800)
    assert february.decision is not None
    assert february.decision.failed == ("it is <worse>",)
    assert january.decision is not None
    assert (january.decision.promote, january.drift) == (True, None)


def test_a_new_version_is_seen_at_once(shop: Stores) -> None:
    facts = Facts(shop)
    facts.model("shop")
    calm = {**REPORT.to_document(), "columns": [vars(CALM)], "model_version": "2"}
    shop.documents.write(ArtifactKey("shop", "drift", "2013-02"), calm)
    scored = facts.model("shop").scored
    assert scored is not None
    assert scored.drift is not None
    assert (scored.drift.level, scored.drift.version, scored.drift.worst) == ("ok", "2", ())


def test_a_table_without_partitions_is_the_only_row(tmp_path: Path) -> None:
    stores = Stores(Installation(tmp_path, ""))
    stores.documents.write(ArtifactKey("shop", "drift"), {**REPORT.to_document(), "model_version": "1"})
    model = Facts(stores).model("shop")
    assert [one.partition for one in model.partitions] == [None]
    assert model.shared == {}
    assert model.champion is None
