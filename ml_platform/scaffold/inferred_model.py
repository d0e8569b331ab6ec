"""An inferred model: all that `render` writes down."""

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from ml_platform.features.settings import RESERVED, Kind
from ml_platform.partitions import Partitions
from ml_platform.scaffold.dates import DateFeature
from ml_platform.scaffold.partitioning import Partitioning
from ml_platform.scaffold.profile import ColumnProfile
from ml_platform.scaffold.roles import Role
from ml_platform.scaffold.source import Source, numbered
from ml_platform.scaffold.stated import Stated
from ml_platform.scaffold.target import InferredTarget
from ml_platform.task import PROBABILITY, REGRESSION

ROWS_TO_TRAIN = 1000
ROWS_OF_RAREST_CLASS = 60
ROWS_TO_TEST = 125
"""A few more than a gate needs: a hash of the key does not split exactly."""
LEAST_TEST_SHARE, MOST_TEST_SHARE = 0.2, 0.4


@dataclass(frozen=True)
class ProposedFeature:
    """One line of the `features:` block."""

    name: str
    kind: Kind
    sources: tuple[str, ...]
    derive: str | None
    reason: str

    @property
    def is_plain(self) -> bool:
        """Whether it is the column of its own name."""
        return self.derive is None and self.sources == (self.name,)


@dataclass(frozen=True)
class InferredModel:
    """All that is stated and inferred; `render` writes it down."""

    source: Source
    table: pa.Table
    """The rows as they go to ``data/raw``."""
    profiles: Mapping[str, ColumnProfile]
    roles: Mapping[str, Role]
    target: InferredTarget
    key: tuple[str, ...]
    made_key: bool
    """Whether the key is a row number that the file does not have."""
    time: str | None
    time_format: str | None
    partitioning: Partitioning | None
    """None where the table is one file."""
    timezone: str
    dates: Mapping[str, Sequence[DateFeature]] = field(default_factory=dict)
    """What is derived from each column with dates or times."""
    stated: Stated = field(default_factory=Stated)

    @property
    def partitions(self) -> Partitions | None:
        """The `partitions:` block, if there is one."""
        return self.partitioning.partitions if self.partitioning else None

    @property
    def delivery(self) -> dict[str, Any]:
        """The `delivery:` block: how the next file is read, and which of its columns are not in the table."""
        ignored = [*self.source.dropped, *(name for name in self.roles if name not in self.profiles)]
        read = self.source.delivery.model_copy(
            update={
                "ignore": tuple(self.source.original.get(name, name) for name in ignored),
                "row_number": self.key[0] if self.made_key else None,
            }
        )
        return read.model_dump(mode="json", exclude_defaults=True)

    @property
    def features(self) -> list[ProposedFeature]:
        """The inputs of the model, in the order of the columns."""
        found: list[ProposedFeature] = []
        for column, role in self.roles.items():
            if role.use in ("number", "category"):
                name = feature_name(column, taken=[*self.key, *(feature.name for feature in found)])
                found.append(ProposedFeature(name, role.use, (column,), None, role.reason))
            for part in self.dates.get(column, ()) if role.use in ("date", "time") else ():
                name = feature_name(f"{column}_{part.part}", taken=[*self.key, *(feature.name for feature in found)])
                found.append(ProposedFeature(name, part.kind, part.sources, part.derive, ""))
        return found

    @property
    def suspects(self) -> list[ProposedFeature]:
        """The inputs that the suspicious columns would be."""
        found: list[ProposedFeature] = []
        for column, role in self.roles.items():
            if role.suspected_as in ("number", "category"):
                taken = [*self.key, *(feature.name for feature in (*self.features, *found))]
                name = feature_name(column, taken)
                found.append(ProposedFeature(name, role.suspected_as, (column,), None, role.reason))
        return found

    @property
    def window(self) -> int:
        """Number of partitions to train on: enough rows, also of the rarest class."""
        if self.partitioning is None:
            return 1
        if self.stated.window is not None:
            return self.stated.window
        wanted = ROWS_TO_TRAIN
        if self.target.task != REGRESSION:
            wanted = max(wanted, math.ceil(ROWS_OF_RAREST_CLASS * self.table.num_rows / min(self.target.counts)))
        return self.partitioning.training_window(wanted)

    @property
    def n_window_rows(self) -> int:
        """Number of rows of the smallest training window."""
        if self.partitioning is None:
            return int(self.table.num_rows)
        counts = [len(self.partitioning.rows[key]) for key in self.partitioning.longest_run()]
        window = min(self.window, len(counts))
        return min(sum(counts[at : at + window]) for at in range(len(counts) - window + 1))

    @property
    def test_share(self) -> float:
        """Share of these rows to test on: larger when there are few, so that there are enough to decide on."""
        wanted = math.ceil(100 * ROWS_TO_TEST / self.n_window_rows) / 100
        return min(max(wanted, LEAST_TEST_SHARE), MOST_TEST_SHARE)

    def by_partition(self) -> dict[str | None, pa.Table]:
        """Return the rows of each partition; all of them under None when there are no partitions."""
        if self.partitioning is None:
            return {None: self.table}
        return {key: self.table.take(rows) for key, rows in self.partitioning.rows.items()}


def feature_name(column: str, taken: Sequence[str]) -> str:
    """Return a name for a feature: ASCII letters, digits and ``_``, and none of the platform's own nor of the taken."""
    ascii_only = unicodedata.normalize("NFKD", column).encode("ascii", "ignore").decode()
    plain = re.sub(r"\W+", "_", ascii_only).strip("_")
    if not plain:
        plain = "feature"
    elif not plain[0].isalpha() or plain in RESERVED or plain.startswith(PROBABILITY):
        plain = f"feature_{plain}"
    return numbered(plain, taken.__contains__)
