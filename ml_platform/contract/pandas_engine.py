"""Run expectations through Great Expectations' own engine on pandas, which reads a column anew for every metric.

Importing the library takes seconds, so it is imported when called.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ml_platform.contract.answers import COMPLETE, Answer, answer, instance
from ml_platform.contract.expectations import Expectation

if TYPE_CHECKING:
    import pandas as pd


def validate_on_pandas(frame: pd.DataFrame, asked: Sequence[Expectation]) -> list[Answer]:
    """Run all expectations in one validation of a frame with rows numbered from 0; answers are in the order asked."""
    import great_expectations as gx

    suite = gx.ExpectationSuite(
        name="contract", expectations=[instance(one, number) for number, one in enumerate(asked)]
    )
    results = _batch(frame).validate(suite, result_format=dict(COMPLETE)).results
    # results come grouped by column; the number given in `meta` says which is which
    by_number = {result.expectation_config.meta["number"]: answer(result) for result in results}
    return [by_number[number] for number in range(len(asked))]


def _batch(frame: pd.DataFrame) -> Any:
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("memory").add_dataframe_asset("table")
    return asset.add_batch_definition_whole_dataframe("rows").get_batch({"dataframe": frame})
