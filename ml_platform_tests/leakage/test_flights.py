"""On real flights: rows that repeat by nature are no leak, and copied rows are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ml_platform.features.build import build_features
from ml_platform.leakage.find import TrainingSet, find_leaks
from ml_platform.pipeline.model import Model
from ml_platform.spec import load_spec
from ml_platform.training.split import split_in_time

ROOT = Path(__file__).parents[2]
FLIGHTS = ROOT / "ml_platform" / "defs" / "flights"


@pytest.fixture(scope="module")
def january() -> TrainingSet:
    model = Model.load(load_spec(FLIGHTS), FLIGHTS)
    spec, raw = model.spec, ROOT / "data" / "raw"
    table = pd.read_parquet(raw / "flights" / "2013-01.parquet")
    features = [f for f in spec.features if not any(source.startswith("rolling.") for source in f.sources)]
    frame = build_features(
        table,
        {name: pd.read_parquet(raw / f"{name}.parquet") for name in ("weather", "planes")},
        entity=spec.entity,
        joins=spec.joins,
        features=features,
        derivations=model.derivations,
        timezone="America/New_York",
    )
    known = table["arr_delay"].notna().to_numpy()
    flown = frame[known].reset_index(drop=True)
    cut = split_in_time(
        flown["event_time"], flown[list(spec.entity.key)], validation_share=0.15, test_share=0.2, seed=1
    )
    return TrainingSet(
        frame=flown,
        labels=(table.loc[known, "arr_delay"] > 15).to_numpy().astype(int),
        parts={"train": cut.train, "validation": cut.validation, "test": cut.test},
        unknown=frame[~known],
        kinds={feature.name: feature.kind for feature in features},
        key=spec.entity.key,
        class_names=("negative", "positive"),
        in_time=True,
    )


def test_flights_as_they_are_have_no_leak(january: TrainingSet) -> None:
    report = find_leaks(january, load_spec(FLIGHTS).leakage)
    assert report.passed, report.message
    assert {result.subject for result in report.results} >= set(january.kinds)


def test_one_percent_of_the_test_rows_under_other_keys_in_train_is_stopped(january: TrainingSet) -> None:
    copied = january.parts["test"][::100]
    early = january.frame["event_time"].min()
    copies = january.frame.iloc[copied].assign(flight=-1, event_time=early, prediction_time=early)
    frame = pd.concat([january.frame, copies], ignore_index=True)
    train = np.concatenate([january.parts["train"], np.arange(len(january.frame), len(frame))])
    labels = np.concatenate([january.labels, january.labels[copied]])
    planted = replace(january, frame=frame, labels=labels, parts={**january.parts, "train": train})
    (failed,) = find_leaks(planted, load_spec(FLIGHTS).leakage).failed
    assert failed.subject == "test rows"
    assert "share of rows that equal a train row" in failed.measured
