"""Every error that the platform raises on purpose. The message is written for the person who has to act on it."""

from collections.abc import Iterator
from contextlib import contextmanager

At = tuple[str | int, ...]
"""Keys and places that lead to something in a model's YAML, below ``attributes``: ``("features", 3, "from")``."""


class PlatformError(Exception):
    """Something the user can repair. The message says where, what was expected, and what to do."""


class SpecError(PlatformError, ValueError):
    """A model's YAML says something that the platform cannot do. As a ValueError it may be raised in a validator."""

    def __init__(self, message: str, at: At = ()) -> None:
        super().__init__(message)
        self.at = at
        """Where, as far as it is known."""


@contextmanager
def within(*at: str | int) -> Iterator[None]:
    """Note in a SpecError of a ``with`` block that what is wrong lies at, or below, this place of the YAML."""
    try:
        yield
    except SpecError as error:
        error.at = (*at, *error.at)
        raise


class SettingError(PlatformError):
    """An environment variable, or a file that one names, says something that the platform cannot do."""


class ContractError(PlatformError):
    """A contract document is wrong, or names something that does not exist."""


class DataError(PlatformError):
    """A file or table does not hold what it should."""


class NotStored(PlatformError):
    """Something that is needed has not been made yet. The message names the command that makes it."""


class UncheckedData(PlatformError):
    """Data whose current version has not passed its contract."""


class RegistryUnavailable(PlatformError):
    """The MLflow server or database cannot be reached."""


class ModelError(PlatformError):
    """A stored model is not what was recorded, or cannot be converted or loaded."""


class WrongCall(PlatformError):
    """A command was called with a name that does not exist, or without one that it needs. Nothing was done."""


class UnknownId(WrongCall):
    """Somebody asked for something that has never been recorded. The message says how its name would look."""


class Interrupted(PlatformError):
    """Somebody stopped a command by Ctrl-C or SIGTERM. What was under way is marked as cancelled."""


class StoreUnavailable(PlatformError):
    """The database or the object store cannot be reached."""


class ChampionChanged(PlatformError):
    """A promotion was decided against a champion that another promotion has replaced."""


class GaveUp(PlatformError):
    """A request of a sensor failed as often as the policy allows. The message names the last run and its error."""
