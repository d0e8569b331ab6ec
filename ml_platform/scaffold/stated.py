"""What a person states of a model beside its columns: classes to merge or drop, partitions, window, split."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ml_platform.choices import did_you_mean
from ml_platform.errors import WrongCall
from ml_platform.partitions import Every
from ml_platform.scaffold.profile import ColumnProfile

SplitBy = Literal["time", "key_hash"]


@dataclass(frozen=True)
class Stated:
    """What is left out is inferred."""

    merge: tuple[str, ...] = ()
    """``class=value,value``: rare values of the target that count as a class."""
    drop_value: tuple[str, ...] = ()
    """Values of the target whose rows are not learned from."""
    every: Every | None = None
    window: int | None = None
    split_by: SplitBy | None = None


@dataclass(frozen=True)
class Replaced:
    """Values of the target that are merged into a class or dropped, as the column holds them."""

    merge: Mapping[Any, tuple[Any, ...]]
    drop_values: tuple[Any, ...]

    @property
    def merged(self) -> dict[Any, Any]:
        """Each value that is merged → its class."""
        return {value: name for name, values in self.merge.items() for value in values}


def read_replaced(stated: Stated, profile: ColumnProfile) -> Replaced:
    """Return what `--merge` and `--drop-value` say of a target; a value that it does not have is a WrongCall."""
    known = {str(value): value for value in profile.values}
    merge = dict(_merges(stated.merge, profile, known))
    return Replaced(merge, tuple(_value(text, "--drop-value", profile, known) for text in stated.drop_value))


def _merges(
    texts: tuple[str, ...], profile: ColumnProfile, known: Mapping[str, Any]
) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    for text in texts:
        name, equals, values = text.partition("=")
        if not equals or not name or not values:
            raise WrongCall(f"--merge '{text}' must be CLASS=VALUE,VALUE, such as other=red,green")
        if name not in known and profile.kind != "string":
            raise WrongCall(f"--merge '{text}': '{name}' is no value of '{profile.name}', which holds no text")
        yield known.get(name, name), tuple(_value(value, "--merge", profile, known) for value in values.split(","))


def _value(text: str, option: str, profile: ColumnProfile, known: Mapping[str, Any]) -> Any:
    if text not in known:
        raise WrongCall(f"{option}: '{profile.name}' has no value '{text}'. {did_you_mean(text, known)}")
    return known[text]
