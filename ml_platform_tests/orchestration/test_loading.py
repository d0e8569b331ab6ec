"""While a code location is built nobody looks for garbage; afterwards, and after an error, Python does again."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from ml_platform.orchestration.loading import garbage_left_alone


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_was_built_is_never_walked_through_again() -> None:
    gc.unfreeze()
    with garbage_left_alone():
        assert not gc.isenabled()
        built = [{"model": number} for number in range(1000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() >= len(built)


def test_an_error_leaves_the_collector_on() -> None:
    with pytest.raises(ZeroDivisionError), garbage_left_alone():
        raise ZeroDivisionError
    assert gc.isenabled()
