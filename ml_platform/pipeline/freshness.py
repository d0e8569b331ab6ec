"""Freshness: stored data may be used when each link from the raw file to the features is current and validated.

A blocking check guards only the run that it is in. These functions guard every use, in whichever run.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from ml_platform.errors import NotStored, UncheckedData
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.stores.artifact import Manifest, make
from ml_platform.stores.stores import Stores

K = TypeVar("K", bound=str | None)
REFERENCE = "reference "


def passed_validation(model: Model, stores: Stores, table: str, partition: str | None) -> Manifest:
    """Return the manifest of the passed validation of a table's current raw file, or raise UncheckedData."""
    artifact = model.table_artifact("validation", table, partition)
    again = make(model.table_artifact("valid", table, partition))
    manifest = stores.documents.manifest(artifact)
    path = stores.raw.where(table, artifact.partition)
    if manifest is None:
        raise UncheckedData(f"{path} has not been validated against its contract. {again}")
    if manifest.inputs["raw"] != stores.raw.hash(table, artifact.partition):
        raise UncheckedData(f"{path} has changed since it was validated. {again}")
    if manifest.inputs["contract"] != model.contract_version(table):
        raise UncheckedData(f"The contract of {path} has changed since the file was validated. {again}")
    for name, version in reference_versions(model, stores, table, partition).items():
        if manifest.inputs.get(name) != version:
            raise UncheckedData(f"{path} was validated against another {name.removeprefix(REFERENCE)}. {again}")
    if not stores.documents.read_version(manifest)["passed"]:
        raise UncheckedData(f"{path} breaks its contract. Repair the file or the contract. {again}")
    return manifest


def reference_versions(model: Model, stores: Stores, table: str, partition: str | None) -> dict[str, str]:
    """Return the version of each table that the contract of `table` refers to, as an input of its validation."""
    return {
        f"{REFERENCE}{other}": stores.raw.hash(other, model.spec.partition_of(other, partition))
        for other in model.contracts[table].referenced_tables
    }


def valid_rows(model: Model, stores: Stores, table: str, partition: str | None, run: RunContext) -> Manifest:
    """Return the manifest of a table's valid rows, made from its current raw file under its passed contract."""
    artifact = model.table_artifact("valid", table, partition)
    if found := run.fresh.get(str(artifact)):
        return found
    validation = passed_validation(model, stores, table, partition)
    manifest = stores.tables.require(artifact)
    if any(manifest.inputs[name] != validation.inputs[name] for name in ("raw", "contract")):
        raise UncheckedData(f"{artifact} was made from an older file or contract. {make(artifact)}")
    run.fresh[str(artifact)] = manifest
    return manifest


def feature_inputs(model: Model, stores: Stores, partition: str | None, run: RunContext) -> dict[str, str]:
    """Return the versions that a partition's features are made from, each of them fresh."""
    earlier = require_earlier(model, stores, partition, run)
    own = [valid_rows(model, stores, table, partition, run) for table in model.spec.tables]
    return _inputs(model, [*own, *earlier])


def label_inputs(model: Model, stores: Stores, partition: str | None, run: RunContext) -> dict[str, str]:
    """Return the versions that a partition's labels are made from, each of them fresh."""
    return _inputs(model, [valid_rows(model, stores, model.spec.entity.table, partition, run)])


INPUTS = {"features": feature_inputs, "labels": label_inputs}


def require_earlier(model: Model, stores: Stores, partition: str | None, run: RunContext) -> list[Manifest]:
    """Return the fresh valid rows of every earlier partition that a partition's rolling aggregates read.

    UncheckedData names every partition that is missing or stale, and the command that makes each.
    """
    keys, entity = model.spec.lookback_partitions(partition), model.spec.entity.table
    if missing := holes(keys, lambda key: valid_rows(model, stores, entity, key, run)):
        said = f"The rolling aggregates of '{model.name}' {partition} read from {keys[0]} on, and there are holes:"
        raise UncheckedData("\n".join([said, *missing.values()]))
    return [valid_rows(model, stores, entity, key, run) for key in keys]


def require_fresh(model: Model, stores: Stores, asset: str, partition: str | None, run: RunContext) -> Manifest:
    """Return the manifest of features or labels that were made from current, validated data by today's definition.

    A run looks once: it goes on with what it has found, until it makes something new itself.
    """
    artifact = model.artifact(asset, partition)
    if found := run.fresh.get(str(artifact)):
        return found
    inputs = INPUTS[asset](model, stores, partition, run)
    manifest = stores.tables.require(artifact)
    changed = [name for name, version in inputs.items() if manifest.inputs.get(name) != version]
    if changed:
        raise UncheckedData(f"{artifact} is stale: {', '.join(changed)} changed. {make(artifact)}")
    run.fresh[str(artifact)] = manifest
    return manifest


def require_window(
    model: Model, stores: Stores, asset: str, partition: str | None, run: RunContext
) -> dict[str | None, Manifest]:
    """Return the manifests of every partition in the training window that ends with `partition`, each fresh.

    UncheckedData names every partition that is missing or stale, and the command that makes each.
    """
    window = model.window(partition)
    if missing := holes(window, lambda key: require_fresh(model, stores, asset, key, run)):
        said = f"The training window {window[0]} … {window[-1]} of '{model.name}' has holes:"
        raise UncheckedData("\n".join([said, *missing.values()]))
    return {key: require_fresh(model, stores, asset, key, run) for key in window}


def holes(keys: Iterable[K], require: Callable[[K], object]) -> dict[K, str]:
    """Return the partitions that are missing or stale, and why."""
    missing = {}
    for key in keys:
        try:
            require(key)
        except (NotStored, UncheckedData) as error:
            missing[key] = f"  {key}: {error}"
    return missing


def _inputs(model: Model, made_from: Iterable[Manifest]) -> dict[str, str]:
    return {"definition": model.features_version, **{one.artifact: one.version for one in made_from}}
