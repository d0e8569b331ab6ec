"""A planted leak is stopped by name and reason; an honest table is not."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ml_platform_tests.leakage.sets import find, honest, planted

TASKS = ("binary", "multiclass", "regression")


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("n_values", [2, 1000])
def test_no_alarm_in_300_tables_without_a_leak(task: str, n_values: int) -> None:
    """All cases together are 300 tables: with a true rate of 1% or more, none would have a probability below 5%."""
    alarms = [
        found.message
        for seed in range(100 if task == "binary" else 25)
        if not (found := find(honest(task, n_rows=150 + 10 * (seed % 40), seed=seed, n_values=n_values))).passed
    ]
    assert not alarms


def noisy(labels: np.ndarray) -> np.ndarray:
    return labels + np.random.default_rng(1).normal(scale=0.01 * labels.std(), size=len(labels))


@pytest.mark.parametrize("task", TASKS)
def test_near_copies_of_the_target_are_stopped_whatever_their_form(task: str) -> None:
    rows = honest(task)
    views = {
        "copy": ("number", noisy(rows.labels)),
        "turned round": ("number", -noisy(rows.labels)),
        "power": ("number", np.exp(noisy(rows.labels))),
        "code": ("category", np.array([f"c{hash((value, 7)) % 9973}" for value in np.round(rows.labels)])),
    }
    for name, (kind, values) in views.items():
        report = find(planted(rows, kind, values))
        assert {f.subject for f in report.failed} == {"leak"}, name


def test_a_feature_that_is_missing_for_one_outcome_is_stopped_by_its_missingness() -> None:
    rows = honest()
    values = np.where(rows.labels == 1, np.random.default_rng(0).normal(size=len(rows.labels)), np.nan)
    (failed, *_) = find(planted(rows, "number", values)).failed
    assert failed.subject == "leak"
    assert "whether it is missing" in failed.measured or "target encoding" in failed.measured


def test_one_class_that_a_feature_gives_away_is_stopped_by_the_name_of_the_class() -> None:
    rows = honest("multiclass")
    values = np.where(rows.labels == 2, "yes", "no")
    report = find(planted(rows, "category", values))
    assert "class 'c'" in report.failed[0].measured


def test_category_seen_once_tells_nothing_of_itself() -> None:
    rows = honest()
    in_sample = pd.Series(rows.labels).groupby(rows.frame["id"].astype(str)).transform("mean")
    assert (in_sample == rows.labels).all(), "in sample, a key tells everything"
    report = find(planted(rows, "category", rows.frame["id"].astype(str).to_numpy()))
    assert report.passed
    assert max(f.score for f in report.results if f.subject == "leak") < 0.55


def test_what_is_filled_together_with_the_outcome_is_stopped_though_it_tells_nothing_of_its_value() -> None:
    rows = honest()
    noise = np.random.default_rng(3).normal(size=len(rows.labels))
    (failed,) = find(planted(rows, "number", noise, np.full(len(rows.unknown), np.nan))).failed
    assert (failed.subject, failed.score) == ("leak", 1.0)
    assert "filled together with the outcome" in failed.measured


@pytest.mark.parametrize("through", ["float64", "float32"])
def test_one_percent_of_test_rows_copied_into_train_is_found_and_natural_repeats_are_not(through: str) -> None:
    """Copies are found too when their numbers went through float32, as in a file or a model's input."""
    rows = honest(n_rows=20_000)
    rows = replace(rows, frame=rows.frame.assign(noise=rows.frame["noise"] + 0.1, weak=rows.frame["weak"] / 3))
    assert find(rows).passed
    copied = rows.parts["test"][::100]
    copies = rows.frame.iloc[copied].assign(id=-1 - np.arange(len(copied)))
    copies = copies.astype({"noise": through, "weak": through})
    frame = pd.concat([rows.frame, copies], ignore_index=True)
    train = np.concatenate([rows.parts["train"], np.arange(len(rows.frame), len(frame))])
    labels = np.concatenate([rows.labels, rows.labels[copied]])
    planted_rows = replace(rows, frame=frame, labels=labels, parts={**rows.parts, "train": train}, in_time=False)
    (failed,) = find(planted_rows).failed
    assert failed.subject == "test rows"
    assert "equal a train row in all features and the label" in failed.measured
    few_values = replace(honest(n_rows=10_000), kinds={"color": "category", "noise": "number"})
    report = find(few_values)
    assert report.passed
    assert any("(100.00%)" in f.measured for f in report.results), "every row repeats by nature"


def test_a_row_and_a_group_on_both_sides_and_rows_out_of_order_are_stopped() -> None:
    rows = honest()
    twice = rows.frame.copy()
    same = ["id", "event_time", "prediction_time"]
    twice.loc[rows.parts["test"][:3], same] = twice.loc[rows.parts["train"][:3], same].to_numpy()
    by_key = find(replace(rows, frame=twice, in_time=False))
    assert [(f.subject, f.score) for f in by_key.failed] == [("test rows", 3)]
    grouped = replace(rows, frame=rows.frame.assign(person=rows.frame["id"] % 700), group=["person"])
    assert {f.subject for f in find(grouped).failed} == {"validation groups", "test groups"}
    mixed = replace(rows, parts={**rows.parts, "train": rows.parts["test"], "test": rows.parts["train"]})
    assert {f.subject for f in find(mixed).failed} == {"order of train and validation", "order of validation and test"}
    late = rows.frame.assign(prediction_time=rows.frame["event_time"] + pd.Timedelta("1s"))
    assert {f.subject for f in find(replace(rows, frame=late)).failed} == {"prediction time"}


def test_an_accepted_feature_stops_nothing_and_its_reason_is_shown() -> None:
    rows = honest()
    leaking = planted(rows, "number", noisy(rows.labels))
    report = find(leaking, accepted={"leak": "measured before"})
    assert report.passed
    assert "leak, accepted because measured before" in report.message


def test_eighty_thousand_rows_and_sixteen_features_take_less_than_two_seconds() -> None:
    rows = honest(n_rows=80_000)
    find(honest(n_rows=200))  # imports
    more = {f"{name}_{i}": kind for i in range(4) for name, kind in rows.kinds.items()}
    wide = {f"{name}_{i}": name for i in range(4) for name in rows.kinds}
    frame = rows.frame.assign(**{new: rows.frame[old] for new, old in wide.items()})
    unknown = rows.unknown.assign(**{new: rows.unknown[old] for new, old in wide.items()})
    start = time.process_time()
    find(replace(rows, frame=frame, unknown=unknown, kinds=more))
    assert time.process_time() - start < 2
