"""What new finds on whole tables: leaks, codes, dates and what follows the partition, each with its reason."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ml_platform_tests.scaffold.shop import infer, shop
from ml_platform_tests.scaffold.simulated import bikes, payroll, ship


def test_bike_hire_keeps_its_weather_and_loses_leaks_and_the_month(tmp_path: Path) -> None:
    found = infer(tmp_path, bikes(), "cnt", time="dteday")
    uses = {name: role.use for name, role in found.roles.items()}
    assert {name for name, use in uses.items() if use == "left out"} == {
        "instant", "season", "yr", "mnth", "casual", "registered"
    } - {found.key[0]}  # fmt: skip
    assert found.roles["casual"].suspected_as == "number"
    assert "add up to the target" in found.roles["casual"].reason
    assert "can only drift" in found.roles["mnth"].reason
    assert uses["temp"] == uses["hum"] == "number"


def test_a_payroll_keeps_its_grades_as_categories(tmp_path: Path) -> None:
    found = infer(tmp_path, payroll(), "total_pay", time="fiscal_year")
    uses = {name: role.use for name, role in found.roles.items()}
    assert (uses["grade"], uses["department"], uses["is_union"]) == ("category", "category", "number")
    assert (uses["base_pay"], uses["overtime_pay"]) == ("left out", "left out")


def test_suspects_of_a_ship_are_offered_as_lines(tmp_path: Path) -> None:
    found = infer(tmp_path, ship(), "survived")
    assert [(feature.name, feature.kind) for feature in found.suspects] == [
        ("boat", "category"),
        ("y_pred_proba", "number"),
    ]
    assert "boat" not in [feature.name for feature in found.features]


def test_a_date_that_tells_the_outcome_or_comes_later_is_no_feature(tmp_path: Path) -> None:
    frame = shop()
    left = pd.to_datetime(frame["signup_at"]) + pd.Timedelta(days=200)
    frame = frame.assign(left_at=left.where(frame["churned"] == "yes"), review_at=left)
    found = infer(tmp_path, frame, "churned", time="signup_at")
    assert "of the target by itself" in found.roles["left_at"].reason
    assert "lies after 'signup_at' in 100% of the rows" in found.roles["review_at"].reason
    assert {feature.sources[0] for feature in found.features} & {"left_at", "review_at"} == set()


def test_a_date_gives_features_by_default(tmp_path: Path) -> None:
    found = infer(tmp_path, shop(), "churned")
    derived = {feature.name: (feature.derive, feature.sources) for feature in found.features if feature.derive}
    assert derived["signup_at_month"] == ("calendar.month", ("signup_at",))
    assert "gives year, month, weekday" in found.roles["signup_at"].reason
