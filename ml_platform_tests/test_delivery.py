"""How files are delivered is a block of the YAML with nothing in it that must be said."""

import pytest
from pydantic import ValidationError

from ml_platform.delivery import Delivery


def test_nothing_must_be_said_and_nothing_else_may_be() -> None:
    assert Delivery().model_dump(exclude_defaults=True) == {}
    with pytest.raises(ValidationError, match="separator"):
        Delivery(separator=";")  # type: ignore[call-arg]
