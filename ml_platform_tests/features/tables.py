"""A small world for the tests of features: trips, a weather report per place and hour, and vehicles."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from ml_platform.features.build import build_features
from ml_platform.features.settings import Entity, Feature, Join

START = pd.Timestamp("2013-03-01", tz="UTC")

ENTITY = Entity(
    table="trips",
    contract="contract_trips.yaml",
    key=("trip",),
    time="leaves_at",
    predict_before=timedelta(hours=2),
    available_later={"delay": "known when the trip is over"},
)
WEATHER = Join(
    table="weather",
    contract="contract_weather.yaml",
    match={"place": "station"},
    observed_at="seen_at",
    available_after=timedelta(hours=1),
    within=timedelta(hours=6),
)
VEHICLES = Join(table="vehicles", contract="contract_vehicles.yaml", match={"vehicle": "name"}, static=True)
FEATURES = (
    Feature(name="place", kind="category"),
    Feature(name="rain", kind="number", sources=("weather.rain",)),
    Feature(name="sky", kind="category", sources=("weather.sky",)),
    Feature(name="seats", kind="number", sources=("vehicles.seats",)),
)


def trips(minutes: list[int], places: list[str | None], vehicles: list[str | None] | None = None) -> pd.DataFrame:
    """Trips that leave so many minutes after START."""
    return pd.DataFrame(
        {
            "trip": np.arange(len(minutes)),
            "leaves_at": START + pd.to_timedelta(minutes, "min"),
            "place": pd.Series(places, dtype=object),
            "vehicle": pd.Series(vehicles or [None] * len(minutes), dtype=object),
            "delay": 3.0,
        }
    )


def weather(minutes: list[int], stations: list[str | None], first: int = 0) -> pd.DataFrame:
    """Reports of so many minutes after START; `rain` tells them apart, counted from `first`."""
    count = first + np.arange(len(minutes))
    return pd.DataFrame(
        {
            "station": pd.Series(stations, dtype=object),
            "seen_at": START + pd.to_timedelta(minutes, "min"),
            "rain": count.astype(float),
            "sky": pd.Series([f"sky {n}" for n in count], dtype=object),
        }
    )


VEHICLE_TABLE = pd.DataFrame({"name": ["bus", "tram", None], "seats": [40, 120, 7]})


def build(frame: pd.DataFrame, reports: pd.DataFrame, vehicles: pd.DataFrame = VEHICLE_TABLE, **changes: Any):
    """Features of the small world."""
    settings: dict[str, Any] = {
        "entity": ENTITY,
        "joins": (WEATHER, VEHICLES),
        "features": FEATURES,
        "derivations": {},
        "timezone": "UTC",
    }
    return build_features(frame, {"weather": reports, "vehicles": vehicles}, **{**settings, **changes})
