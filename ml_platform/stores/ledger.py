"""Who was champion when, and why: an append-only list of entries per model, in the database.

The database says who is champion; MLflow's alias mirrors it. The ledger also holds the hash of every registered model
outside of MLflow, so that a model that was exchanged in the artifact store is noticed.

Each entry has a seal, a digest over the entry and the seal before it, so a changed, removed or inserted entry is
noticed. The last seal is kept a second time in the table of heads, so missing last entries are noticed too.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from ml_platform.errors import ChampionChanged, DataError
from ml_platform.stores.database.connection import Database, upsert
from ml_platform.stores.database.schema import ledger as table
from ml_platform.stores.database.schema import ledger_heads as heads
from ml_platform.stores.files import digest
from ml_platform.stores.ledger_entry import LedgerEntry
from ml_platform.stores.manifests import BACKUP


def seal(content: str, seal_before: str) -> str:
    """Return the seal of an entry, which holds it and all entries before it."""
    return digest((seal_before + content).encode())


@dataclass(frozen=True)
class Ledger:
    """The entries of one model."""

    database: Database
    model: str

    def __str__(self) -> str:
        return f"ledger of '{self.model}' in {self.database}"

    def entries(self) -> tuple[LedgerEntry, ...]:
        """Return all entries, oldest first; none when nothing has happened yet.

        DataError names the first entry that is not what was written, or how many are missing at the end.
        """
        with self.database.reading() as connection:
            return self._read(connection)[0]

    def champion(self) -> LedgerEntry | None:
        """Return the promotion of the current champion, or None before the first."""
        return champion_of(self.entries())

    def append(self, entry: LedgerEntry) -> bool:
        """Write an entry durably and return True; return False when the last entry with its candidate says the same.

        So a repeated step leaves one entry, while "promoted, rejected, promoted again" leaves three.
        """
        with self.database.writing(f"ledger {self.model}") as connection:
            return self._append(connection, entry)

    def promote(self, entry: LedgerEntry, *, expected_champion: str | None) -> bool:
        """Append a promotion and make its version champion, in one transaction.

        The candidate was compared with `expected_champion`, None when there was no champion. When another version is
        champion by now, ChampionChanged is raised and nothing is written.
        """
        if entry.action != "promoted" or entry.version is None:
            raise ValueError(f"'{entry.action}' of version {entry.version} is no promotion")
        with self.database.writing(f"ledger {self.model}") as connection:
            promoted = champion_of(self._read(connection)[0])
            champion = promoted.version if promoted else None
            if champion not in (expected_champion, entry.version):
                raise ChampionChanged(
                    f"Version {entry.version} of '{self.model}' was compared with "
                    f"{f'version {expected_champion}' if expected_champion else 'no champion'}, but version {champion} "
                    "is champion by now. Train and evaluate the candidate again"
                )
            return self._append(connection, entry)

    def onnx_sha256(self, version: str) -> str | None:
        """Return the hash that was recorded for a version, or None when the ledger has never heard of it."""
        return next((entry.onnx_sha256 for entry in self.entries() if entry.version == version), None)

    def file_sha256(self, version: str, name: str) -> str | None:
        """Return the hash that was recorded for a file of a version's candidate, or None."""
        told = [entry.files for entry in self.entries() if entry.version == version]
        return next((files[name] for files in told if name in files), None)

    def _append(self, connection: sa.Connection, entry: LedgerEntry) -> bool:
        entries, last_seal = self._read(connection)
        if _is_recorded(entry, entries):
            return False
        content, number = entry.to_json(), len(entries) + 1
        row = {"model": self.model, "number": number, "content": content, "seal": seal(content, last_seal)}
        connection.execute(sa.insert(table), row)
        champion = champion_of((*entries, entry))
        head = {"model": self.model, "n_entries": number, "seal": row["seal"]}
        upsert(connection, heads, {**head, "champion": champion.version if champion else None})
        return True

    def _read(self, connection: sa.Connection) -> tuple[tuple[LedgerEntry, ...], str]:
        """Return the entries and the last seal."""
        rows = connection.execute(sa.select(table).where(table.c.model == self.model).order_by(table.c.number)).all()
        head = connection.execute(sa.select(heads).where(heads.c.model == self.model)).first()
        entries, last_seal = list[LedgerEntry](), ""
        for number, row in enumerate(rows, start=1):
            if row.number != number or row.seal != seal(row.content, last_seal):
                raise self._damaged(f"entry {number}, or one before it, was changed, removed or inserted")
            last_seal = row.seal
            try:
                entries.append(LedgerEntry.from_json(row.content))
            except (ValueError, TypeError, KeyError) as error:
                raise self._damaged(f"entry {number} was written by another version of the platform: {error}") from None
        champion = champion_of(tuple(entries))
        found = (len(entries), last_seal, champion.version if champion else None)
        recorded = (head.n_entries, head.seal, head.champion) if head else (0, "", None)
        if found != recorded:
            raise self._damaged(
                f"it has {found[0]} entries and the champion {found[2]}; recorded were {recorded[0]} entries and the "
                f"champion {recorded[2]}"
            )
        return tuple(entries), last_seal

    def _damaged(self, how: str) -> DataError:
        return DataError(f"{self}: {how}. Entries are only ever appended. {BACKUP}")


def ledger_models(database: Database) -> list[str]:
    """Return the models that have a ledger."""
    query = sa.union(sa.select(table.c.model), sa.select(heads.c.model))
    with database.reading() as connection:
        return sorted(connection.scalars(query))


def champion_of(entries: tuple[LedgerEntry, ...]) -> LedgerEntry | None:
    """Return the promotion of the champion after these entries, or None before the first."""
    promoted = [entry for entry in entries if entry.action == "promoted"]
    return promoted[-1] if promoted else None


def _is_recorded(entry: LedgerEntry, entries: tuple[LedgerEntry, ...]) -> bool:
    if entry.action == "registered":  # a version is registered once and for all
        return any(one.key == entry.key for one in entries)
    decisions = [one for one in entries if one.action != "registered"]
    return bool(decisions) and decisions[-1].key == entry.key
