"""Stale partitions: those whose stored data are missing, or older than their inputs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath

from ml_platform.errors import NotStored, UncheckedData
from ml_platform.pipeline.freshness import reference_versions, require_fresh
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.files import digest, to_json
from ml_platform.stores.stores import Stores


@dataclass(frozen=True)
class StalePartition:
    """A partition to recompute."""

    partition: str | None
    reasons: tuple[str, ...]
    state: str
    """Digest of its inputs: a recomputation that failed on them need not be tried again."""
    is_new: bool
    """Whether nothing is stored of it yet."""
    is_scored: bool


def stale_partitions(model: Model, stores: Stores, now: datetime) -> list[StalePartition]:
    """Return the partitions with a raw file whose stored data are missing or older than the file, oldest first."""
    return [one for one in _look_at_all(model, stores, now) if one.reasons]


def partitions_to_score(model: Model, stores: Stores, now: datetime) -> list[StalePartition]:
    """Return the partitions that are stale, or without a drift report on their predictions, oldest first.

    One that breaks its contract is not among them: no run can score it.
    """
    found = []
    for one in _look_at_all(model, stores, now):
        unscored = () if one.reasons or breaks_contract(model, stores, one.partition) else _unscored(model, stores, one)
        found.append(replace(one, reasons=(*one.reasons, *unscored)))
    return [one for one in found if one.reasons]


def stored_and_stale(model: Model, stores: Stores, now: datetime) -> list[StalePartition]:
    """Return the stale partitions of which something is stored."""
    return [one for one in stale_partitions(model, stores, now) if not one.is_new]


def raw_partitions(model: Model, stores: Stores, now: datetime) -> list[str | None]:
    """Return the partitions that are over and have a raw file, oldest first."""
    partitions = model.spec.partitions
    if partitions is None:
        return [None]
    return [key for key in stores.raw.partitions(model.spec.entity.table) if partitions.is_over(key, now)]


def files_outside(model: Model, stores: Stores) -> dict[str, str]:
    """Return why nothing is made of a raw file that lies before the first partition or after the last, by its key."""
    partitions, outside = model.spec.partitions, dict[str, str]()
    if partitions is None:
        return outside
    for key in stores.raw.partitions(model.spec.entity.table):
        try:
            partitions.validate_key(key)
        except ValueError as error:
            outside[key] = str(error)
    return outside


def breaks_contract(model: Model, stores: Stores, key: str | None) -> bool:
    """Return whether a partition's files, as they are now, were found to break a contract as it is now."""
    if any(True for _ in _older_than_files(model, stores, key)):
        return False
    validations = (model.table_artifact("validation", table, key) for table in model.spec.tables)
    return not all(stores.documents.read(validation)["passed"] for validation in validations)


def has_files(model: Model, stores: Stores, key: str | None) -> bool:
    """Return whether every table has its file for a partition."""
    return all(_hash(model, stores, table, key) is not None for table in model.spec.tables)


def trained_on_older_data(model: Model, stores: Stores) -> dict[str | None, list[str]]:
    """Return, for each partition that a candidate is as of, the tables that have changed since it was trained."""
    keys = stores.documents.partitions(model.name, "candidate") if model.spec.partitions else [None]
    current, changed = stores.manifests.versions(model.name), {}
    for key in keys:
        candidate = stores.documents.manifest(model.artifact("candidate", key))
        inputs = candidate.inputs if candidate else {}
        if older := [name for name, version in inputs.items() if current.get(name) != version]:
            changed[key] = older
    return changed


def _look_at_all(model: Model, stores: Stores, now: datetime) -> Iterator[StalePartition]:
    run = RunContext()  # a table that several partitions read is looked at once
    return (_look_at(model, stores, key, run) for key in raw_partitions(model, stores, now))


def _look_at(model: Model, stores: Stores, key: str | None, run: RunContext) -> StalePartition:
    reasons = list(_older_than_files(model, stores, key)) or list(_older_than_tables(model, stores, key, run))
    return StalePartition(
        partition=key,
        reasons=tuple(reasons),
        state=files_version(model, stores, [*model.spec.lookback_partitions(key), key]),
        is_new=stores.documents.manifest(model.table_artifact("validation", model.spec.entity.table, key)) is None,
        is_scored=stores.tables.manifest(model.artifact("predictions", key)) is not None,
    )


def _older_than_files(model: Model, stores: Stores, key: str | None) -> Iterator[str]:
    for table in model.spec.tables:
        artifact = model.table_artifact("validation", table, key)
        validation = stores.documents.manifest(artifact)
        name = PurePosixPath(stores.raw.where(table, artifact.partition)).name
        if validation is None:
            yield f"{name} of {table} is new"
        elif validation.inputs["raw"] != stores.raw.hash(table, artifact.partition):
            yield f"{name} of {table} has changed"
        elif validation.inputs["contract"] != model.contract_version(table):
            yield f"the contract of {table} has changed"
        elif not reference_versions(model, stores, table, key).items() <= validation.inputs.items():
            yield f"a table that {table} refers to has changed"


def _older_than_tables(model: Model, stores: Stores, key: str | None, run: RunContext) -> Iterator[str]:
    """Yield why stored tables are older; nothing where a broken contract stops the partition anyway."""
    if breaks_contract(model, stores, key):
        return
    try:
        features = require_fresh(model, stores, "features", key, run)
    except (NotStored, UncheckedData) as error:
        yield str(error)
        return
    artifact = model.artifact("predictions", key)
    scored = stores.tables.manifest(artifact)
    if scored is not None and scored.inputs[str(model.artifact("features", key))] != features.version:
        yield f"the features have changed since {artifact} was scored"


def _unscored(model: Model, stores: Stores, one: StalePartition) -> Iterator[str]:
    """Yield what is missing of a partition's scores, such as after a kill."""
    artifact = model.artifact("predictions", one.partition)
    scored = stores.tables.manifest(artifact)
    report = stores.documents.manifest(model.artifact("drift", one.partition))
    if scored is None:
        yield "it has not been scored"
    elif report is None or report.inputs.get(str(artifact)) != scored.version:
        yield "its predictions have not been compared with the reference"


def files_version(model: Model, stores: Stores, keys: Sequence[str | None]) -> str:
    """Return a digest of all that partitions are made from: their files, the contracts and the features' definition.

    What a run has made of them is not in it, so it stays while a run is repeated.
    """
    files = {
        f"{table} {key}": [_hash(model, stores, table, key), model.contract_version(table)]
        for table in model.spec.tables
        for key in keys
    }
    return digest(to_json({"files": files, "definition": model.features_version}))[:16]


def _hash(model: Model, stores: Stores, table: str, key: str | None) -> str | None:
    try:
        return stores.raw.hash(table, model.spec.partition_of(table, key))
    except NotStored:
        return None
