"""A wrong `leakage:` block is rejected with what it should say."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from ml_platform.spec import ModelSpec
from ml_platform_tests.leakage.test_declared import flights


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ({"leakage": {"accepted": {"distanc": "why"}}}, "no feature 'distanc'.*Did you mean 'distance'"),
        ({"leakage": {"accepted": {"distance": " "}}}, "at least 1 character"),
        ({"leakage": {"max_single_feature_auc": 0.4}}, "greater than 0.5"),
    ],
)
def test_wrong_block_is_refused(block: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        ModelSpec.model_validate({**flights(), **block})
