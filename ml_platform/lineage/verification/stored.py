"""What is stored of a model, each against the digest that was recorded of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from ml_platform.errors import DataError
from ml_platform.lineage.verification.difference import MISSING, Check, Difference, History, shown
from ml_platform.stores.artifact import ArtifactKey, Manifest, make
from ml_platform.stores.files import digest
from ml_platform.stores.manifests import BACKUP
from ml_platform.stores.parquet import compare_fingerprints, fingerprint, from_parquet
from ml_platform.stores.recorded_objects import RecordedObject, recorded_objects
from ml_platform.stores.reports import PREFIX as REPORTS
from ml_platform.stores.reports import made_with
from ml_platform.stores.tables import PREFIX as TABLES


def stored_checks(history: History) -> Iterator[Check]:
    """Yield a check per stored version of a table or document, of the ledger, and of the model's objects."""
    model, database = history.model, history.stores.database
    yield Check(f"ledger of {model}", partial(_ledger, history))
    tables, reports = (recorded_objects(database, f"{prefix}/{model}") for prefix in (TABLES, REPORTS))
    versions: dict[tuple[str, str], dict[str, Manifest]] = {}
    for name, manifest in history.manifests.items():
        versions.setdefault((manifest.artifact, manifest.version), {})[name] = manifest
    for _, ids in sorted(versions.items()):
        manifest = next(iter(ids.values()))
        check = _document if manifest.n_rows is None else partial(_table, tables)
        yield Check(shown(manifest), partial(check, history, set(ids), manifest))
    for key, report in reports.items():
        yield Check(key, partial(_report, history, key, report))
    yield Check(f"objects of {model}", partial(_stray_objects, history, {*tables}, {*reports}))


def _ledger(history: History) -> Iterator[Difference]:
    ledger = history.stores.ledger(history.model)
    try:
        entries = ledger.entries()
    except DataError as error:
        champions = {m.artifact for m in history.manifests.values() if m.key.asset == "champion"}
        yield Difference(str(ledger), "sealed entries", str(error), tuple(sorted(champions)))
        return
    for candidate in sorted({entry.candidate for entry in entries} - {""} - {*history.manifests}):
        versions = {entry.version for entry in entries if entry.candidate == candidate and entry.version}
        dependents = tuple(f"model '{history.model}' version {version}" for version in sorted(versions))
        yield Difference(f"manifest {candidate} of a candidate in the {ledger}", candidate, MISSING, dependents)


def _table(
    recorded: Mapping[str, RecordedObject], history: History, ids: set[str], manifest: Manifest
) -> Iterator[Difference]:
    tables, artifact = history.stores.tables, manifest.key
    where, key = tables.where(artifact, manifest.version), tables.key(artifact, manifest.version)
    content = tables.objects.get(key)
    if content is None:
        found = [] if tables.is_removed(artifact, manifest.version) else [MISSING]
    else:
        found = _table_differences(manifest, where, content, recorded.get(key))
    if found:
        expected = f"version {manifest.version}, {manifest.n_rows:,} rows"
        yield Difference(where, expected, "; ".join(found), history.dependents(ids), _repair(history, artifact, ids))


def _table_differences(manifest: Manifest, where: str, content: bytes, recorded: RecordedObject | None) -> list[str]:
    """Return what differs in the rows, or else in the bytes around them."""
    try:
        table = from_parquet(content, where, repair="")
    except DataError as error:
        return [str(error)]
    found = compare_fingerprints(manifest.columns, fingerprint(table), manifest.n_rows, table.num_rows)
    sha256 = digest(content)
    if recorded is None:
        return [*found, "the hash of the file is not in the database"]
    if sha256 != recorded.sha256 and not found:
        return [f"the same rows in another file: SHA-256 {sha256} instead of {recorded.sha256}"]
    return found


def _document(history: History, ids: set[str], manifest: Manifest) -> Iterator[Difference]:
    artifact = manifest.key
    try:
        history.stores.documents.read_version(manifest)
    except DataError as error:
        run = _repair(history, artifact, ids)
        what = f"document {manifest.version} of {artifact} in {history.stores.database}"
        yield Difference(what, f"SHA-256 {manifest.version}", str(error), history.dependents(ids), run)


def _report(history: History, key: str, recorded: RecordedObject) -> Iterator[Difference]:
    content = history.stores.objects.get(key)
    found = MISSING if content is None else digest(content)
    if found != recorded.sha256:
        _, model, asset, page = key.split("/")
        artifact = ArtifactKey.parse(f"{model}/{asset}/{page.removesuffix('.html')}")
        where = history.stores.objects.where(key)
        run = f"Nothing depends on it. {make(made_with(artifact))}" if artifact else BACKUP
        yield Difference(where, f"SHA-256 {recorded.sha256}", found, run=run)


def _stray_objects(history: History, tables: set[str], reports: set[str]) -> Iterator[Difference]:
    """Find objects that nothing refers to, and recorded ones that no manifest is of."""
    stores = history.stores
    for prefix in (TABLES, REPORTS):
        for found in stores.objects.list(f"{prefix}/{history.model}"):
            if found.key not in tables | reports:
                run = (
                    "A killed writer has left it, somebody put it there, or the database has lost its record. "
                    "Unless a backup of the database knows it: ml-platform vacuum --older-than 1h"
                )
                yield Difference(stores.objects.where(found.key), "nothing", f"{found.n_bytes:,} bytes", run=run)
    made = [m for m in history.manifests.values() if m.n_rows is not None]
    for key in sorted(tables - {stores.tables.key(m.key, m.version) for m in made}):
        yield Difference(stores.objects.where(key), "a table", "no manifest is of it")


def _repair(history: History, artifact: ArtifactKey, ids: set[str]) -> str:
    """Return what makes a version again: the command when it is the current one, otherwise only a backup."""
    if any(row.id in ids and row.superseded_at is None for row in history.rows):
        return make(artifact)
    return "It is an older version, which cannot be made again. Restore it from a backup"
