"""What becomes known after a prediction changes not one of its features; what was known in time does.

On the real flights, weather and aircraft, driven by the model's YAML: every source needs a plant here, so a table or
aggregate that is added without one fails the first test.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import ml_platform
from ml_platform.features.build import build_features
from ml_platform.features.rolling import RollingInputs
from ml_platform.pipeline.model import Model
from ml_platform.spec import load_spec

FOLDER = Path(ml_platform.__path__[0]) / "defs" / "flights"
RAW = Path(__file__).parents[2] / "data" / "raw"
NOON = pd.Timestamp("2013-02-14T17:00Z")
"""The last prediction time of the flights that are looked at: noon in New York, with hundreds in the air."""

Tables = dict[str, pd.DataFrame]
Plant = Callable[[Tables, pd.Timedelta], Tables]


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.load(load_spec(FOLDER), FOLDER)


@pytest.fixture(scope="module")
def tables() -> Tables:
    """January and February as the earlier rows, and the joined tables, each weather report once."""
    flights = pd.concat([pd.read_parquet(RAW / "flights" / f"2013-0{month}.parquet") for month in (1, 2)])
    weather = pd.read_parquet(RAW / "weather.parquet").drop_duplicates(["origin", "time_hour"])
    return {"flights": flights, "weather": weather, "planes": pd.read_parquet(RAW / "planes.parquet")}


def features(model: Model, tables: Tables) -> pd.DataFrame:
    """Return the features of the flights predicted in the two hours before noon, from all that the tables hold."""
    spec, flights = model.spec, tables["flights"]
    predicted = flights["sched_dep_at"] - spec.entity.predict_before
    asked = (predicted > NOON - pd.Timedelta("2h")) & (predicted <= NOON)
    return build_features(
        flights[asked],
        {join.table: tables[join.table] for join in spec.joins},
        entity=spec.entity,
        joins=spec.joins,
        features=spec.features,
        derivations=model.derivations,
        timezone="America/New_York",
        rolling=RollingInputs(spec.rolling, model.target, flights[~asked]) if spec.rolling else None,
    )


def known_at(model: Model, flights: pd.DataFrame) -> pd.Series:
    known: pd.Series = model.derivations["outcome_available_at"](
        flights["sched_dep_at"], flights["dep_delay"], flights["air_time"]
    )
    return known


def plant_outcomes(model: Model) -> Plant:
    """Turn around the outcome of every flight that is known from so long after the first prediction on.

    That is of flights in the air, of those that leave later, and of the flights looked at themselves. What a flight
    has not done yet is changed too: the longest delay and time in the air, with which it is known later still.
    """

    def plant(tables: Tables, after: pd.Timedelta) -> Tables:
        flights = tables["flights"].copy()
        later = (known_at(model, flights) > NOON - pd.Timedelta("2h") + after).to_numpy()
        flights.loc[later, "arr_delay"] = np.where(flights.loc[later, "arr_delay"] > 15, -30.0, 600.0)
        flights.loc[later, ["dep_delay", "air_time"]] += 60.0
        return {**tables, "flights": flights}

    return plant


def plant_weather(model: Model) -> Plant:
    """Change every report that can be read from so long after the first prediction on, and add one a minute later."""
    (join,) = (join for join in model.spec.joins if join.table == "weather")

    def plant(tables: Tables, after: pd.Timedelta) -> Tables:
        weather = tables["weather"].copy()
        cut = NOON - pd.Timedelta("2h") + after
        later = (weather["time_hour"] + join.available_after > cut).to_numpy()
        numbers = weather.select_dtypes("number").columns
        weather[numbers] = weather[numbers].astype("float64")
        weather.loc[later, numbers] = 999.0
        unknown_yet = weather[weather["time_hour"] == weather["time_hour"][later].min()]
        new = unknown_yet.assign(
            time_hour=cut - join.available_after + pd.Timedelta("1min"), **dict.fromkeys(numbers, -99.0)
        )
        return {**tables, "weather": pd.concat([weather, new], ignore_index=True)}

    return plant


PLANTS: dict[str, Callable[[Model], Plant]] = {"flights": plant_outcomes, "weather": plant_weather}
LATE, IN_TIME = pd.Timedelta("2h"), -pd.Timedelta("12h")


def test_every_source_has_a_plant_or_is_declared_static(model: Model) -> None:
    static = {join.table for join in model.spec.joins if join.static}
    assert static == {"planes"}
    assert set(PLANTS) == set(model.spec.tables) - static


@pytest.mark.parametrize("source", PLANTS)
def test_what_is_available_after_the_predictions_changes_no_feature(model: Model, tables: Tables, source: str) -> None:
    planted = PLANTS[source](model)(tables, LATE)
    assert not planted[source].equals(tables[source])
    pd.testing.assert_frame_equal(features(model, planted), features(model, tables), check_exact=True)


@pytest.mark.parametrize("source", PLANTS)
def test_what_was_known_in_time_changes_every_feature_that_is_made_of_it(
    model: Model, tables: Tables, source: str
) -> None:
    """The control: planted half a day earlier, each feature of the source moves, each aggregate too."""
    before, after = features(model, tables), features(model, PLANTS[source](model)(tables, IN_TIME))
    prefix = "rolling." if source == "flights" else f"{source}."
    made_of_it = {f.name for f in model.spec.features if any(column.startswith(prefix) for column in f.sources)}
    changed = {name for name in model.kinds if not before[name].equals(after[name])}
    assert made_of_it
    assert changed == made_of_it


def test_no_later_flight_is_needed_for_the_features_of_an_earlier_one(model: Model, tables: Tables) -> None:
    """Flights that leave after the last prediction are taken away, and not one feature changes."""
    flights = tables["flights"]
    until = flights[flights["sched_dep_at"] - model.spec.entity.predict_before <= NOON]
    assert len(until) < len(flights)
    found = features(model, {**tables, "flights": until})
    pd.testing.assert_frame_equal(found, features(model, tables), check_exact=True)
