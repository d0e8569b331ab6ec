"""The clock retrains on the newest partition that nothing was trained on, or on a whole table that has changed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg

from ml_platform.orchestration.automation.drift_sensor import RETRAIN_TAG
from ml_platform.orchestration.automation.schedule import newest_untrained, retraining_schedule
from ml_platform.orchestration.automation.ticks import REASON_TAG
from ml_platform.pipeline.model import Model
from ml_platform_tests.place import Place
from ml_platform_tests.small_models import table

NOW = datetime(2013, 5, 2, 6, tzinfo=UTC)


def test_the_schedule_asks_for_the_newest_partition_that_nothing_was_trained_on(
    trained: Place, ingested_folder: Path, tmp_path: Path
) -> None:
    schedule = trained.definitions.resolve_schedule_def("flights_retrain_schedule")

    def tick(folder: Path) -> Any:
        with (
            Place.open(folder, trained.definitions) as place,
            dg.build_schedule_context(
                instance=place.instance,
                resources={"stores": place.stores},
                repository_def=trained.definitions.get_repository_def(),
                scheduled_execution_time=NOW,
            ) as context,
        ):
            return schedule.evaluate_tick(context)

    assert tick(tmp_path).skip_message == "flights has no features yet: run flights_ingest on a partition first."
    assert "already been trained as of 2013-01" in tick(trained.folder).skip_message
    (request,) = tick(ingested_folder).run_requests
    assert request.partition_key == "2013-01"
    assert request.tags[RETRAIN_TAG] == "schedule"


def test_a_whole_table_is_trained_on_again_when_its_rows_have_changed(small_copy: Place, tumours: Model) -> None:
    kept = newest_untrained(tumours, small_copy.stores, NOW)
    assert isinstance(kept, dg.SkipReason)
    assert kept.skip_message == "tumours has already been trained on its table as it is now."
    table("tumours").head(500).to_parquet(small_copy.raw("tumours.parquet"))
    request = newest_untrained(tumours, small_copy.stores, NOW)
    assert isinstance(request, dg.RunRequest)
    assert (request.partition_key, request.tags[RETRAIN_TAG]) == (None, "schedule")
    assert "the table has changed since" in request.tags[REASON_TAG]


def test_without_a_cron_expression_there_is_no_schedule(tumours: Model) -> None:
    assert tumours.spec.retraining.cron is None
    assert retraining_schedule(tumours, "tumours_train") == []
