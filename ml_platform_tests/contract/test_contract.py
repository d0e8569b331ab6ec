"""What a contract says of itself: its checks in order, the tables it reads, and the time zone it is read in."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ml_platform.contract import Window
from ml_platform.contract.contract import PARTITION_CHECK
from ml_platform.errors import ContractError
from ml_platform_tests.contract.small import orders, things

AT: dict[str, Any] = {"name": "at", "logicalType": "timestamp"}
TEXT: dict[str, Any] = {"name": "x", "logicalType": "string"}


def test_checks_are_those_of_the_table_then_of_columns_then_of_rules(tmp_path: Path) -> None:
    contract = orders(tmp_path)
    names = [check.name for check in contract.checks]
    assert names[:4] == ["schema", "row_count", "quarantine_share", "key"]
    assert names[4:] == [f"column_{name}" for name in contract.columns]
    assert contract.partitioned_checks == (*contract.checks, PARTITION_CHECK)
    (key,) = (check for check in contract.checks if check.name == "key")
    assert key.reads == ("order", "line")
    by_name = {check.name: check for check in contract.checks}
    assert by_name["row_count"].description == "The number of rows is at least 1 and at most 1,000."
    assert by_name["column_amount"].description == "number; must be between 0 and 10; at most 50% missing."
    assert "key" not in {check.name for check in things(tmp_path, TEXT).checks}


def test_a_contract_knows_the_tables_and_the_time_that_it_needs(tmp_path: Path) -> None:
    query = {"type": "sql", "query": "SELECT count(*) FROM things JOIN others USING (x)", "mustBe": 1}
    relationships = [{"to": "codes.code"}, {"to": "things.x"}]
    contract = things(tmp_path, {**TEXT, "relationships": relationships}, table={"quality": [query]})
    assert contract.referenced_tables == ("codes", "others")
    assert not contract.needs_now
    for name, needs_now in (("freshness", True), ("latency", True), ("frequency", False)):
        level = {"property": name, "element": "things.at", "value": 1}
        assert things(tmp_path, AT, slaProperties=[level]).needs_now == needs_now


def test_a_window_is_of_moments() -> None:
    start, end = datetime(2013, 1, 1, tzinfo=UTC), datetime(2013, 2, 1, tzinfo=UTC)
    assert str(Window("at", start, end)) == "[2013-01-01 00:00+0000, 2013-02-01 00:00+0000)"
    with pytest.raises(ContractError, match="The window of 'at' needs a time zone"):
        Window("at", start, datetime(2013, 2, 1))


def test_another_zone_than_the_models_is_refused_with_both(tmp_path: Path) -> None:
    berlin = things(tmp_path, {**AT, "logicalTypeOptions": {"defaultTimezone": "Europe/Berlin"}})
    assert berlin.in_timezone("Europe/Berlin").timezone == "Europe/Berlin"
    with pytest.raises(ContractError, match=r"column 'at': its defaultTimezone is Europe/Berlin, .* in Asia/Tokyo"):
        berlin.in_timezone("Asia/Tokyo")
