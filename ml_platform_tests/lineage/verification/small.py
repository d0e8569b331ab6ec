"""A few things that are stored, and what is found when somebody changes them behind the platform's back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import sqlalchemy as sa

from ml_platform.lineage.verification.difference import Difference
from ml_platform.lineage.verification.verify import checks
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.stores import Stores

VALIDATION = ArtifactKey("m", "validation_rows", "2013-01")
FEATURES = ArtifactKey("m", "features", "2013-01")
DECISION = ArtifactKey("m", "decision", "2013-01")
FRAME = pd.DataFrame({"id": np.arange(1000), "x": np.linspace(0, 1, 1000)})


def fill(stores: Stores) -> None:
    """Store a document, features made from it (twice, so that there is an older version), a decision and a report."""
    made_from = stores.documents.write(VALIDATION, {"passed": True})
    made_from = {str(VALIDATION): made_from.version}
    stores.tables.write(FEATURES, FRAME.head(10), inputs=made_from)
    features = stores.tables.write(FEATURES, FRAME, inputs=made_from)
    stores.documents.write(DECISION, {"promote": True}, inputs={str(FEATURES): features.version})
    stores.reports.write(ArtifactKey("m", "drift", "2013-01"), b"<p>fine</p>")


def verify(stores: Stores, words: str = "") -> list[Difference]:
    """Run the checks that have the words in their name."""
    return [difference for check in checks(stores) if words in check.name for difference in check.differences()]


def change(stores: Stores, *statements: sa.Executable) -> None:
    """Change the database behind the platform's back."""
    with stores.database.writing("test") as connection:
        for statement in statements:
            connection.execute(statement)


def shown(stores: Stores, artifact: ArtifactKey) -> str:
    return f"{artifact} {stores.manifests.require(artifact).version[:12]}"
