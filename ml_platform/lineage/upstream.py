"""Upstream of one prediction: everything that it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow.compute as pc

from ml_platform.errors import DataError, UnknownId
from ml_platform.lineage.facts import SourceFile, TrainedModel, checks_on, source_files, trained_model
from ml_platform.lineage.prediction_ids import FORM, PREDICTION_ID
from ml_platform.stores.artifact import ArtifactKey, Manifest
from ml_platform.stores.database.schema import manifests as table
from ml_platform.stores.stores import Stores

PREDICTIONS = "predictions"
OWN_COLUMNS = (PREDICTION_ID, "model_version", "features_version")
"""Columns of a predictions table that say where the row comes from."""


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
class PredictionUpstream:
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
    """Results of the checks on the predictions table that holds it, by name."""
    trained: TrainedModel
    superseded: Mapping[str, Any] | None
    """The prediction that now stands for the same row; None when it is this one."""


def prediction_upstream(stores: Stores, prediction_id: str) -> PredictionUpstream:
    """Return where a prediction comes from.

    Raises
    ------
    UnknownId
        When there is no such prediction; says how ids look.
    DataError, NotStored
        When a fact is damaged or gone; names it.
    """
    manifest_id, made = find(stores, prediction_id)
    artifact = made.key
    (row,) = _rows(stores.tables.read_version(made), {PREDICTION_ID: prediction_id})
    names = list(row)  # what says which row of the entity it is, and when, stands before the id
    key = {name: row[name] for name in names[: names.index(PREDICTION_ID)]}
    features = stores.manifests.get(next(origin for name, origin in made.origins.items() if "/features/" in name))
    (values,) = _rows(stores.tables.read_version(features), key)
    trained = trained_model(stores, artifact.model, str(row["model_version"]))
    return PredictionUpstream(
        id=prediction_id,
        model=artifact.model,
        partition=artifact.partition,
        row={name: _plain(value) for name, value in row.items() if name not in OWN_COLUMNS},
        version=made.version,
        dagster_run=made.run_id,
        code=made.code,
        features=Features(
            artifact=features.artifact,
            version=features.version,
            code=features.code,
            definition=features.inputs["definition"],
            values={name: _plain(values[name]) for name in trained.features},
        ),
        sources=source_files(stores, manifest_id),
        checks=checks_on(stores, artifact, {str(artifact): made.version}),
        trained=trained,
        superseded=_superseded(stores, artifact, prediction_id, key),
    )


def find(stores: Stores, prediction_id: str) -> tuple[str, Manifest]:
    """Return manifest id and manifest of the table that holds a prediction, by reading the column of ids alone.

    UnknownId is raised when none does; DataError, when a table that may hold it is damaged.
    """
    form = FORM.fullmatch(prediction_id)
    model = form["model"] if form else ""
    made = stores.manifests.select(table.c.model == model, table.c.asset == PREDICTIONS)
    if not made:
        raise UnknownId(f"'{prediction_id}' is not the id of a prediction here. {_example(stores)}")
    damaged = []
    for manifest_id, manifest in made.items():
        try:
            ids = stores.tables.read_arrow(manifest, [PREDICTION_ID])
        except DataError as error:
            damaged.append(error)
            continue
        if pc.index(ids.column(PREDICTION_ID), prediction_id).as_py() >= 0:
            return manifest_id, manifest
    if damaged:
        raise damaged[0]
    raise UnknownId(f"None of the {len(made)} tables of predictions holds '{prediction_id}'. {_example(stores)}")


def _example(stores: Stores) -> str:
    """Return how ids look, with one that exists."""
    for manifest in stores.manifests.select(table.c.asset == PREDICTIONS, table.c.n_rows > 0).values():
        example = stores.tables.read_arrow(manifest, [PREDICTION_ID]).column(PREDICTION_ID)[0]
        what = f"the column {PREDICTION_ID} of the predictions, such as {manifest.artifact}"
        return f"Ids look like '{example}'; they are {what}"
    return "Nothing has been predicted yet. Run: ml-platform run <model>_score"


def _rows(frame: pd.DataFrame, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rows that have the wanted values."""
    for name, value in wanted.items():
        frame = frame[frame[name] == value]
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _superseded(
    stores: Stores, artifact: ArtifactKey, prediction_id: str, key: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return the prediction that now stands for the row of an older one, None when that one still does."""
    now = stores.tables.require(artifact)
    frame = stores.tables.read_version(now)
    if (frame[PREDICTION_ID] == prediction_id).any():
        return None
    facts = {"version": now.version, "dagster_run": now.run_id, "code": now.code, PREDICTION_ID: None}
    for row in _rows(frame, key):
        facts |= {name: _plain(row[name]) for name in row if name not in (*key, "features_version")}
    return facts


def _plain(value: Any) -> Any:
    """Return a cell as JSON can hold it."""
    if pd.isna(value):
        return None
    return value.isoformat() if isinstance(value, pd.Timestamp) else value
