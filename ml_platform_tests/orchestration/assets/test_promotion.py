"""The UI shows a decision with the reason of every gate, and the champion that serves after it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from ml_platform.orchestration.asset_kind import DATA_VERSION
from ml_platform.orchestration.execution.execute import QUIET
from ml_platform_tests.orchestration.shown import check_results, materialization, metadata
from ml_platform_tests.place import Place
from ml_platform_tests.quick import quick_definitions, quick_model

MONTH = "2013-01"


def test_each_gate_is_a_line_with_its_figures(small: Place) -> None:
    shown = metadata(small, "tumours/decision")
    assert (shown["decision"], shown["version"]) == ("promote", "1")
    baseline, champion = shown["gates"].splitlines()[2:]
    assert baseline.startswith("| beats baseline | passed | candidate 0.9")
    assert champion.startswith("| not worse than champion | passed | ")
    assert champion.endswith("no champion yet |")
    assert len(shown["gates"]) < 1000, "Dagster's UI draws a longer table only after a click"
    assert shown["reason"] == "The candidate passed all 2 gates."
    assert shown["gates_failed"] == 0


def test_the_champion_is_the_one_of_ledger_and_registry(small: Place) -> None:
    shown, champion = metadata(small, "tumours/champion"), small.stores.registry.champion("tumours")
    assert champion is not None
    promoted = small.stores.ledger("tumours").champion()
    assert promoted is not None
    assert (shown["version"], shown["previous_version"]) == (champion.version, "none")
    version = materialization(small, "tumours/champion").tags[DATA_VERSION]
    assert version == promoted.onnx_sha256 == champion.onnx_sha256
    assert (*shown,)[0] == "version"
    assert shown["reason"].startswith("Promoted: beats_baseline passed: roc_auc 0.9")
    assert shown["since"] == promoted.at.timestamp()
    assert shown["promoted_in"] == promoted.dagster_run_id
    assert shown["mlflow_version"].startswith("[tumours version 1](http://127.0.0.1:5000/#/models/tumours/versions/1?")
    assert shown["champion_roc_auc"] > 0.9


def run(place: Place, *assets: str, checks: bool = True) -> dg.ExecuteInProcessResult:
    """Run the steps of some assets of `flights` in January, with or without their checks."""
    selection = dg.AssetSelection.assets(*(["flights", asset] for asset in assets))
    job = dg.define_asset_job("some_assets", selection if checks else selection.without_checks())
    definitions = dg.Definitions.merge(place.definitions, dg.Definitions(jobs=[job]))
    with place.environment():
        return definitions.resolve_job_def("some_assets").execute_in_process(
            instance=place.instance, partition_key=MONTH, run_config=QUIET, raise_on_error=False
        )


@pytest.fixture(scope="module")
def rejected(ingested_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """`flights`, whose first candidate has been rejected; shared, since no attack may change who is champion."""
    folder = tmp_path_factory.mktemp("rejected") / "data"
    with Place.open_copy(ingested_folder, folder, quick_definitions(quick_model(margin=0.9))) as place:
        assert place.run("to_champion", MONTH).success
        yield place


def test_a_rejected_candidate_is_an_outcome_and_without_a_champion_none_is_made(rejected: Place) -> None:
    failed = [one for one in check_results(rejected, "flights/decision").values() if not one.passed]
    assert {(one.check_name, one.severity, one.blocking) for one in failed} == {
        (name, dg.AssetCheckSeverity.WARN, False) for name in ("gate_beats_baseline", "all_checks")
    }
    shown = metadata(rejected, "flights/decision")
    assert (shown["decision"], shown["gates_failed"]) == ("reject", 1)
    assert shown["reason"].startswith("beats_baseline: roc_auc ")
    assert "| beats baseline | **FAILED** |" in shown["gates"]
    assert "; must exceed 0.9 |" in shown["gates"]
    assert rejected.instance.get_latest_materialization_event(dg.AssetKey(["flights", "champion"])) is None
    (run_id,) = {one.run_id for one in rejected.instance.get_runs(dg.RunsFilter(job_name="to_champion"))}
    (said,) = [
        one.user_message for one in rejected.instance.all_logs(run_id) if "was rejected" in (one.user_message or "")
    ]
    assert "candidate/2013-01 was rejected; there is no champion, so none is stored. beats_baseline: " in said


@pytest.mark.parametrize("checks", [True, False])
@pytest.mark.parametrize("assets", [("champion",), ("decision", "champion")])
def test_no_choice_of_steps_or_checks_promotes_a_rejected_candidate(
    rejected: Place, assets: tuple[str, ...], checks: bool
) -> None:
    assert run(rejected, *assets, checks=checks).success
    assert rejected.stores.ledger("flights").champion() is None
    assert rejected.stores.registry.champion("flights") is None


def test_a_decision_by_other_gates_is_not_applied(rejected: Place) -> None:
    """The decision was taken by other gates than today's, so nothing follows from it."""
    with Place.open(rejected.folder, quick_definitions(quick_model())) as place:
        assert not run(place, "champion").success
        assert place.stores.ledger("flights").champion() is None
