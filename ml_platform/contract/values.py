"""Values as a message shows them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

EXAMPLES = 3


def lasting(span: timedelta) -> str:
    """Return ``"1 day"``, ``"5:16:00"``: a length of time to the second."""
    return str(timedelta(seconds=round(span.total_seconds()))).removesuffix(", 0:00:00")


def shown(value: Any) -> str:
    """Return ``"1048.36"``, ``"'abc'"``, ``"missing"``: short, and the same for one value each time."""
    if value is None or value != value or str(value) in ("NaT", "<NA>"):  # noqa: PLR0124  # NaN is not itself
        return "missing"
    if isinstance(value, float):
        return f"{value:.10g}"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def some(examples: Sequence[str]) -> str:
    """Return the first examples, and that there are more."""
    return ", ".join(examples[:EXAMPLES]) + (", ..." if len(examples) > EXAMPLES else "")
