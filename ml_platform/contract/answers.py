"""What comes of an expectation, read from Great Expectations' result of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ml_platform.contract.expectations import Expectation

COMPLETE: Mapping[str, Any] = MappingProxyType(
    {
        # the positions of all failed rows are needed; everything else that could grow with them is switched off
        "result_format": "COMPLETE",
        "partial_unexpected_count": 0,
        "return_unexpected_index_query": False,
        "include_unexpected_rows": False,
    }
)
"""The format of results that is asked of the library."""


@dataclass(frozen=True)
class Answer:
    """What came of an expectation: the failed rows, the value observed, and why it could not be run ("": it could)."""

    passed: bool
    rows: tuple[int, ...] = ()
    observed: Any = None
    error: str = ""


def instance(asked: Expectation, number: int) -> Any:
    """Return the library's object of an expectation; its ``meta`` holds the number."""
    import great_expectations.expectations as gxe

    return getattr(gxe, asked.name)(**asked.arguments, meta={"number": number})


def answer(result: Any) -> Answer:
    """Return what an ``ExpectationValidationResult`` says."""
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
