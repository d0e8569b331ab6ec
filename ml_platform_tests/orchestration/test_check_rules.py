"""Up to a hundred columns each has a check of its own; beyond, one check stands for each kind of rule."""

from __future__ import annotations

import dagster as dg
import pytest

from ml_platform.orchestration.check_rules import MAX_COLUMN_CHECKS, Outcome, Rule, group_outcomes, group_rules

WARN, ERROR = dg.AssetCheckSeverity.WARN, dg.AssetCheckSeverity.ERROR


def rules(n_columns: int) -> list[Rule]:
    names = [f"a {number}" for number in range(n_columns)]
    of_columns = [Rule(f"column_a_{number}", "A number.", column=name) for number, name in enumerate(names)]
    of_ranges = [Rule(f"rule_range_a_{n}", "In range.", warns=True, column=name) for n, name in enumerate(names)]
    return [Rule("key", "Unique."), *of_columns, *of_ranges, Rule("rule_one_a_7", "One.", column="a 7")]


def outcomes(of: list[Rule], failed: dict[str, dg.AssetCheckSeverity]) -> list[Outcome]:
    return [Outcome(r.check, r.check not in failed, f"of {r.check}", failed.get(r.check, ERROR)) for r in of]


def test_a_hundred_columns_have_a_check_each() -> None:
    of = rules(MAX_COLUMN_CHECKS)
    assert list(group_rules(of)) == of
    found = outcomes(of, {"column_a_3": ERROR})
    assert list(group_outcomes(of, found)) == found


def test_a_hundred_and_one_columns_share_a_check_per_kind_of_rule() -> None:
    of = rules(MAX_COLUMN_CHECKS + 1)
    checks = {rule.check: rule for rule in group_rules(of)}
    assert list(checks) == ["key", "each_column", "each_rule_range", "rule_one_a_7"]
    assert (checks["each_column"].warns, checks["each_rule_range"].warns) == (False, True)
    assert checks["each_column"].description.startswith("The same for 101 columns")
    failed = {f"column_a_{number}": ERROR for number in range(7)} | {"rule_range_a_1": WARN, "key": ERROR}
    found = {outcome.check: outcome for outcome in group_outcomes(of, outcomes(of, failed))}
    assert list(found) == list(checks)
    assert [name for name, outcome in found.items() if not outcome.passed] == ["key", "each_column", "each_rule_range"]
    assert (found["each_column"].severity, found["each_rule_range"].severity) == (ERROR, WARN)
    assert found["each_column"].message.endswith("of column_a_4; and 2 more")
    assert found["each_column"].metadata["failed"] == 7
    table = found["each_column"].metadata["columns"].value.splitlines()
    assert len(table) == 2 + 101
    assert table[2] == "| column_a_0 | NO | of column_a_0 |", "what failed comes first"


@pytest.mark.parametrize("n_columns", [MAX_COLUMN_CHECKS, MAX_COLUMN_CHECKS + 1])
def test_every_check_has_an_outcome_also_when_all_passed(n_columns: int) -> None:
    of = rules(n_columns)
    found = list(group_outcomes(of, outcomes(of, {})))
    assert [outcome.check for outcome in found] == [rule.check for rule in group_rules(of)]
    assert all(outcome.passed for outcome in found)
