"""Shares, lengths of time, values and examples as messages show them."""

import math
from collections.abc import Sequence
from datetime import timedelta
from numbers import Integral, Real
from typing import Any

EXAMPLES = 3


def percent(share: float) -> str:
    """Return a share (0 to 1) as ``"0.5%"``."""
    return f"{100 * share:.3g}%"


def duration(span: timedelta) -> str:
    """Return ``"1 day"``, ``"5:16:00"``: a length of time to the second."""
    return str(timedelta(seconds=round(span.total_seconds()))).removesuffix(", 0:00:00")


def shown(value: Any) -> str:
    """Return ``"1048.36"``, ``"'abc'"``, ``"missing"``: short, and the same for one value each time."""
    if isinstance(value, Real) and not isinstance(value, Integral):
        return "missing" if math.isnan(value) else f"{float(value):.10g}"
    if value is None or str(value) in ("NaT", "<NA>"):
        return "missing"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def some(examples: Sequence[str]) -> str:
    """Return the first examples, and that there are more."""
    return ", ".join(examples[:EXAMPLES]) + (", ..." if len(examples) > EXAMPLES else "")
