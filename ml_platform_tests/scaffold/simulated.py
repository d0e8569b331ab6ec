"""Tables like those that were tried, which drift as they do: bike hire, a city's payroll, survivors of a ship."""

from __future__ import annotations

import numpy as np
import pandas as pd


def bikes(start: str = "2011-01-01", end: str = "2012-07-01", every: str = "3h") -> pd.DataFrame:
    """Hire of bikes with trend and season; `casual` and `registered` add up to `cnt`."""
    rng = np.random.default_rng(4)
    at = pd.date_range("2011-01-01", end, freq=every, inclusive="left")
    n, year = len(at), 2 * np.pi * at.dayofyear.to_numpy() / 365.25
    warmth = 0.5 - 0.3 * np.cos(year) + rng.normal(0, 0.06, n)
    commuting = 1 + 0.8 * np.sin(2 * np.pi * (at.hour.to_numpy() - 8) / 24)
    level = (1 + np.arange(n) / n) * commuting * np.clip(warmth, 0.05, None)
    casual = rng.poisson(60 * level * np.where(at.dayofweek > 4, 2.2, 1) * rng.lognormal(0, 0.8, n))
    registered = rng.poisson(330 * level * rng.lognormal(0, 0.25, n))
    frame = pd.DataFrame(
        {
            "instant": np.arange(1, n + 1),
            "dteday": at,
            "season": at.quarter,
            "yr": at.year - 2011,
            "mnth": at.month,
            "hr": at.hour,
            "holiday": (rng.random(n) < 0.03).astype(int),
            "weekday": (at.dayofweek + 1) % 7,
            "workingday": (at.dayofweek < 5).astype(int),
            "weathersit": rng.choice([1, 2, 3], n, p=[0.66, 0.26, 0.08]),
            "temp": np.clip(warmth, 0.02, 1).round(2),
            "hum": np.clip(rng.normal(0.63, 0.19, n), 0, 1).round(2),
            "windspeed": np.clip(rng.gamma(2.2, 0.09, n), 0, 0.85).round(4),
            "casual": casual,
            "registered": registered,
            "cnt": casual + registered,
        }
    )
    return frame[frame["dteday"] >= start].reset_index(drop=True)


def payroll(first: int = 2008, last: int = 2017, n_rows: int = 400) -> pd.DataFrame:
    """A city's payroll per year: pay grows, departments come, overtime and pay add up to the total."""
    rng = np.random.default_rng(5)
    years = []
    for year in range(2008, last + 1):
        departments = [f"department {number}" for number in range(8 + (year - 2008) // 3)]
        base = rng.lognormal(10.9 + 0.05 * (year - 2008), 0.5, n_rows).round(2)
        overtime = (rng.random(n_rows) < 0.4) * rng.gamma(1.2, 6000, n_rows).round(2)
        hired = rng.integers(year - 30, year + 1, n_rows)
        years.append(
            pd.DataFrame(
                {
                    "fiscal_year": year,
                    "department": rng.choice(departments, n_rows),
                    "grade": rng.choice([101, 120, 155, 230, 410, 415], n_rows),
                    "is_union": rng.integers(0, 2, n_rows),
                    "year_hired": hired,
                    "base_pay": base,
                    "overtime_pay": overtime.round(2),
                    "total_pay": (base + overtime).round(2),
                    "resigned": rng.random(n_rows) < 0.1 + 0.3 * (base < 50_000),
                }
            )
        )
    frame = pd.concat(years, ignore_index=True)
    return frame[frame["fiscal_year"] >= first].reset_index(drop=True)


def ship() -> pd.DataFrame:
    """Passengers of a ship: those who survived have the number of their boat, and a model has scored them."""
    rng, n = np.random.default_rng(6), 1_300
    is_woman, fare = rng.random(n) < 0.36, rng.lognormal(3, 1, n).round(2)
    chance = np.clip(0.19 + 0.53 * is_woman + 0.06 * (np.log(fare) - 3), 0.02, 0.98)
    survived = rng.random(n) < chance
    boat = np.where(rng.random(n) < np.where(survived, 0.954, 0.011), rng.choice(["4", "7", "A", "C"], n), None)
    return pd.DataFrame(
        {
            "pclass": rng.choice([1, 2, 3], n, p=[0.25, 0.21, 0.54]),
            "sex": np.where(is_woman, "female", "male"),
            "age": rng.integers(1, 75, n),
            "fare": fare,
            "boat": boat,
            "y_pred_proba": np.clip(0.5 * survived + rng.normal(0.25, 0.2, n), 0, 1),
            "survived": survived.astype(int),
        }
    )
