"""Count what expectations need to know of a table in one pass, and let Great Expectations decide on the counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ml_platform.contract.answers import COMPLETE, Answer, answer, instance
from ml_platform.contract.expectations import Expectation
from ml_platform.contract.measures import broken_rows

if TYPE_CHECKING:
    import polars as pl

ROW_COUNT = "ExpectTableRowCountToBeBetween"
PROPORTION = "ExpectColumnProportionOfNonNullValuesToBeBetween"


@dataclass(frozen=True)
class Measured:
    """The rows of a table, those in which no value is missing, and which ones break the rule (positions)."""

    n_rows: int
    n_complete: int
    n_broken: int
    broken: tuple[int, ...]


def measure(table: pl.LazyFrame, asked: Sequence[Expectation]) -> dict[int, Measured]:
    """Return what was measured for each expectation that can be (by its place): one pass, and one for the failures."""
    schema = table.collect_schema()
    rules = {number: rule for number, one in enumerate(asked) if (rule := _rule(one, schema)) is not None}
    if not rules:
        return {}
    counted = _counts(table, {number: asked[number] for number in rules}, rules)
    failing = {str(number): rule for number, rule in rules.items() if counted[f"broken {number}"]}
    found: dict[str, Any] = {}
    if failing:
        positions = [rule.fill_null(False).arg_true().implode().alias(name) for name, rule in failing.items()]
        found = table.select(positions).collect().row(0, named=True)
    return {
        number: Measured(
            counted["rows"],
            counted[f"complete {number}"],
            counted[f"broken {number}"],
            tuple(found.get(str(number), ())),
        )
        for number in rules
    }


def _rule(asked: Expectation, schema: Mapping[str, pl.DataType]) -> pl.Expr | None:
    """Return which rows break a rule; expectations on a number of rows or of values break in none."""
    import polars as pl

    counts_values = asked.name == PROPORTION and asked.arguments["column"] in schema
    return pl.lit(False) if asked.name == ROW_COUNT or counts_values else broken_rows(asked, schema)


def _counts(table: pl.LazyFrame, asked: Mapping[int, Expectation], rules: Mapping[int, pl.Expr]) -> dict[str, int]:
    import polars as pl

    wanted = [pl.len().alias("rows")]
    for number, rule in rules.items():
        wanted += [rule.sum().alias(f"broken {number}"), _complete(asked[number]).sum().alias(f"complete {number}")]
    counted = table.select(wanted).collect(engine="streaming").row(0, named=True)
    return {name: int(count or 0) for name, count in counted.items()}


def _complete(asked: Expectation) -> pl.Expr:
    import polars as pl

    arguments = asked.arguments
    names = arguments.get("column_list") or [name for name in (arguments.get("column"),) if name]
    return pl.all_horizontal(pl.col(name).is_not_null() for name in names) if names else pl.lit(False)


def decide(asked: Expectation, measured: Measured) -> Answer:
    """Return what the library's expectation says when it is given what was measured as its metrics."""
    expectation = instance(asked, 0)
    needed = expectation.get_validation_dependencies(runtime_configuration={"result_format": dict(COMPLETE)})
    metrics = {one.id: _metric(name, measured) for name, one in needed.metric_configurations.items()}
    return answer(expectation.metrics_validate(metrics, runtime_configuration={"result_format": dict(COMPLETE)}))


def _metric(name: str, measured: Measured) -> Any:
    """Return a metric of the library by its name; one that begins with the rule is known by its last word."""
    missing = measured.n_rows - measured.n_complete
    values = {
        "table.row_count": measured.n_rows,
        "column_values.nonnull.unexpected_count": missing,
        "column.non_null_proportion": measured.n_complete / measured.n_rows if measured.n_rows else 0,
        "unexpected_count": measured.n_broken,
        "filtered_row_count": measured.n_complete,
        "unexpected_values": [],
        "unexpected_index_list": list(measured.broken),
        "unexpected_index_query": None,
    }
    return values[name] if name in values else values[name.rpartition(".")[2]]
