"""Whoever catches a PlatformError catches all that the platform raises on purpose."""

import inspect

import pytest
from pydantic import BaseModel, ValidationError, field_validator

from ml_platform import errors
from ml_platform.errors import PlatformError, SpecError, within

EVERY = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if kind.__module__ == errors.__name__]


@pytest.mark.parametrize("kind", EVERY)
def test_each_is_a_platform_error_that_keeps_its_message_and_says_when_it_is_raised(kind: type[Exception]) -> None:
    assert issubclass(kind, PlatformError)
    assert str(kind("contract.yaml: what to do")) == "contract.yaml: what to do"
    assert kind.__doc__
    assert kind.__doc__.endswith(".")


@pytest.mark.parametrize("kind", [kind for kind in EVERY if kind not in (PlatformError, SpecError)])
def test_no_other_is_taken_for_a_value_error(kind: type[Exception]) -> None:
    """What reads numbers and times catches ValueError; an error for the user must not end there."""
    assert not issubclass(kind, ValueError | KeyError | OSError)


def test_pydantic_says_what_a_validator_raised_and_where() -> None:
    class Block(BaseModel):
        name: str

        @field_validator("name")
        @classmethod
        def _known(cls, name: str) -> str:
            raise SpecError(f"'{name}' does not exist")

    with pytest.raises(ValidationError, match="'x' does not exist") as caught:
        Block(name="x")
    assert caught.value.errors()[0]["loc"] == ("name",)


def test_each_block_that_an_error_passes_adds_its_own_place_in_front() -> None:
    with pytest.raises(SpecError, match=r"^wrong$") as caught, within("gates"), within("beats_baseline"):
        raise SpecError("wrong", ("metric",))
    assert caught.value.at == ("gates", "beats_baseline", "metric")
