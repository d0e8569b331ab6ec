"""The loop on two machines: one trains, the other scores. They share PostgreSQL and a bucket, and no disk."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from ml_platform.stores.database.connection import Database
from ml_platform.stores.ledger import Ledger
from ml_platform.stores.objects import ObjectStore
from ml_platform_tests.e2e.compose import ROOT
from ml_platform_tests.e2e.machine import MODEL
from ml_platform_tests.e2e.processes import OURS
from ml_platform_tests.servers import BUCKET, postgres_server, s3_server
from ml_platform_tests.small_models import table, write_model

pytestmark = pytest.mark.processes

PROMOTIONS = 15


class Machine:
    """A process with a working folder of its own."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        write_model(MODEL, folder / "defs")
        self.folder = folder
        self.log = folder / "log.txt"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "ml_platform_tests.e2e.machine"],
                cwd=folder,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def tell(self, verb: str, *arguments: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([verb, *arguments]) + "\n")
        self.process.stdin.flush()

    def answer(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.log.read_text()[-4000:]
        return json.loads(line)

    def ask(self, verb: str, *arguments: Any) -> Any:
        self.tell(verb, *arguments)
        return self.answer()

    def files(self) -> set[str]:
        """Return the files that are neither the model's definition nor a log."""
        files = (path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_file())
        return {str(file) for file in files if file.parts[0] != "defs" and file.suffix not in (".txt", ".log")}


@pytest.fixture(scope="module")
def shared() -> Iterator[dict[str, str]]:
    """The environment of both machines: two databases of a server, and a bucket that holds the raw table."""
    with postgres_server() as uri, s3_server() as s3, pytest.MonkeyPatch.context() as patch:
        connection = psycopg2.connect(uri)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE mlflow")
            cursor.execute("CREATE DATABASE ml_platform")
        connection.close()
        for name, value in s3.items():
            patch.setenv(name, value)
        content = io.BytesIO()
        table(MODEL).to_parquet(content)
        ObjectStore(f"s3://{BUCKET}/raw").put(f"{MODEL}.parquet", content.getvalue())
        md5 = hashlib.md5(content.getvalue(), usedforsecurity=False).hexdigest()
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        yield {
            **inherited,
            "PYTHONPATH": str(ROOT),
            "RAW_MD5": md5,
            "ML_PLATFORM_DATABASE_URL": uri.replace("/postgres?", "/ml_platform?"),
            "ML_PLATFORM_STORE_URL": f"s3://{BUCKET}/store",
            "ML_PLATFORM_RAW_URL": f"s3://{BUCKET}/raw",
            "MLFLOW_TRACKING_URI": uri.replace("/postgres?", "/mlflow?").replace("postgresql:", "postgresql+psycopg2:"),
        }


@pytest.fixture(scope="module")
def machines(shared: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Machine, Machine]]:
    with ExitStack() as stack:
        one, other = (Machine(tmp_path_factory.mktemp(name), shared) for name in ("one", "other"))
        for machine in (one, other):
            stack.enter_context(machine.process)
            stack.callback(machine.process.kill)
        yield one, other


@pytest.fixture(scope="module")
def prediction_id(machines: tuple[Machine, Machine]) -> str:
    """A prediction of the model that one machine has trained and the other has scored with."""
    one, other = machines
    for verb in ("ingest", "train"):
        assert one.ask("job", verb) == []
    assert other.ask("job", "score") == []
    found: str = other.ask("prediction")
    return found


def test_one_machine_trains_and_the_other_scores_and_tells_where_a_prediction_comes_from(
    machines: tuple[Machine, Machine], prediction_id: str, shared: dict[str, str]
) -> None:
    exit_code, lineage = machines[1].ask("command", "lineage", "prediction", prediction_id, "--output", "json")
    assert exit_code == 0
    told = json.loads(lineage)
    assert told["trained"]["version"] == "1"
    assert [source["md5"] for source in told["sources"]] == [shared["RAW_MD5"]]
    assert machines[0].ask("command", "lineage", "prediction", prediction_id, "--output", "json") == [0, lineage]
    for machine in machines:
        exit_code, found = machine.ask("command", "verify")
        assert (exit_code, found.split(", ")[1]) == (0, "differences: 0"), found
    for machine in machines:
        assert machine.files() == set()


@pytest.mark.usefixtures("prediction_id")
def test_promotions_from_both_at_once_leave_one_champion_and_a_consistent_ledger(
    machines: tuple[Machine, Machine], shared: dict[str, str]
) -> None:
    versions = [machine.ask("register", weight) for machine, weight in zip(machines, (0.5, 0.6), strict=True)]
    ledger = Ledger(Database(shared["ML_PLATFORM_DATABASE_URL"]), MODEL)
    before = len(ledger.entries())
    for machine, version in zip(machines, versions, strict=True):
        machine.tell("promote", version, PROMOTIONS)
    won = [machine.answer() for machine in machines]
    entries = [entry for entry in ledger.entries() if entry.action == "promoted"]
    assert len(ledger.entries()) == before + sum(won)
    assert all(won)
    assert [entry.version for entry in entries[:-1]] == [entry.previous_champion for entry in entries[1:]]
    assert len({tuple(machine.ask("champion")) for machine in machines} | {(entries[-1].version,) * 2}) == 1
