"""The drift report that retraining looks at: that of the newest partition."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ml_platform.pipeline.model import Model
from ml_platform.stores.database.schema import manifests
from ml_platform.stores.manifests import is_of
from ml_platform.stores.stores import Stores


@dataclass(frozen=True)
class StoredReport:
    """A drift report as it is stored."""

    partition: str | None
    version: str
    document: dict[str, Any]
    stored_at: datetime

    @property
    def scored(self) -> str:
        """What the report is on, in words."""
        return self.partition or "the whole table"


def newest_report(model: Model, stores: Stores) -> StoredReport | None:
    """Return the report of the newest partition that has one: an older partition may have been scored again since."""
    partitions = stores.documents.partitions(model.name, "drift") if model.spec.partitions else [None]
    artifact = model.artifact("drift", partitions[-1] if partitions else None)
    current = stores.manifests.rows(*is_of(artifact), manifests.c.superseded_at.is_(None))
    if not current:
        return None
    manifest = stores.documents.require(artifact)
    document = stores.documents.read_version(manifest)
    return StoredReport(artifact.partition, manifest.version, document, current[0].stored_at)


def passed_over(model: Model, stores: Stores, report: StoredReport) -> str | None:
    """Return why a report triggers nothing whatever it says, or None: it is about new data and the champion."""
    champion, version = stores.ledger(model.name).champion(), report.document["model_version"]
    if champion is None:
        return None
    if champion.version != version:
        return f"The report on {report.scored} is about version {version}; version {champion.version} is champion now."
    partitions, as_of = model.spec.partitions, champion.partition
    if (
        partitions
        and report.partition
        and as_of
        and partitions.starts_at(report.partition) <= partitions.starts_at(as_of)
    ):
        return f"Drift on {report.scored} triggers nothing: version {version} was trained on data up to {as_of}."
    return None
