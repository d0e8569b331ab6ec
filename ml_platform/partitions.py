"""Partitions of an entity table: time windows in the model's own time zone."""

from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import field_validator, model_validator

from ml_platform.choices import Block
from ml_platform.errors import SpecError

Every = Literal["day", "week", "month", "year"]

KEY_FORMATS: dict[Every, str] = {"day": "%Y-%m-%d", "week": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}

SHORTEST: dict[Every, timedelta] = {
    "day": timedelta(hours=22),
    "week": timedelta(days=6, hours=22),
    "month": timedelta(days=27, hours=22),
    "year": timedelta(days=364, hours=22),
}
"""No window is shorter: clocks skip at most two hours."""


class Partitions(Block):
    """How an entity table is partitioned. A key names the window that starts there: ``2013-01`` is all of January."""

    every: Every
    start: str
    """Key of the first partition."""
    end: str | None = None
    """Key of the first partition after the last; None means that partitions go on until now."""
    timezone: str = "UTC"

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"'{name}' is not an IANA time zone, such as Europe/Berlin") from error
        return name

    @model_validator(mode="after")
    def _start_before_end(self) -> "Partitions":
        if self.end is not None and self.starts_at(self.end) <= self.starts_at(self.start):
            raise ValueError(f"end '{self.end}' must come after start '{self.start}' (it is exclusive)")
        self.starts_at(self.start)
        return self

    @property
    def key_format(self) -> str:
        """The strptime format of a key."""
        return KEY_FORMATS[self.every]

    def starts_at(self, key: str) -> datetime:
        """Return the first instant of a partition; a key of another format is a ValueError."""
        try:
            start = datetime.strptime(key, self.key_format)
        except ValueError as error:
            example = datetime(2013, 1, 7).strftime(self.key_format)
            raise ValueError(f"'{key}' is not the key of a {self.every}; one looks like '{example}'") from error
        if start.strftime(self.key_format) != key:
            raise ValueError(f"'{key}' is not the key of a {self.every}; write '{start.strftime(self.key_format)}'")
        if self.every == "week" and (days := start.weekday()):
            monday = (start - timedelta(days=days)).strftime(self.key_format)
            raise ValueError(f"'{key}' is a {start:%A}, and a week's key is its Monday; write '{monday}'")
        return start.replace(tzinfo=ZoneInfo(self.timezone))

    def ends_at(self, key: str) -> datetime:
        """Return the first instant after a partition."""
        return self.starts_at(self.shift(key, 1))

    def validate_key(self, key: str) -> None:
        """Reject what is no key, and a partition before the first or after the last."""
        starts_at = self.starts_at(key)
        if starts_at < self.starts_at(self.start):
            raise SpecError(f"{key} lies before the first partition, {self.start}: see partitions.start in defs.yaml")
        if self.end is not None and starts_at >= self.starts_at(self.end):
            last = self.shift(self.end, -1)
            raise SpecError(f"{key} lies after the last partition, {last}: remove partitions.end from defs.yaml")

    def is_over(self, key: str, now: datetime) -> bool:
        """Return whether `key` names one of these partitions, and all of it is past."""
        try:
            self.validate_key(key)
        except ValueError:
            return False
        return self.ends_at(key) <= now

    def shift(self, key: str, n: int) -> str:
        """Return the key `n` partitions later (earlier when negative)."""
        start = self.starts_at(key).replace(tzinfo=None)
        if self.every == "year":
            moved = start.replace(year=start.year + n)
        elif self.every == "month":
            months = start.year * 12 + start.month - 1 + n
            moved = start.replace(year=months // 12, month=months % 12 + 1)
        else:
            moved = start + timedelta(days=n * (7 if self.every == "week" else 1))
        return moved.strftime(self.key_format)

    def before(self, key: str, span: timedelta) -> list[str]:
        """Return the earlier keys that the `span` before a partition touches, oldest first, cut at the first."""
        earliest = self.starts_at(key).astimezone(UTC) - span
        first, keys = self.starts_at(self.start), list[str]()
        while self.starts_at(key) > max(earliest, first):
            key = self.shift(key, -1)
            keys.append(key)
        return keys[::-1]

    def most_before(self, span: timedelta) -> int:
        """Return the most partitions that the `span` before any partition touches."""
        return -(-span // SHORTEST[self.every])

    def window(self, key: str, length: int) -> list[str]:
        """Return the `length` keys that end with `key`, oldest first, cut at the first partition."""
        keys = [self.shift(key, -back) for back in range(length - 1, -1, -1)]
        first = self.starts_at(self.start)
        return [k for k in keys if self.starts_at(k) >= first]
