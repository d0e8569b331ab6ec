"""What the indexes say of a model, read from what is stored: contracts, drift and decision of each partition."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ml_platform.drift.report import LEVELS, ColumnDrift, DriftReport, Level
from ml_platform.lineage.facts import VALIDATION
from ml_platform.stores.artifact import WHOLE, Manifest
from ml_platform.stores.database.schema import manifests as table
from ml_platform.stores.ledger_entry import LedgerEntry
from ml_platform.stores.stores import Stores


@dataclass(frozen=True)
class ContractStatus:
    """The validation result of a table."""

    passed: bool
    n_checks: int
    failed: tuple[str, ...]
    """Names of the checks that do not hold, those that only warn too."""
    n_rows: int
    n_quarantined: int


@dataclass(frozen=True)
class DriftStatus:
    """The drift report of a partition."""

    version: str
    """Of the model that scored it."""
    n_rows: int
    n_columns: int
    levels: tuple[tuple[Level, int], ...]
    """Columns per level, the worst first."""
    worst: tuple[ColumnDrift, ...]
    metric: str

    @property
    def level(self) -> Level:
        """The worst level."""
        return self.levels[0][0]


@dataclass(frozen=True)
class DecisionStatus:
    """The decision about the candidate of a partition."""

    promote: bool
    version: str | None
    failed: tuple[str, ...]
    """A sentence per gate that failed."""


@dataclass
class PartitionStatus:
    """What is stored of a partition; None where nothing is."""

    partition: str | None
    contracts: dict[str, ContractStatus] = field(default_factory=dict)
    """By table."""
    drift: DriftStatus | None = None
    decision: DecisionStatus | None = None


@dataclass(frozen=True)
class ModelStatus:
    """A model as the indexes show it."""

    name: str
    champion: LedgerEntry | None
    """Its promotion."""
    promoted: frozenset[str]
    """Versions that were ever promoted."""
    partitions: tuple[PartitionStatus, ...]
    """The newest first."""
    shared: Mapping[str, ContractStatus]
    """Contracts of tables that all partitions share."""

    @property
    def scored(self) -> PartitionStatus | None:
        """The newest partition with a drift report."""
        return next((one for one in self.partitions if one.drift), None)

    @property
    def decided(self) -> PartitionStatus | None:
        """The newest partition with a decision."""
        return next((one for one in self.partitions if one.decision), None)

    @property
    def broken(self) -> list[tuple[str, str | None]]:
        """Table and partition of every contract that is broken."""
        found = [(name, None) for name, contract in self.shared.items() if not contract.passed]
        own = ((one.partition, one.contracts) for one in self.partitions)
        return [*found, *((name, key) for key, all_ in own for name, one in all_.items() if not one.passed)]


class Facts:
    """Reads the status of models. A document is summarized once: its version is the digest of its content."""

    def __init__(self, stores: Stores) -> None:
        self.stores = stores
        self._summaries: dict[tuple[str, str], Any] = {}

    def models(self) -> list[str]:
        """Return the models of which something is stored, in order."""
        return self.stores.manifests.models()

    def model(self, name: str) -> ModelStatus:
        """Return the status of a model."""
        of_model = (table.c.model == name, table.c.superseded_at.is_(None))
        wanted = table.c.asset.startswith(VALIDATION, autoescape=True) | table.c.asset.in_(("drift", "decision"))
        partitions: dict[str | None, PartitionStatus] = {}
        for manifest in self.stores.manifests.select(*of_model, wanted).values():
            artifact = manifest.key
            self._enter(partitions.setdefault(artifact.partition, PartitionStatus(artifact.partition)), manifest)
        shared = partitions.pop(None).contracts if None in partitions and len(partitions) > 1 else {}
        ledger = self.stores.ledger(name)
        return ModelStatus(
            name=name,
            champion=ledger.champion(),
            promoted=frozenset(e.version for e in ledger.entries() if e.action == "promoted" and e.version),
            partitions=tuple(sorted(partitions.values(), key=lambda one: one.partition or WHOLE, reverse=True)),
            shared=shared,
        )

    def _enter(self, status: PartitionStatus, manifest: Manifest) -> None:
        asset = manifest.key.asset
        if asset == "drift":
            status.drift = self._summary(manifest, _drift)
        elif asset == "decision":
            status.decision = self._summary(manifest, _decision)
        else:
            status.contracts[asset.removeprefix(VALIDATION)] = self._summary(manifest, _contract)

    def _summary(self, manifest: Manifest, summarize: Callable[[Mapping[str, Any]], Any]) -> Any:
        key = (summarize.__name__, manifest.version)
        if key not in self._summaries:
            self._summaries[key] = summarize(self.stores.documents.read_version(manifest))
        return self._summaries[key]


def _contract(document: Mapping[str, Any]) -> ContractStatus:
    checks = document["check_results"]
    failed = tuple(one["check"] for one in checks if not one["passed"])
    return ContractStatus(document["passed"], len(checks), failed, document["n_rows"], document["n_quarantined"])


def _drift(document: Mapping[str, Any]) -> DriftStatus:
    report = DriftReport.from_document(document)
    counted = Counter(column.level for column in report.columns)
    levels = tuple((level, counted[level]) for level in LEVELS if counted[level])
    worst = tuple(column for column in report.worst_first() if column.level in ("critical", "warning"))
    columns = len(report.columns)
    return DriftStatus(document["model_version"], report.n_current, columns, levels, worst, report.metric_title)


def _decision(document: Mapping[str, Any]) -> DecisionStatus:
    failed = tuple(one["reason"] for one in document["results"] if not one["passed"])
    return DecisionStatus(document["promote"], document["version"], failed)
