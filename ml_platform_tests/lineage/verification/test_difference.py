"""A difference names what was made from the damaged thing: artifacts, model versions, and what those have scored."""

from __future__ import annotations

import sqlalchemy as sa

from ml_platform.lineage.verification.difference import History as ModelHistory
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.database.schema import ledger, manifests
from ml_platform.stores.manifests import id_of, is_of
from ml_platform.stores.stores import Stores
from ml_platform_tests.history import PREDICTIONS, History
from ml_platform_tests.lineage.verification.small import DECISION, FEATURES, VALIDATION, change, fill, shown, verify
from ml_platform_tests.lineage.verification.test_verify import file_of, flip
from ml_platform_tests.place import Place

TRAINED_ON = ArtifactKey("flights", "features", "2013-01")


def test_dependents_are_all_that_was_made_from_a_manifest_and_not_itself(stores: Stores) -> None:
    fill(stores)
    history = ModelHistory(stores, "m")
    validation = id_of(stores.manifests.require(VALIDATION))
    older = {f"{manifest.artifact} {manifest.version[:12]}" for manifest in history.manifests.values()}
    made = set(history.dependents([validation]))
    assert made == older - {shown(stores, VALIDATION)}
    assert history.dependents([id_of(stores.manifests.require(FEATURES))]) == (shown(stores, DECISION),)
    assert history.dependents([]) == ()


def test_what_cannot_be_read_is_left_out_of_a_history_and_still_one_of_its_rows(stores: Stores) -> None:
    fill(stores)
    change(stores, sa.update(manifests).where(*is_of(VALIDATION)).values(content="{}"))
    history = ModelHistory(stores, "m")
    assert id_of(stores.manifests.require(FEATURES)) in history.manifests
    assert len(history.rows) == len(history.manifests) + 1
    change(stores, sa.insert(ledger).values(model="m", number=1, content="{}", seal="none"))
    assert history.entries == ()


def test_an_older_version_of_a_training_set_names_the_model_that_was_trained_on_it(
    history: History, copied: Place
) -> None:
    version = history.training[TRAINED_ON][0].version
    flip(file_of(copied, TRAINED_ON, version), 2000)
    (found,) = verify(copied.stores, str(TRAINED_ON))
    assert "model 'flights' version 1" in found.dependents
    assert f"{PREDICTIONS} {history.predictions.version[:12]}" in found.dependents
    assert "older version" in found.run
