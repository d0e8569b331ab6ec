"""A model is told in a line, or a fact per line, and as JSON whose next command can be typed."""

from __future__ import annotations

from datetime import UTC, datetime

from ml_platform.cli.status_text import line_of, lines, lines_of, to_document
from ml_platform.cli.typed import program
from ml_platform.orchestration.execution.under_way import Run
from ml_platform.pipeline.status import Champion, Decision, Drift, Stale, Status

AT = datetime(2013, 4, 1, tzinfo=UTC)
DRIFT = Drift(
    "2013-04", "1", "critical", {"critical": 1, "ok": 2}, {"temp": 4.16, "dewp": 0.9}, "http://reports/x.html"
)
STATUS = Status(
    model="flights",
    champion=Champion("2", "2013-03", AT, ("beats_baseline passed: gain 0.1",)),
    last_scored="2013-04",
    drift=DRIFT,
    last_decision=Decision(False, "2013-04", AT, ("not_worse_than_champion FAILED: gain -0.2",)),
    stale=(Stale("2013-02", ("features are not stored. Run: ml-platform asset materialize",)),),
    new=tuple(Stale(f"2013-{month:02}", ("is new",)) for month in range(5, 13)),
    newest_raw="2013-12",
    missing=(),
)
RUN = Run("1234", "flights_train", "2013-04", False, AT)


def test_a_line_has_champion_drift_counts_and_what_to_do() -> None:
    assert line_of(STATUS, [RUN]) == (
        "flights: champion 2 as of 2013-03; scored 2013-04, drift critical; 1 stale; 8 new; 1 running; "
        "next: ml-platform refresh flights"
    )


def test_in_full_each_fact_has_a_line_and_many_partitions_are_cut() -> None:
    told = [" ".join(line.split()) for line in lines_of(STATUS, [RUN])]
    assert told[0].startswith("champion version 2 as of 2013-03, since 2013-0")
    assert told[1:5] == [
        "beats_baseline passed: gain 0.1",
        "scored 2013-04, by version 1",
        "drift 1 critical, 2 ok; largest: temp 4.16, dewp 0.90",
        "http://reports/x.html",
    ]
    assert told[5].startswith("decision rejected the candidate as of 2013-04 on 2013-0")
    assert told[7:9] == ["stale 2013-02: features are not stored", "new 2013-05: is new"]
    assert "and 3 more" in told
    assert told[-2].startswith("runs flights_train 2013-04 since 2013-0")
    assert told[-1] == "next ml-platform refresh flights"


def test_a_model_that_cannot_be_read_is_told_beside_the_others_and_none_is_told_how_to_begin() -> None:
    assert list(lines({"flights": STATUS}, {"shop": "defs.yaml is wrong"}, [], in_full=False))[1:] == [
        "shop: defs.yaml is wrong"
    ]
    assert next(lines({}, {}, [], in_full=False)).startswith("There is no model yet")


def test_the_document_has_all_partitions_the_runs_of_the_model_and_a_command_as_it_is_typed() -> None:
    other = Run("5", "shop_train", None, True, AT)
    flights, shop = to_document({"flights": STATUS}, {"shop": "defs.yaml is wrong"}, [RUN, other])
    assert (len(flights["new"]), [run["run_id"] for run in flights["runs"]]) == (8, ["1234"])
    assert flights["next"] == f"{program()} refresh flights"
    assert shop == {"model": "shop", "error": "defs.yaml is wrong"}
