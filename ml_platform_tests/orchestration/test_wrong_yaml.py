"""A wrong value in a model's YAML or contract is one message that names the thing, and guesses what was meant."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ml_platform.errors import PlatformError
from ml_platform.pipeline.model import Model
from ml_platform.spec import load_spec

FLIGHTS = Path(__file__).parents[2] / "ml_platform" / "defs" / "flights"

DEFS = "defs.yaml"
DISTANCE = "{name: distance, kind: number}"

CASES: dict[str, tuple[str, str, str, list[str]]] = {
    "key": (DEFS, "  drift:\n", "  drfit:\n", ["'drfit'", "Did you mean 'drift'?"]),
    "task": (DEFS, "task: binary", "task: binray", ["task", "'binary'"]),
    "target of another task": (DEFS, "task: binary", "task: regression", ["'greater_than'", "'task: binary'"]),
    "target that the contract excludes": (
        DEFS,
        "greater_than: 15",
        'positive: "late"',
        ["'late'", "contract_flights.yaml", "number"],
    ),
    "metric of another task": (
        DEFS,
        "select_by: roc_auc",
        "select_by: mean_absolute_error",
        ["task 'binary'", "roc_auc"],
    ),
    "no time": (
        DEFS,
        "    time: sched_dep_at\n    predict_before: PT2H\n",
        "",
        ["partitions", "'weather'", "entity.time"],
    ),
    "estimator": (DEFS, "logistic_regression:", "logistic_regresion:", ["Did you mean 'logistic_regression'?"]),
    "estimator's option": (DEFS, "max_iter:", "max_itr:", ["'max_itr'", "Did you mean 'max_iter'?"]),
    "metric": (DEFS, "[roc_auc, average_precision", "[roc_acu, average_precision", ["Did you mean 'roc_auc'?"]),
    "metric to select by": (DEFS, "select_by: roc_auc", "select_by: roc_acu", ["select_by", "'roc_acu'"]),
    "gate": (DEFS, "beats_baseline:", "beat_baseline:", ["Did you mean 'beats_baseline'?"]),
    "gate's option": (DEFS, "tolerance:", "tolerence:", ["'tolerence'", "Did you mean 'tolerance'?"]),
    "gate's metric": (DEFS, "beats_baseline: {metric: roc_auc}", "beats_baseline: {metric: auc}", ["'auc'"]),
    "leak by dep_delay": (DEFS, DISTANCE, "{name: dep_delay, kind: number}", ["dep_delay", "left the gate"]),
    "leak by air_time": (DEFS, DISTANCE, "{name: speed, kind: number, from: [air_time]}", ["air_time", "landed"]),
    "leak by arr_time": (DEFS, "from: [sched_dep_time]", "from: [arr_time]", ["arr_time", "landed"]),
    "the target as a feature": (DEFS, DISTANCE, "{name: arr_delay, kind: number}", ["arr_delay"]),
    "unknown table": (DEFS, "weather.temp", "wether.temp", ["'wether'", "Did you mean 'weather'?"]),
    "unknown column": (DEFS, "weather.temp", "weather.tmp", ["'tmp'", "Did you mean 'temp'?"]),
    "unknown derivation": (DEFS, "derive: plane_age", "derive: plane_aeg", ["plane_aeg", "Did you mean 'plane_age'?"]),
    "key column": (DEFS, "[time_hour, carrier, flight]", "[time_hour, carrier, fligth]", ["Did you mean 'flight'?"]),
    "kind of a feature": (DEFS, "{name: distance, kind: number}", "{name: distance, kind: numbr}", ["kind", "number"]),
    "partition": (DEFS, 'start: "2013-01"', 'start: "2013"', ["'2013' is not the key of a month", "'2013-01'"]),
    "time zone": (DEFS, "timezone: America/New_York", "timezone: America/NewYork", ["America/NewYork", "IANA"]),
    "cron": (DEFS, 'cron: "0 6 2 * *"', 'cron: "0 6 2 *"', ["'0 6 2 *' is not a cron expression"]),
    "missing contract": (DEFS, "contract_weather.yaml", "contract_wether.yaml", ["contract_wether.yaml"]),
    "YAML": (DEFS, "task: binary", "task: [binary", ["defs.yaml", "line"]),
    "time zone of a contract": (
        "contract_flights.yaml",
        "logicalTypeOptions: {timezone: true,",
        "logicalTypeOptions: {timezone: true, defaultTimezone: Asia/Tokyo,",
        ["'time_hour'", "Asia/Tokyo", "America/New_York"],
    ),
    "column of a contract": (
        "contract_flights.yaml",
        "name: distance",
        "name: distanse",
        ["'distance'", "Did you mean 'distanse'?"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_wrong_value_is_named_in_one_message(tmp_path: Path, case: str) -> None:
    name, right, wrong, words = CASES[case]
    folder = tmp_path / "flights"
    shutil.copytree(FLIGHTS, folder)
    text = (folder / name).read_text(encoding="utf-8")
    assert right in text
    (folder / name).write_text(text.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(PlatformError) as caught:
        Model.load(load_spec(folder), folder)
    for word in words:
        assert word in str(caught.value)
    assert len(str(caught.value).splitlines()) <= 8, str(caught.value)


def test_the_models_themselves_are_right() -> None:
    for folder in (FLIGHTS, FLIGHTS.with_name("employment")):
        assert Model.load(load_spec(folder), folder).name == folder.name
