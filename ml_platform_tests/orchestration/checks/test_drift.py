"""A column that has drifted is a warning or an error, which stops nothing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import dagster as dg
import pytest

from ml_platform.orchestration.checks.drift import drift_checks
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.spec import load_spec
from ml_platform.stores.stores import Stores
from ml_platform_tests.place import Place
from ml_platform_tests.quick import FLIGHTS

WARN, ERROR = dg.AssetCheckSeverity.WARN, dg.AssetCheckSeverity.ERROR


@pytest.mark.parametrize("model", ["employment", "flights"])
def test_every_feature_and_the_score_has_a_check_that_blocks_nothing(definitions: dg.Definitions, model: str) -> None:
    graph = definitions.resolve_asset_graph()
    drift = graph.get_check_keys_for_assets({dg.AssetKey([model, "drift"])})
    features = {feature.name for feature in load_spec(FLIGHTS.with_name(model)).features}
    assert {key.name for key in drift} == {f"psi_{column}" for column in features | {"score"}} | {"all_checks"}
    assert not any(graph.get_check_spec(key).blocking for key in drift)


@pytest.mark.parametrize(
    ("level", "passed", "severity"),
    [("ok", True, WARN), ("too_few_rows", True, WARN), ("warning", False, WARN), ("critical", False, ERROR)],
)
def test_the_level_of_a_column_is_the_severity_of_its_check(
    small: Place, tumours: Model, level: str, passed: bool, severity: dg.AssetCheckSeverity
) -> None:
    report: dict[str, Any] = small.stores.documents.read(tumours.artifact("drift", None))
    for column in report["columns"]:
        if column["column"] == "mean_area":
            column |= {"level": level, "value": 0.3, "message": "mean_area has moved"}
    documents = SimpleNamespace(read=lambda _artifact: report)
    stores = cast(Stores, SimpleNamespace(documents=documents))
    found = {one.check: one for one in drift_checks(tumours).body(tumours, stores, None, RunContext())}
    assert set(found) == {rule.check for rule in drift_checks(tumours).rules}
    area = found.pop("psi_mean_area")
    assert (area.passed, area.severity, area.message) == (passed, severity, "mean_area has moved")
    assert area.metadata == {"psi": 0.3, "level": level}
    assert all(one.passed for one in found.values())
