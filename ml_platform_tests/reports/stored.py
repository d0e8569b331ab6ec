"""A model with a history, written straight into the stores."""

from __future__ import annotations

from datetime import UTC, datetime

from ml_platform.contract.validation import validate
from ml_platform.drift.report import ColumnDrift, DriftReport
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.ledger_entry import LedgerEntry
from ml_platform.stores.stores import Stores
from ml_platform_tests.contract.small import orders
from ml_platform_tests.contract.test_page import table

NOON = datetime(2013, 2, 1, 12, tzinfo=UTC)
DRIFTED = ColumnDrift("temp<b>", 3.27, 0.0, 0.0, "critical", "temp<b>: …")
CALM = ColumnDrift("origin", 0.01, 0.5, 0.5, "ok", "origin: …")
REPORT = DriftReport("population_stability_index", 0.1, 0.2, 900, 800, (CALM, DRIFTED))


def fill(stores: Stores) -> None:
    """Store `shop`: January promoted, February scored, with drift, and its candidate rejected; March is broken."""
    months = {"2013-01": table(), "2013-02": table(amount=[99.5, *[1.0] * 39]), "2013-03": table(order=0)}
    contract = orders(stores.installation.data)
    for month, frame in months.items():
        result = validate(contract, frame, file=f"{month}.parquet")
        document = {**result.to_document(), "passed": result.passed}
        stores.documents.write(ArtifactKey("shop", "validation_orders", month), document)
    items = {**validate(contract, table(), file="items.parquet").to_document(), "passed": True}
    stores.documents.write(ArtifactKey("shop", "validation_items"), items)
    stores.documents.write(ArtifactKey("shop", "drift", "2013-02"), {**REPORT.to_document(), "model_version": "1"})
    decide(stores, "2013-01", version="1", reason="it is better")
    decide(stores, "2013-02", version=None, reason="it is <worse>")
    pages = (
        ("contract_orders", "2013-01"),
        ("contract_orders", "2013-02"),
        ("drift", "2013-02"),
        ("evidently", "2013-02"),
    )
    for asset, month in pages:
        stores.reports.write(ArtifactKey("shop", asset, month), f"<p>{asset}</p>".encode())


def decide(stores: Stores, month: str, *, version: str | None, reason: str) -> None:
    gates = [{"gate": "beats_baseline", "passed": version is not None, "reason": reason}]
    document = {"promote": version is not None, "version": version, "results": gates}
    stores.documents.write(ArtifactKey("shop", "decision", month), document)
    action = "promoted" if version else "rejected"
    entry = LedgerEntry(NOON, "shop", month, action, version, "run", "a" * 64, (reason,))  # type: ignore[arg-type]
    stores.ledger("shop").append(entry)
