"""Runs expectations: the table is read once for all of them, and Great Expectations decides on what was counted.

What the library needs to know of a table (its metrics) is counted in one pass of Polars expressions; results and
observed values are its own. Expectations without such an expression go through its engine on pandas.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
import polars as pl
from great_expectations.data_context.types.base import ProgressBarsConfig

from ml_platform.contract.result import Expectation, ExpectationResult
from ml_platform.contract.validation.expressions import broken_rows

COMPLETE: Mapping[str, Any] = {
    # the positions of all failing rows are needed; everything else that could grow with them is switched off
    "result_format": "COMPLETE",
    "partial_unexpected_count": 0,
    "return_unexpected_index_query": False,
    "include_unexpected_rows": False,
}
"""The format of the library's results."""
ROW_COUNT = "ExpectTableRowCountToBeBetween"
PROPORTION = "ExpectColumnProportionOfNonNullValuesToBeBetween"


def run(table: pl.LazyFrame, expectations: Sequence[Expectation]) -> list[ExpectationResult]:
    """Return the results in the order of the expectations; only the columns that these name are read.

    Derived columns are no columns of the table to an expectation on its shape.
    """
    derived = {one.columns[0]: one.derived for one in expectations if one.derived is not None}
    counts = count(table.with_columns(**derived), expectations)
    rest = [expectation for number, expectation in enumerate(expectations) if number not in counts]
    others = iter(run_on_pandas(to_pandas(table, rest), rest) if rest else ())
    return [
        decide(one, counts[number]) if number in counts else next(others) for number, one in enumerate(expectations)
    ]


@dataclass(frozen=True)
class Counts:
    """The rows of a table, those in which no value is missing, and which ones break the rule (positions)."""

    n_rows: int
    n_complete: int
    broken: tuple[int, ...]


def count(table: pl.LazyFrame, expectations: Sequence[Expectation]) -> dict[int, Counts]:
    """Return the counts for each expectation that has an expression (by its place).

    One pass counts; a second finds the positions of failing rows, for the rules that are broken.
    """
    schema = table.collect_schema()
    rules = {number: rule for number, one in enumerate(expectations) if (rule := _rule(one, schema)) is not None}
    if not rules:
        return {}
    wanted = [pl.len().alias("rows")]
    for number, rule in rules.items():
        present = [pl.col(name).is_not_null() for name in expectations[number].columns]
        complete = pl.all_horizontal(present) if present else pl.lit(False)
        wanted += [rule.sum().alias(f"broken {number}"), complete.sum().alias(f"complete {number}")]
    row = table.select(wanted).collect(engine="streaming").row(0, named=True)
    counted = {name: int(n or 0) for name, n in row.items()}
    failing = [
        rules[number].fill_null(False).arg_true().implode().alias(str(number))
        for number in rules
        if counted[f"broken {number}"]
    ]
    rows = table.select(failing).collect().row(0, named=True) if failing else {}
    return {n: Counts(counted["rows"], counted[f"complete {n}"], tuple(rows.get(str(n), ()))) for n in rules}


def _rule(expectation: Expectation, schema: Mapping[str, pl.DataType]) -> pl.Expr | None:
    """Return which rows break a rule; expectations on a number of rows or of values break in none."""
    counts_values = expectation.name == PROPORTION and expectation.arguments["column"] in schema
    return pl.lit(False) if expectation.name == ROW_COUNT or counts_values else broken_rows(expectation, schema)


def decide(expectation: Expectation, counts: Counts) -> ExpectationResult:
    """Return what the library's expectation says when it is given the counts as its metrics."""
    instance, configuration = _instance(expectation, 0), {"result_format": dict(COMPLETE)}
    needed = instance.get_validation_dependencies(runtime_configuration=configuration).metric_configurations
    known = {
        "table.row_count": counts.n_rows,
        "column_values.nonnull.unexpected_count": counts.n_rows - counts.n_complete,
        "column.non_null_proportion": counts.n_complete / counts.n_rows if counts.n_rows else 0,
        "unexpected_count": len(counts.broken),
        "filtered_row_count": counts.n_complete,
        "unexpected_values": [],
        "unexpected_index_list": list(counts.broken),
        "unexpected_index_query": None,
    }
    # a metric whose name begins with the rule is known by its last word
    metrics = {one.id: known[name if name in known else name.rpartition(".")[2]] for name, one in needed.items()}
    return _result(instance.metrics_validate(metrics, runtime_configuration=configuration))


def run_on_pandas(frame: pd.DataFrame, expectations: Sequence[Expectation]) -> list[ExpectationResult]:
    """Run all expectations through the library's own engine, which reads a column anew for every metric."""
    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("memory").add_dataframe_asset("table")
    batch = asset.add_batch_definition_whole_dataframe("rows").get_batch({"dataframe": frame})
    suite = gx.ExpectationSuite("contract", [_instance(one, number) for number, one in enumerate(expectations)])
    # results come grouped by column; the number given in `meta` says which is which
    results = batch.validate(suite, result_format=dict(COMPLETE)).results
    by_number = {result.expectation_config.meta["number"]: _result(result) for result in results}
    return [by_number[number] for number in range(len(expectations))]


def to_pandas(table: pl.LazyFrame, expectations: Sequence[Expectation]) -> pd.DataFrame:
    """Return the columns that expectations name, or all if one does not say which; whole numbers stay whole."""
    named = [() if "row_condition" in one.arguments else one.columns for one in expectations]
    present = table.collect_schema().names()
    wanted = [name for name in present if any(name in names for names in named)] if all(named) else present
    collected = table.select(wanted).collect()
    frame = collected.to_pandas()
    for column in collected:
        if column.dtype.is_integer() and column.null_count():
            frame[column.name] = pd.array(column.to_list(), dtype="UInt64" if column.dtype == pl.UInt64 else "Int64")
    return frame


def _instance(expectation: Expectation, number: int) -> Any:
    """Return the library's object of an expectation; its ``meta`` holds the number."""
    return getattr(gxe, expectation.name)(**expectation.arguments, meta={"number": number})


def _result(found: Any) -> ExpectationResult:
    """Return what an ``ExpectationValidationResult`` says."""
    info = found.exception_info  # flat, or one such mapping per metric
    raised = [one for one in ([info] if "raised_exception" in info else info.values()) if one["raised_exception"]]
    error = str(raised[0]["exception_message"]) if raised else ""
    rows = tuple(found.result.get("unexpected_index_list") or ())
    observed = found.result.get("observed_value")
    if not (found.success or error or rows) and observed is None:
        error = "it failed without saying where"
    return ExpectationResult(bool(found.success) and not error, rows, observed, error)
