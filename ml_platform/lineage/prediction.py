"""From one prediction back to everything that it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml_platform.errors import UnknownId
from ml_platform.lineage.facts import SourceFile, TrainedModel, checks_on, source_files, trained_model
from ml_platform.lineage.prediction_ids import FORM, PREDICTION_ID
from ml_platform.stores.artifact import WHOLE, ArtifactKey, Manifest
from ml_platform.stores.stores import Stores

if TYPE_CHECKING:
    import pandas as pd

LEAF = "predictions"
OWN_COLUMNS = (PREDICTION_ID, "model_version", "features_version")
"""Columns of a predictions table that name where the row comes from."""


@dataclass(frozen=True)
class Features:
    """The row that was scored."""

    artifact: str
    version: str
    code: str
    """Git commit of the platform that made it."""
    definition: str
    """Digest of what in the model's definition decides its features."""
    values: Mapping[str, Any]


@dataclass(frozen=True)
class PredictionTrace:
    """All that is recorded of one prediction. Only `superseded` changes after the prediction was made."""

    id: str
    model: str
    partition: str | None
    row: Mapping[str, Any]
    """Key, times, and what was predicted."""
    version: str
    """Version of the table that holds it."""
    dagster_run: str
    code: str
    features: Features
    sources: tuple[SourceFile, ...]
    """The raw files of its features."""
    checks: Mapping[str, Mapping[str, Any]]
    """What was held against the table of predictions that it is in, by name."""
    trained: TrainedModel
    superseded: Mapping[str, Any] | None
    """The prediction that now stands for the same row; None when it is this one."""


def trace_prediction(stores: Stores, prediction_id: str) -> PredictionTrace:
    """Return where a prediction comes from.

    Raises
    ------
    UnknownId
        When there is no such prediction; says how ids look.
    DataError, NotStored
        When a fact is damaged or gone; names the file.
    """
    artifact, version = find(stores, prediction_id)
    made = next(m for m in stores.records.of(artifact).values() if m.version == version)
    row = _row(stores.tables.read_version(artifact, made), {PREDICTION_ID: prediction_id})
    key = {name: row[name] for name in _key(row)}
    features_artifact, features = _features(stores, made)
    values = _row(stores.tables.read_version(features_artifact, features), key)
    trained = trained_model(stores, artifact.model, str(row["model_version"]))
    return PredictionTrace(
        id=prediction_id,
        model=artifact.model,
        partition=artifact.partition,
        row={name: _plain(value) for name, value in row.items() if name not in OWN_COLUMNS},
        version=version,
        dagster_run=made.run_id,
        code=made.code,
        features=Features(
            artifact=str(features_artifact),
            version=features.version,
            code=features.code,
            definition=features.inputs["definition"],
            values={name: _plain(values[name]) for name in trained.features},
        ),
        sources=source_files(stores, made),
        checks=checks_on(stores, artifact, {str(artifact): version}),
        trained=trained,
        superseded=_superseded(stores, artifact, prediction_id, key),
    )


def find(stores: Stores, prediction_id: str) -> tuple[ArtifactKey, str]:
    """Return artifact and version of the table that holds a prediction, by reading the column of ids alone.

    Raises
    ------
    UnknownId
        When none does.
    """
    import polars as pl

    form = FORM.fullmatch(prediction_id)
    root = stores.installation.tables / (form["model"] if form else "") / LEAF
    files = sorted(root.glob("*/*.parquet")) if form else []
    if not files:
        raise UnknownId(f"'{prediction_id}' is not the id of a prediction here. {_example(stores)}")
    lines = pl.scan_parquet(files, include_file_paths="file", extra_columns="ignore", missing_columns="insert")
    found = lines.filter(pl.col(PREDICTION_ID) == prediction_id).select("file").collect()["file"].to_list()
    if not found:
        raise UnknownId(
            f"None of the {len(files)} tables of predictions in {root} holds '{prediction_id}'. {_example(stores)}"
        )
    file = Path(found[0])
    partition = file.parent.name
    artifact = ArtifactKey(root.parent.name, LEAF, None if partition == WHOLE else partition)
    versions = {manifest.version for manifest in stores.records.of(artifact).values()}
    return artifact, next(version for version in sorted(versions) if version.startswith(file.stem))


def _example(stores: Stores) -> str:
    """Return how ids look, with one that exists."""
    import polars as pl

    for file in sorted(stores.installation.tables.glob(f"*/{LEAF}/*/*.parquet")):
        ids = pl.scan_parquet(file).select(PREDICTION_ID).head(1).collect()[PREDICTION_ID].to_list()
        if ids:
            return f"Ids look like '{ids[0]}'; they are the column {PREDICTION_ID} of the predictions, such as {file}"
    return f"Nothing has been predicted yet below {stores.installation.tables}. Run: ml-platform run <model>_score"


def _features(stores: Stores, made: Manifest) -> tuple[ArtifactKey, Manifest]:
    """Return the record of the features that a predictions table was made from."""
    name, record = next((name, record) for name, record in made.origins.items() if "/features/" in name)
    artifact = ArtifactKey.parse(name)
    assert artifact is not None
    return artifact, stores.records.get(artifact, record)


def _key(row: Mapping[str, Any]) -> list[str]:
    """Return the columns that say which row of the entity it is, and when: they stand before the id."""
    names = list(row)
    return names[: names.index(PREDICTION_ID)]


def _row(frame: pd.DataFrame, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the one row that has the wanted values."""
    for name, value in wanted.items():
        frame = frame[frame[name] == value]
    (row,) = frame.to_dict("records")
    return {str(name): value for name, value in row.items()}


def _superseded(
    stores: Stores, artifact: ArtifactKey, prediction_id: str, key: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return the prediction that now stands for the row of an older one, None when that one still does."""
    now = stores.tables.require(artifact)
    frame = stores.tables.read(artifact)
    if (frame[PREDICTION_ID] == prediction_id).any():
        return None
    same = frame
    for name, value in key.items():
        same = same[same[name] == value]
    facts = {"version": now.version, "dagster_run": now.run_id, "code": now.code}
    if same.empty:
        return {**facts, PREDICTION_ID: None}
    row = _row(same, {})
    return {**facts, **{name: _plain(row[name]) for name in row if name not in (*key, "features_version")}}


def _plain(value: Any) -> Any:
    """Return a cell as JSON can hold it."""
    import pandas as pd

    if pd.isna(value):
        return None
    return value.isoformat() if isinstance(value, pd.Timestamp) else value
