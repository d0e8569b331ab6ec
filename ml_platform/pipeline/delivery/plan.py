"""What becomes of each partition that a delivery touches. Nothing is stored yet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ml_platform.contract import Contract
from ml_platform.contract.validation.casts import arrow_type, cast_rows
from ml_platform.errors import DataError, NotStored
from ml_platform.features.keys import event_times
from ml_platform.frames import to_frame
from ml_platform.partitions import KEY_FORMATS
from ml_platform.pipeline.delivery.match import NEW, Merged, Positions, by_content, by_key, by_run, merge
from ml_platform.pipeline.delivery.read import DeliveredRows, late_columns, named_key
from ml_platform.pipeline.model import Model
from ml_platform.scaffold.partitioning import window_starts
from ml_platform.stores.stores import Stores

MOST = 0.5
"""Share of a partition's rows from which on a delivery of rows without a key is that partition again."""


@dataclass(frozen=True)
class Plan:
    """The partitions of a model's table, as they are stored, and as a delivery leaves those that it touches."""

    model: Model
    stores: Stores
    delivered: DeliveredRows
    replace: bool
    """Whether a delivery is all that its partitions hold."""

    def partitions(self) -> dict[str | None, Merged]:
        """Return each partition that the delivery touches, oldest first.

        Raises
        ------
        DataError
            When a row has no time or lies in no partition, or an outcome is of no stored row.
        """
        if self.delivered.only_outcomes:
            return dict(self._with_outcomes())
        return dict(self._with_rows())

    def _with_rows(self) -> Iterator[tuple[str | None, Merged]]:
        next_number = self._next_number()
        for key, rows in self._cut().items():
            stored = self._stored(key)
            at, whole = self._match(stored, rows, partitioned=key is not None)
            if self.delivered.has_key:
                numbered = rows
            else:
                numbered, next_number = self._numbered(stored, rows, at, next_number)
            late = [] if self.replace else late_columns(self._contract)
            yield key, merge(stored, numbered, at, late, whole=whole or self.replace)

    def _with_outcomes(self) -> Iterator[tuple[str | None, Merged]]:
        """Find the row of each outcome in all partitions."""
        rows, key = self.delivered.rows, list(self.model.spec.entity.key)
        found = np.zeros(len(rows), dtype=np.int64)
        merged: dict[str | None, Merged] = {}
        for partition in self._existing():
            stored = self._stored(partition)
            at = by_key(stored, rows, key)
            found += at != NEW
            if (here := at != NEW).any():
                outcomes, places = rows.filter(here), at[here]
                complete = stored.take(places)
                for name in set(rows.column_names) & set(late_columns(self._contract)):
                    complete = complete.set_column(complete.column_names.index(name), name, outcomes[name])
                merged[partition] = merge(stored, complete, places, late_columns(self._contract), whole=False)
        self._validate_found(found)
        yield from merged.items()

    def _validate_found(self, found: NDArray[np.int64]) -> None:
        rows = self.delivered.rows
        for wrong, why in (
            (found == 0, "are of keys that no stored row has"),
            (found > 1, "are of keys in two partitions"),
        ):
            if wrong.any():
                said = named_key(self.model, rows.filter(wrong).slice(0, 1).to_pylist()[0])
                counts = f"{int(wrong.sum()):,} of {len(rows):,} outcomes"
                raise DataError(f"{self.delivered.where}: {counts} {why}, such as {said}")

    def _cut(self) -> Mapping[str | None, pa.Table]:
        """Return the delivered rows of each partition, oldest first."""
        rows, spec = self.delivered.rows, self.model.spec
        if spec.partitions is None:
            return {None: rows}
        times = to_frame(rows.select([str(spec.entity.time)]))
        try:
            instants = event_times(times, spec.entity, self.model.timezone)
        except DataError as error:
            raise DataError(f"{self.delivered.where}: {error}, so there is no partition that they belong to") from error
        starts = window_starts(instants, spec.partitions.every, spec.partitions.timezone)
        keys = starts.dt.strftime(KEY_FORMATS[spec.partitions.every]).to_numpy()
        for key in sorted(set(keys)):
            try:
                spec.partitions.validate_key(key)
            except ValueError as error:
                raise DataError(f"{self.delivered.where}: {(keys == key).sum():,} rows: {error}") from error
        return {key: rows.filter(pa.array(keys == key)) for key in sorted(set(keys))}

    def _match(self, stored: pa.Table, rows: pa.Table, *, partitioned: bool) -> tuple[Positions, bool]:
        """Return the stored rows that these are, and whether these are the whole partition again."""
        if self.delivered.has_key:
            return by_key(stored, rows, self.model.spec.entity.key), False
        late = {*late_columns(self._contract), *self.model.spec.entity.key}
        columns = [name for name in rows.column_names if name not in late]
        at = by_run(stored, rows, columns)
        if (at == NEW).all() and (partitioned or self.replace) and len(stored):
            again = by_content(stored, rows, columns)
            if self.replace or (again != NEW).sum() >= MOST * len(stored):
                return again, True
        return at, False

    def _numbered(self, stored: pa.Table, rows: pa.Table, at: Positions, next_number: int) -> tuple[pa.Table, int]:
        """Return rows with their numbers: those of the stored rows that they are, and the next ones."""
        (name,) = self.model.spec.entity.key
        is_new = at == NEW
        numbers = np.zeros(len(rows), dtype=np.int64)
        numbers[~is_new] = stored[name].to_numpy()[at[~is_new]]
        n_new = int(is_new.sum())
        numbers[is_new] = np.arange(next_number, next_number + n_new)
        return rows.append_column(name, pa.array(numbers)), next_number + n_new

    def _next_number(self) -> int:
        if self.delivered.has_key:
            return 0
        (name,) = self.model.spec.entity.key
        stored = (self._stored(key)[name] for key in self._existing())
        return max((pc.max(numbers).as_py() or 0 for numbers in stored), default=0) + 1

    @property
    def _contract(self) -> Contract:
        return self.model.contracts[self.model.spec.entity.table]

    def _existing(self) -> list[str | None]:
        partitions, table = self.model.spec.partitions, self.model.spec.entity.table
        if partitions is None:
            return [None]
        return [*self.stores.raw.partitions(table)]

    def _stored(self, partition: str | None) -> pa.Table:
        """Return a partition's rows in the types of the contract; none where there is no file."""
        fields = [pa.field(name, arrow_type(column)) for name, column in self._contract.columns.items()]
        schema = pa.schema(fields)
        try:
            rows = cast_rows(self._contract, self.stores.raw.load(self.model.spec.entity.table, partition))
        except NotStored:
            return schema.empty_table()
        where = self.stores.raw.where(self.model.spec.entity.table, partition)
        for field in fields:
            if field.name not in rows.column_names or rows[field.name].type != field.type:
                raise DataError(f"{where}: column '{field.name}' is not as the contract says. Repair the file first")
        return rows.select(schema.names)
