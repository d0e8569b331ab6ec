"""A wrong `drift:` block is rejected with what it should say."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from ml_platform.drift.settings import DriftSettings


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ({"warning": 0.3}, "warning 0.3 must be below critical 0.2"),
        ({"metric": "population_stability"}, "Did you mean 'population_stability_index'"),
        ({"critical": float("nan")}, "finite"),
        ({"threshold": 1}, "Extra inputs"),
    ],
)
def test_wrong_block_is_refused(block: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        DriftSettings(**block)
