"""Models without partitions: one per task on the tables that scikit-learn ships, and one with time, on the weather."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import yaml
from dagster_shared.utils.warnings import disable_dagster_warnings

from ml_platform.orchestration.graph import build_pipeline
from ml_platform.orchestration.jobs import EXECUTORS
from ml_platform.pipeline.model import Model
from ml_platform.spec import load_spec
from ml_platform_tests.place import RAW

TYPES = {
    "f": ("number", "double"),
    "i": ("integer", "int64"),
    "b": ("boolean", "bool"),
    "O": ("string", "string"),
    "M": ("timestamp", "timestamp[ms, UTC]"),
}

TEST_SHARE = 0.3


@dataclass(frozen=True)
class SmallModel:
    """What one of them is made of."""

    load: Callable[[], pd.DataFrame]
    task: str
    target: dict[str, Any]
    metric: str
    tolerance: float
    estimators: tuple[str, str]
    predicted: tuple[str, ...]
    """Columns of its predictions."""
    time: str | None = None


def wines() -> pd.DataFrame:
    from sklearn.datasets import load_wine

    frame = _named(load_wine(as_frame=True).frame)
    cultivars = ["Barolo", "Grignolino", "Barbera"]
    return frame.assign(target=frame["target"].map(dict(enumerate(cultivars)))).rename(columns={"target": "cultivar"})


def tumours() -> pd.DataFrame:
    from sklearn.datasets import load_breast_cancer

    frame = _named(load_breast_cancer(as_frame=True).frame)
    means = [column for column in frame if column.startswith("mean_")]
    return frame[means].assign(benign=frame["target"] == 1)


def patients() -> pd.DataFrame:
    from sklearn.datasets import load_diabetes

    return _named(load_diabetes(as_frame=True).frame).rename(columns={"target": "progression"})


def hours() -> pd.DataFrame:
    """Return the first weeks of one airport's weather."""
    weather = pd.read_parquet(RAW / "weather.parquet")
    columns = ["time_hour", "temp", "humid", "wind_speed", "visib", "precip"]
    return weather.loc[weather["origin"] == "EWR", columns].head(1000).reset_index(drop=True)


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.rename(columns=lambda name: name.replace(" ", "_").replace("/", "_per_"))


SMALL_MODELS: dict[str, SmallModel] = {
    "wines": SmallModel(
        wines,
        "multiclass",
        {"column": "cultivar", "classes": ["Barolo", "Grignolino", "Barbera"]},
        "macro_roc_auc",
        0.1,
        ("logistic_regression", "hist_gradient_boosting"),
        ("probability_barolo", "probability_grignolino", "probability_barbera", "predicted"),
    ),
    "tumours": SmallModel(
        tumours,
        "binary",
        {"column": "benign"},
        "roc_auc",
        0.05,
        ("logistic_regression", "random_forest"),
        ("score",),
    ),
    "patients": SmallModel(
        patients,
        "regression",
        {"column": "progression"},
        "root_mean_squared_error",
        10.0,
        ("ridge", "hist_gradient_boosting"),
        ("prediction",),
    ),
    "hours": SmallModel(
        hours,
        "binary",
        {"column": "humid", "greater_than": 60},
        "roc_auc",
        0.1,
        ("logistic_regression", "random_forest"),
        ("score",),
        time="time_hour",
    ),
}


def table(name: str) -> pd.DataFrame:
    """Return a model's whole table, with the number of its row as a key."""
    frame = SMALL_MODELS[name].load()
    frame.insert(0, "row", range(len(frame)))
    return frame


def write_model(name: str, folder: Path) -> Path:
    """Write ``defs.yaml`` and the contract of a model, and return its folder."""
    model, frame = SMALL_MODELS[name], table(name)
    (folder / name).mkdir(parents=True)
    documents = {
        "defs.yaml": {"type": "ml_platform.orchestration.ModelPipeline", "attributes": _attributes(name, model, frame)},
        "contract.yaml": _contract(name, model, frame),
    }
    for file, document in documents.items():
        text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
        (folder / name / file).write_text(text, encoding="utf-8")
    return folder / name


def small_definitions(folder: Path) -> dg.Definitions:
    """Return the graph of the model in a folder."""
    shared = dg.Definitions(executor=EXECUTORS["in_process"])
    with disable_dagster_warnings():
        return dg.Definitions.merge(build_pipeline(Model.load(load_spec(folder), folder)), shared)


def _attributes(name: str, model: SmallModel, frame: pd.DataFrame) -> dict[str, Any]:
    features = [column for column in frame if column not in ("row", model.time, model.target["column"])]
    classes = {} if model.task == "regression" else {"min_per_class": 5}
    return {
        "name": name,
        "description": f"A small model of task {model.task}.",
        "owners": ["team:tests"],
        "task": model.task,
        "entity": {"table": name, "contract": "contract.yaml", "key": ["row"], "time": model.time},
        "target": model.target,
        "features": [{"name": column, "kind": "number"} for column in features],
        "training": {
            "test_share": TEST_SHARE,
            "seed": 7,
            "select_by": model.metric,
            "estimators": {estimator: {} for estimator in model.estimators},
        },
        "evaluation": {"resamples": 200},
        "gates": {
            "beats_baseline": {"metric": model.metric, "min_rows": 20, **classes},
            "not_worse_than_champion": {
                "metric": model.metric,
                "tolerance": model.tolerance,
                "min_rows": 20,
                **classes,
            },
        },
        "drift": {"min_rows": 100},
    }


def _contract(name: str, model: SmallModel, frame: pd.DataFrame) -> dict[str, Any]:
    properties = []
    for column, values in frame.items():
        logical, physical = TYPES[values.dtype.kind]
        described = {"name": column, "logicalType": logical, "physicalType": physical, "required": True}
        properties.append(described | ({"primaryKey": True} if column == "row" else {}))
        if column == model.target["column"] and "classes" in model.target:
            properties[-1]["enum"] = [{"value": value} for value in model.target["classes"]]
    return {
        "apiVersion": "v3.2.0",
        "kind": "DataContract",
        "id": name,
        "name": name,
        "version": "1.0.0",
        "status": "active",
        "schema": [
            {
                "name": name,
                "physicalType": "table",
                "logicalType": "object",
                "customProperties": [{"property": "maxQuarantineShare", "value": 0.0}],
                "quality": [{"metric": "rowCount", "mustBeBetween": [100, 1000]}],
                "properties": properties,
            }
        ],
    }


def pyproject(name: str) -> str:
    """Return the ``pyproject.toml`` of a project of Dagster's own tool."""
    return f"""\
[project]
name = "{name}"
version = "0.1.0"

[tool.dg]
directory_type = "project"

[tool.dg.project]
root_module = "{name}"
registry_modules = []
"""
