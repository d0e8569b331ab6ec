import errno
import os
import sqlite3

import pytest

from ml_platform.stores.unwritable import why_unwritable


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "the disk is full"),
        (errno.EFBIG, "the disk is full"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "read-only"),
    ],
)
def test_errors_of_the_system_are_told_in_one_sentence(number: int, words: str) -> None:
    why = why_unwritable(str(OSError(number, os.strerror(number), "/data/ml_platform.db")))
    assert why is not None
    assert words in why
    assert "run the same again" in why


def test_a_locked_database_is_told_from_a_full_disk() -> None:
    assert "another process" in (why_unwritable("(sqlite3.OperationalError) database is locked") or "")


def test_an_error_that_has_nothing_to_do_with_writing_is_left_as_it_is() -> None:
    assert why_unwritable(str(sqlite3.OperationalError("no such table: manifests"))) is None
