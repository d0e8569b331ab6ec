"""A model's YAML is read whole or rejected whole, and comes back from its stored form as it was."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from ml_platform.errors import At, SpecError
from ml_platform.spec import LOADER, ModelSpec, load_spec

DEFS = Path(__file__).parents[1] / "ml_platform" / "defs"
MODELS = sorted(file.parent for file in DEFS.glob("*/defs.yaml"))
SMALL: dict[str, Any] = {
    "name": "small",
    "description": "A small model.",
    "owners": ["team:tests"],
    "task": "binary",
    "partitions": {"every": "month", "start": "2024-01"},
    "entity": {"table": "rows", "contract": "contract.yaml", "key": ["row", "shop"], "time": "at"},
    "target": {"column": "y", "greater_than": 1},
    "features": [{"name": "a", "kind": "number"}],
    "training": {"seed": 7, "select_by": "roc_auc", "estimators": {"logistic_regression": None}},
    "gates": {
        "beats_baseline": {"metric": "roc_auc"},
        "not_worse_than_champion": {"metric": "roc_auc", "tolerance": 0.1},
    },
}

SCHEMA = Draft202012Validator(ModelSpec.model_json_schema())
ACROSS_BLOCKS = ("leaking column", "table that is not joined", "accepted leak", "target")
"""What a JSON schema cannot say."""


def small(**changes: Any) -> ModelSpec:
    return ModelSpec.model_validate({**SMALL, **changes})


def without(block: str, *keys: str) -> dict[str, Any]:
    return {block: {key: value for key, value in SMALL[block].items() if key not in keys}}


@pytest.mark.parametrize("folder", MODELS, ids=lambda folder: folder.name)
def test_a_spec_comes_back_from_its_stored_form(folder: Path) -> None:
    spec = load_spec(folder)
    assert spec.name == folder.name
    assert ModelSpec.model_validate(spec.model_dump(mode="json", by_alias=True)) == spec


@pytest.mark.parametrize("folder", MODELS, ids=lambda folder: folder.name)
def test_the_fast_loader_reads_what_the_plain_one_reads(folder: Path) -> None:
    text = (folder / "defs.yaml").read_text(encoding="utf-8")
    assert yaml.load(text, Loader=LOADER) == yaml.safe_load(text)


def test_rows_are_split_in_time_unless_there_is_none_or_a_group_is_kept_whole() -> None:
    training = SMALL["training"]
    assert (small().split_by, small().split_key) == ("time", ("row", "shop"))
    grouped = small(training={**training, "group": ["shop"]})
    assert (grouped.split_by, grouped.split_key) == ("key_hash", ("shop",))
    assert small(training={**training, "split_by": "key_hash"}).split_by == "key_hash"
    timeless = small(partitions=None, **without("entity", "time"))
    assert (timeless.split_by, timeless.lookback, timeless.lookback_partitions(None)) == ("key_hash", timedelta(0), [])


def test_rolling_aggregates_need_the_partitions_that_their_windows_touch() -> None:
    rolling = {
        "available_after": "PT0S",
        "aggregates": [{"name": "n", "column": "y", "function": "count", "windows": ["P7D", "P40D"]}],
    }
    spec = small(rolling=rolling, entity={**SMALL["entity"], "predict_before": "P1D"})
    assert spec.lookback == timedelta(days=41)
    assert spec.lookback_partitions("2024-04") == ["2024-02", "2024-03"]
    assert spec.lookback_partitions("2024-01") == []


def test_a_joined_table_has_its_own_contract_and_no_partitions() -> None:
    join = {"table": "shops", "contract": "shops.yaml", "match": {"shop": "id"}, "static": True}
    spec = small(joins=[join])
    assert spec.tables == ("rows", "shops")
    assert [spec.contract_file(table) for table in spec.tables] == ["contract.yaml", "shops.yaml"]
    assert [spec.partition_of(table, "2024-01") for table in spec.tables] == ["2024-01", None]


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "name": ({"name": "Small"}, "'Small' must be lower-case letters"),
    "owner": ({"owners": ["somebody"]}, "'somebody' is neither an e-mail address nor a team"),
    "no owner": ({"owners": []}, "at least 1 item"),
    "unknown block": ({"drfit": {}}, "drfit"),
    "no time": (without("entity", "time"), "entity.time names no column, and without it there is no partitions"),
    "metric to select by": (
        {"training": {**SMALL["training"], "select_by": "roc_acu"}},
        "training.select_by: metric 'roc_acu' does not exist.*Did you mean 'roc_auc'",
    ),
    "metric of another task": (
        {"training": {**SMALL["training"], "select_by": "r2_score"}},
        "training.select_by: metric 'r2_score' is not defined for task 'binary'",
    ),
    "group": (
        {"training": {**SMALL["training"], "group": ["shp"]}},
        "training.group: 'shp' is not a key column.*Did you mean 'shop'",
    ),
    "gate of a metric that is not evaluated": (
        {"evaluation": {"metrics": ["log_loss"]}},
        "gate 'beats_baseline': metric 'roc_auc' is not among those evaluated",
    ),
    "estimator of another task": (
        {"training": {**SMALL["training"], "estimators": {"ridge": {}}}},
        "'ridge' cannot learn task 'binary'",
    ),
    "target of another task": ({"task": "regression"}, "'greater_than' does not fit task 'regression'"),
    "accepted leak of no feature": ({"leakage": {"accepted": {"aa": "why"}}}, "leakage.accepted: there is no feature"),
    "the target as a feature": ({"features": [{"name": "y", "kind": "number"}]}, "it is what the model predicts"),
    "feature twice": ({"features": 2 * SMALL["features"]}, "feature declared twice: a"),
    "executor": ({"executor": "celery"}, "'in_process' or 'multiprocess'"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_does_not_fit_together_is_refused(case: str) -> None:
    changes, message = WRONG[case]
    with pytest.raises(ValidationError, match=message):
        small(**changes)


def written(folder: Path, document: Any) -> Path:
    (folder / "defs.yaml").write_text(document if isinstance(document, str) else yaml.safe_dump(document), "utf-8")
    return folder


def test_every_wrong_entry_of_a_file_is_named_with_its_place(tmp_path: Path) -> None:
    training = {**SMALL["training"], "seed": -1}
    document = {"type": "x", "attributes": {**SMALL, "name": "Small", "training": training}}
    with pytest.raises(SpecError) as caught:
        load_spec(written(tmp_path, document))
    lines = (tmp_path / "defs.yaml").read_text(encoding="utf-8").splitlines()
    for wrong, message in (("  name: Small", "'Small' must be"), ("    seed: -1", "training.seed: Input should be")):
        assert f"defs.yaml:{lines.index(wrong) + 1}: {message}" in str(caught.value)


WHERE: dict[str, tuple[dict[str, Any], At]] = {
    "estimator": (
        {"training": {**SMALL["training"], "estimators": {"rigde": {}}}},
        ("training", "estimators", "rigde"),
    ),
    "option": (
        {"training": {**SMALL["training"], "estimators": {"logistic_regression": {"c": 1}}}},
        ("training", "estimators", "logistic_regression", "c"),
    ),
    "imputation": (
        {"training": {**SMALL["training"], "missing": {"numbers": "men"}}},
        ("training", "missing", "numbers"),
    ),
    "gate": ({"gates": {**SMALL["gates"], "beats_basline": {"metric": "roc_auc"}}}, ("gates", "beats_basline")),
    "metric of a gate": (
        {"gates": {**SMALL["gates"], "beats_baseline": {"metric": "roc_acu"}}},
        ("gates", "beats_baseline", "metric"),
    ),
    "metric": ({"evaluation": {"metrics": ["roc_auc", "acuracy"]}}, ("evaluation", "metrics", 1)),
    "metric to select by": ({"training": {**SMALL["training"], "select_by": "auc"}}, ("training", "select_by")),
    "drift metric": ({"drift": {"metric": "psi"}}, ("drift", "metric")),
    "unknown key": ({"drift": {"warnign": 1}}, ("drift", "warnign")),
    "leaking column": ({"features": [*SMALL["features"], {"name": "y", "kind": "number"}]}, ("features", 1)),
    "table that is not joined": ({"features": [{"name": "b", "kind": "number", "from": ["x.b"]}]}, ("features", 0)),
    "accepted leak": ({"leakage": {"accepted": {"b": "why"}}}, ("leakage", "accepted", "b")),
    "target": ({"task": "regression"}, ("target", "greater_than")),
}


@pytest.mark.parametrize("case", WHERE)
def test_an_error_shows_the_line_of_what_is_wrong(tmp_path: Path, case: str) -> None:
    changes, at = WHERE[case]
    folder = written(tmp_path, {"type": "x", "attributes": {**SMALL, **changes}})
    with pytest.raises(SpecError) as caught:
        load_spec(folder)
    marked = [line.partition(" | ")[2] for line in str(caught.value).splitlines() if line.startswith("  > ")]
    last = at[-1]
    assert marked[0].strip().startswith(f"{last}:" if isinstance(last, str) else "- ")


def test_an_unknown_key_is_named_with_those_that_are_known(tmp_path: Path) -> None:
    changes = {"drift": {"warnign": 1}, "features": [{"name": "a", "kind": "number", "form": ["a"]}]}
    with pytest.raises(SpecError) as caught:
        load_spec(written(tmp_path, {"type": "x", "attributes": {**SMALL, **changes}}))
    assert "unknown key 'warnign'. Known: warning, critical," in str(caught.value)
    assert "unknown key 'form'. Known: name, kind, derive, from. Did you mean 'from'?" in str(caught.value)


@pytest.mark.parametrize("folder", MODELS, ids=lambda folder: folder.name)
def test_the_schema_of_dg_accepts_every_model(folder: Path) -> None:
    document = yaml.safe_load((folder / "defs.yaml").read_text(encoding="utf-8"))
    assert list(SCHEMA.iter_errors(document["attributes"])) == []
    assert list(SCHEMA.iter_errors(SMALL)) == []


@pytest.mark.parametrize("case", [name for name in WHERE if name not in ACROSS_BLOCKS])
def test_the_schema_of_dg_shows_what_is_wrong_at_its_place_or_right_above_it(case: str) -> None:
    """Of an unknown key, `dg` reads the key itself out of jsonschema's message."""
    changes, at = WHERE[case]
    found = {tuple(error.absolute_path) for error in SCHEMA.iter_errors({**SMALL, **changes})}
    assert found & {at, at[:-1]}


@pytest.mark.parametrize("text", ["", "task: [binary", "- a\n- b", "type: x"])
def test_a_file_that_is_no_component_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SpecError, match="is not a component's YAML with 'type' and 'attributes'"):
        load_spec(written(tmp_path, text))


def test_a_folder_without_a_spec_is_named(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"defs\.yaml does not exist"):
        load_spec(tmp_path)
