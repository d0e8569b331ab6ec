"""What is asked after each fault, in a process of its own: what can be read, what `verify` says, what there is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg

from ml_platform.cli.verify import run
from ml_platform.errors import PlatformError
from ml_platform.lineage.verification.verify import checks
from ml_platform.orchestration.execution.dagster_home import ensure_dagster_home
from ml_platform.orchestration.execution.dead_runs import end_dead_runs
from ml_platform.stores.artifact import Manifest
from ml_platform.stores.files import digest, to_json
from ml_platform.stores.installation import Installation
from ml_platform.stores.manifests import id_of
from ml_platform.stores.parquet import compare_fingerprints, fingerprint
from ml_platform.stores.stores import Stores
from ml_platform_tests.faults.project import MODEL, Project

OF_ONE_RUN = {
    "run_id",
    "files",
    "file",
    "version",
    "champion_version",
    "model_id",
    "since",
    "dagster_run_id",
    "seconds",
}
"""Entries of documents that name a run, its time, a version of MLflow or a path: another run has others."""


def ask(project: Project, question: Any, *arguments: object) -> Any:
    """Return the answer to a question, which is asked in a process of its own."""
    answer = project.folder / "answer.json"
    answer.unlink(missing_ok=True)
    said = project.run(_answer, question, answer, arguments)
    assert answer.exists(), said.text
    return json.loads(answer.read_text())


def _answer(question: Any, file: Path, arguments: tuple[object, ...]) -> None:
    file.write_text(json.dumps(question(*arguments)))


def stores() -> Stores:
    return Stores(Installation.from_environment())


def results() -> list[str]:
    """Return the ids of the manifests of everything that is stored."""
    here = stores()
    return [id_of(manifest) for manifest in here.manifests.select().values()]


def unreadable(ids: list[str]) -> list[str]:
    """Return which of the results with these ids cannot be read, and what is said instead.

    Raises
    ------
    AssertionError
        When one is read, and is not what was stored.
    """
    here = stores()
    found = [problem for name in ids if (problem := _problem(lambda name=name: _read(here, name)))]
    return [*found, *filter(None, [_problem(lambda: _read_champion(here))])]


def _problem(read: Any) -> str | None:
    try:
        read()
    except PlatformError as error:
        return str(error)
    return None


def _read(here: Stores, name: str) -> None:
    manifest = here.manifests.get(name)
    if manifest.n_rows is None:
        here.documents.read_version(manifest)
    else:
        rows = here.tables.read_arrow(manifest)
        assert not compare_fingerprints(manifest.columns, fingerprint(rows), manifest.n_rows, rows.num_rows)


def _read_champion(here: Stores) -> None:
    """Read the model that serves, and its reference profile."""
    ledger = here.ledger(MODEL)
    promoted = ledger.champion()
    if promoted is None:
        raise PlatformError("there is no champion")
    version = here.registry.version(MODEL, str(promoted.version))
    here.registry.load_onnx(version, ledger=ledger)
    here.registry.load_document(version, "reference.json", ledger=ledger)


def examined(ids: list[str]) -> dict[str, list[str]]:
    """Return what `verify` names, what it could not look at, and which of the results cannot be read."""
    found, not_checked = run(list(checks(stores())))
    return {
        "differences": [f"{one.what}: {one.found} (recorded: {one.recorded}). {one.run}" for one in found],
        "not_checked": [f"{one.check}: {one.error}" for one in not_checked],
        "lost": unreadable(ids),
    }


def all_there_is(ids: list[str]) -> dict[str, Any]:
    """Return the same, what is left over of killed runs, and the content."""
    return {**examined(ids), "left": left_over(), "content": content()}


def content() -> dict[str, str]:
    """Return the version of each table and the digest of each document, without what names a run, and the champion."""
    here = stores()
    current = [manifest for manifest in here.manifests.select().values() if _is_current(here, manifest)]
    found = {manifest.artifact: _content(here, manifest) for manifest in current}
    promoted = here.ledger(MODEL).champion()
    return {**found, "champion": promoted.onnx_sha256 if promoted else ""}


def _is_current(here: Stores, manifest: Manifest) -> bool:
    return here.manifests.require(manifest.key) == manifest


def _content(here: Stores, manifest: Manifest) -> str:
    if manifest.n_rows is not None:
        return manifest.version
    document = here.documents.read_version(manifest)
    return digest(to_json({name: value for name, value in document.items() if name not in OF_ONE_RUN}))


def left_over() -> list[str]:
    """Return the runs of Dagster and MLflow that seem to be under way, and the slots in pools that are taken."""
    return list(_left_over())


def _left_over() -> Iterator[str]:
    ensure_dagster_home()
    with dg.DagsterInstance.get() as instance:
        end_dead_runs(instance)
        yield from (f"run {run.run_id}: {run.status.value}" for run in instance.get_runs() if not run.is_finished)
        log = instance.event_log_storage
        for pool in log.get_concurrency_keys():
            yield from (f"slot of {pool}" for _ in log.get_concurrency_info(pool).claimed_slots)
    yield from (f"MLflow run {run_id} is open" for run_id, _ in stores().runs.open_runs())
