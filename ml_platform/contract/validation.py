"""Run expectations: the only home of Great Expectations.

Importing it takes seconds, so it is imported when called.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ml_platform.contract.expectations import Expectation

if TYPE_CHECKING:
    import pandas as pd

COMPLETE = {
    # the positions of all failed rows are needed; everything else that could grow with them is switched off
    "result_format": "COMPLETE",
    "partial_unexpected_count": 0,
    "return_unexpected_index_query": False,
    "include_unexpected_rows": False,
}


@dataclass(frozen=True)
class Answer:
    """What came of an expectation: the failed rows, the value observed, and why it could not be run ("": it could)."""

    passed: bool
    rows: tuple[int, ...] = ()
    observed: Any = None
    error: str = ""


def validate(frame: pd.DataFrame, asked: Sequence[Expectation]) -> list[Answer]:
    """Run all expectations in one validation of a frame with rows numbered from 0; answers are in the order asked."""
    import great_expectations as gx

    suite = gx.ExpectationSuite(
        name="contract", expectations=[_instance(number, one) for number, one in enumerate(asked)]
    )
    results = _batch(frame).validate(suite, result_format=COMPLETE).results
    # results come grouped by column; the number given in `meta` says which is which
    by_number = {result.expectation_config.meta["number"]: _answer(result) for result in results}
    return [by_number[number] for number in range(len(asked))]


def _instance(number: int, asked: Expectation) -> Any:
    import great_expectations.expectations as gxe

    return getattr(gxe, asked.name)(**asked.arguments, meta={"number": number})


def _batch(frame: pd.DataFrame) -> Any:
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("memory").add_dataframe_asset("table")
    return asset.add_batch_definition_whole_dataframe("rows").get_batch({"dataframe": frame})


def _answer(result: Any) -> Answer:
    error = _error(result.exception_info)
    rows = tuple(result.result.get("unexpected_index_list") or ())
    observed = result.result.get("observed_value")
    if not (result.success or error or rows) and observed is None:
        error = "it failed without saying where"
    return Answer(bool(result.success) and not error, rows, observed, error)


def _error(info: Mapping[str, Any]) -> str:
    """Return the first message; the mapping is flat, or holds one such mapping per metric."""
    flat = [info] if "raised_exception" in info else list(info.values())
    raised = [str(one["exception_message"]) for one in flat if one["raised_exception"]]
    return raised[0] if raised else ""
