"""The table of faults: what goes wrong, what a user is told, what `verify` names, and how it is made good."""

from __future__ import annotations

import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import yaml

from ml_platform.stores.dvc import md5_of
from ml_platform.stores.installation import TRACKING
from ml_platform_tests.e2e.processes import free_port, listens, wait_for
from ml_platform_tests.faults import daemon
from ml_platform_tests.faults.commit_points import KilledAt
from ml_platform_tests.faults.hindrances import (
    ClockSetBack,
    FullDisk,
    Impatient,
    WithoutPrivileges,
    hold_lock,
    serve_mlflow,
)
from ml_platform_tests.faults.project import Project, Said
from ml_platform_tests.faults.recovery import SCORE, TRAIN, Command, Fault

Strike = Callable[[Project], Said]
Choose = Callable[[bytes, random.Random], int]
VERIFY = ("verify", "--verbose")
NOTHING = Said(0, "")


def killed(words: str, later: int = 0, command: Command = TRAIN) -> Strike:
    def strike(project: Project) -> Said:
        said = project.call(*command, hindrance=KilledAt(words, later))
        assert said.exit_code == -9, said
        return said

    return strike


def daemon_killed(point: str) -> Strike:
    def strike(project: Project) -> Said:
        said = project.run(daemon.look, point)
        assert said.exit_code == -9, said
        return NOTHING

    return strike


def full_disk(n_bytes: int, command: Command = TRAIN, *, lasts: bool = True) -> Strike:
    def strike(project: Project) -> Said:
        if command == SCORE:  # all of it is made again
            shutil.rmtree(project.data / "objects" / "reports")
        said = project.call(*command, hindrance=FullDisk(n_bytes))
        project.hindrance = FullDisk(n_bytes) if lasts else None
        return said

    return strike


def read_only(project: Project) -> Said:
    project.hindrance = WithoutPrivileges()
    _chmod(project, 0o555, 0o444)
    return project.call(*TRAIN)


def _chmod(project: Project, folders: int, files: int) -> None:
    for path in (project.data, *project.data.rglob("*")):
        path.chmod(folders if path.is_dir() else files)


def locked(file: str) -> Strike:
    def strike(project: Project) -> Said:
        held = project.folder / "held"
        holder = project.start(hold_lock, project.data / file, held, log=project.folder / "holder.txt")
        project.closing.callback(holder.kill)
        while not held.exists():
            time.sleep(0.05)
        project.hindrance = Impatient()
        return project.call(*TRAIN)

    return strike


def clock_set_back(project: Project) -> Said:
    return project.call(*TRAIN, hindrance=ClockSetBack(timedelta(days=400)))


def moved(project: Project) -> Said:
    elsewhere = project.folder.with_name("some where else")
    shutil.move(project.folder, elsewhere)
    project.folder = elsewhere
    return project.call(*TRAIN)


def mlflow_down(project: Project) -> Said:
    project.environment[TRACKING] = f"http://127.0.0.1:{free_port()}"
    return project.call(*TRAIN)


def removed(*folders: str, command: Command | None = None) -> Strike:
    def strike(project: Project) -> Said:
        for folder in folders:
            shutil.move(project.folder / folder, project.folder / "removed" / folder)
        return NOTHING if command is None else project.call(*command)

    return strike


def anywhere(content: bytes, chance: random.Random) -> int:
    return chance.randrange(len(content))


def behind(words: bytes) -> Choose:
    """Choose a place in the 20 bytes after some words."""
    return lambda content, chance: content.index(words) + len(words) + chance.randrange(20)


def in_middle(content: bytes, _chance: random.Random) -> int:
    return len(content) // 2


def in_footer(content: bytes, chance: random.Random) -> int:
    """Return a place in the footer of a Parquet file, whose length stands before its last four bytes."""
    length = int.from_bytes(content[-8:-4], "little")
    return len(content) - chance.randrange(1, length + 8)


def flipped(
    pattern: str, command: Command, choose: Choose = anywhere, prepare: Callable[[Project], None] | None = None
) -> Strike:
    """Flip a bit of the first file that the pattern finds, and run a command that reads it."""

    def strike(project: Project) -> Said:
        if prepare is not None:
            prepare(project)
        file = sorted(project.folder.glob(pattern))[0]
        for part in _parts(file):
            backup = project.folder / "backup" / part.relative_to(project.folder)
            backup.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(part, backup)
        flip(file, choose)
        return project.call(*command)

    return strike


def _parts(file: Path) -> list[Path]:
    """Return the files of which a database is made; any other file alone."""
    stem, database, _ = file.name.partition(".db")
    return sorted(file.parent.glob(f"{stem}.db*")) if database else [file]


def checkpointed(project: Project) -> None:
    """Let all of the database be in its file, and nothing in the log beside it."""
    with closing(sqlite3.connect(project.data / "ml_platform.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def flip(file: Path, choose: Choose) -> None:
    content, chance = bytearray(file.read_bytes()), random.Random(7)
    content[choose(bytes(content), chance)] ^= 1 << chance.randrange(8)
    file.write_bytes(content)


def dvc_tracks(project: Project) -> None:
    """Let DVC track the raw file, with a copy in its cache."""
    md5 = md5_of(project.raw)
    cached = project.folder / ".dvc" / "cache" / "files" / "md5" / md5[:2] / md5[2:]
    cached.parent.mkdir(parents=True)
    shutil.copy(project.raw, cached)
    (project.folder / ".dvc" / "config").touch()
    out = {"md5": md5, "size": cached.stat().st_size, "hash": "md5", "path": project.raw.name}
    project.raw.with_name(f"{project.raw.name}.dvc").write_text(yaml.safe_dump({"outs": [out]}))


# What a person does against a fault.


def end_hindrance(project: Project) -> None:
    project.hindrance = None
    project.closing.close()


def start_daemon(project: Project) -> None:
    """Start the daemon again."""
    said = project.run(daemon.come_back)
    assert said.exit_code == 0, said.text[-2000:]


def free_space(project: Project) -> None:
    """Free space on the disk."""
    end_hindrance(project)


def make_writable(project: Project) -> None:
    """Make the folder writable."""
    _chmod(project, 0o755, 0o644)
    end_hindrance(project)


def end_holder(project: Project) -> None:
    """End the process that holds the lock."""
    end_hindrance(project)


def start_mlflow(project: Project) -> None:
    """Start MLflow's server."""
    port = int(project.environment[TRACKING].rpartition(":")[2])
    server = project.start(serve_mlflow, project.mlflow, port, log=project.folder / "server.txt")
    project.closing.callback(server.kill)
    wait_for("MLflow's server", lambda: listens(port), seconds=60)


def restore_folders(project: Project) -> None:
    """Put the folder back, from git or a backup."""
    shutil.copytree(project.folder / "removed", project.folder, dirs_exist_ok=True)


def restore_file(project: Project) -> None:
    """Put the file back from a backup."""
    backups = [file for file in (project.folder / "backup").rglob("*") if file.is_file()]
    places = [project.folder / file.relative_to(project.folder / "backup") for file in backups]
    for part in {part for place in places for part in _parts(place)}:
        part.unlink()
    for file, place in zip(backups, places, strict=True):
        shutil.copy(file, place)


bit_flipped = partial(Fault, new_rows=False, repair=(restore_file, TRAIN))
"""A fault that is told before there is a new file, and made good by a backup."""

FAULTS = (
    Fault(
        "kill -9 before a table has its place in the object store",
        "`ml-platform train` is killed before it renames the file of the features",
        killed("object tables/tumours/features"),
    ),
    Fault(
        "kill -9 between a table and its manifest",
        "killed before the commit that follows the file of the features",
        killed("object tables/tumours/features", 1),
        named="recorded: nothing.*A killed writer has left it",
    ),
    Fault(
        "kill -9 while a candidate is logged to MLflow",
        "killed before MLflow's commit of the logged model",
        killed("mlflow.logged_models"),
    ),
    Fault(
        "kill -9 between MLflow's run and the candidate's manifest",
        "killed before the candidate's manifest is committed",
        killed("ml_platform.manifests tumours/candidate"),
    ),
    Fault(
        "kill -9 between the registered version and the ledger",
        "killed before the ledger's entry of the registration is committed",
        killed("ml_platform.ledger registered"),
        named="version 2 in MLflow: SHA-256 .* \\(recorded: nothing in the ledger",
    ),
    Fault(
        "kill -9 within the promotion",
        "killed before the transaction of ledger and promotion is committed",
        killed("ml_platform.ledger promoted"),
    ),
    Fault(
        "kill -9 between the promotion and MLflow's alias",
        "killed before the alias `champion` is moved",
        killed("mlflow.registered_model_aliases champion"),
        named="alias 'champion' .* next run that uses the champion moves the alias back",
    ),
    Fault(
        "kill -9 while predictions are stored",
        "`ml-platform run …_score` is killed before the predictions' manifest is committed",
        killed("ml_platform.manifests tumours/predictions/", command=SCORE),
        named="recorded: nothing.*A killed writer has left it",
        repair=(SCORE,),
    ),
    *(
        Fault(
            f"kill -9 of the daemon when {when}",
            f"the daemon is killed at Dagster's own `{point}`, while the sensor asks for the later rows to be scored",
            daemon_killed(point),
            repair=(start_daemon,),
        )
        for point, when in {
            "TICK_CREATED": "the sensor's tick is recorded",
            "RUN_CREATED": "the run that the sensor asks for is recorded",
            "RUN_LAUNCHED": "that run is in the queue",
        }.items()
    ),
    Fault(
        "full disk, when Dagster's log is written",
        "no file can grow beyond 100 KB",
        full_disk(100_000, lasts=False),
        says="Nothing can be written: the disk is full",
    ),
    Fault(
        "full disk, when the database is written",
        "no file can grow beyond 1.2 MB",
        full_disk(1_200_000),
        says="Nothing can be written: the disk is full",
        repair=(free_space, TRAIN),
    ),
    Fault(
        "full disk, when a report is written",
        "the reports are gone and are drawn again, and no file can grow beyond 3 MB",
        full_disk(3_000_000, SCORE),
        named=r"reports/.*\.html: missing",
        says="Nothing can be written: the disk is full",
        new_rows=False,
        repair=(free_space, SCORE),
    ),
    Fault(
        "read-only data folder",
        "nobody may write below `data/`",
        read_only,
        says="Nothing can be written: the folder is read-only",
        repair=(make_writable, TRAIN),
    ),
    Fault(
        "database locked",
        "another process holds the writer's lock of `ml_platform.db`",
        locked("ml_platform.db"),
        says="Nothing can be written: another process has locked the database",
        repair=(end_holder, TRAIN),
    ),
    Fault(
        "MLflow's database locked",
        "another process holds the writer's lock of `mlflow.db`",
        locked("mlflow/mlflow.db"),
        says="Nothing can be written: another process has locked the database",
        repair=(end_holder, TRAIN),
    ),
    Fault(
        "MLflow down",
        "`MLFLOW_TRACKING_URI` names a server that does not run",
        mlflow_down,
        says="MLflow at http://127.0.0.1:\\d+ cannot be reached",
        not_checked="MLflow at http://127.0.0.1:\\d+ cannot be reached",
        lost="MLflow at http://127.0.0.1:\\d+ cannot be reached",
        repair=(start_mlflow, TRAIN),
    ),
    Fault("clock set back", "the clock is 400 days behind while a model is trained", clock_set_back),
    Fault("project moved", "the project's folder gets another name", moved),
    Fault(
        "a model's tables and reports removed",
        "`data/objects/tables/<model>` and `data/objects/reports/<model>` are gone",
        removed("data/objects/tables/tumours", "data/objects/reports/tumours"),
        named="missing",
        lost="does not exist. Run: ml-platform",
        new_rows=False,
        repair=(TRAIN, SCORE),
    ),
    Fault(
        "a model's artifacts in MLflow removed",
        "`data/objects/mlflow` is gone",
        removed("data/objects/mlflow"),
        named="cannot be read from MLflow's artifacts",
        lost="cannot be read from MLflow's artifacts",
        new_rows=False,
        repair=(restore_folders, TRAIN),
    ),
    Fault(
        "a model's definition removed",
        "the folder with its `defs.yaml` is gone",
        removed("clinic/defs/tumours", command=TRAIN),
        says="has no model 'tumours'",
        new_rows=False,
        repair=(restore_folders, TRAIN),
    ),
    bit_flipped(
        "a bit flipped in a raw file that DVC tracks",
        "one random bit of the file",
        flipped("data/raw/*.parquet", TRAIN, prepare=dvc_tracks),
        says="is not the file that DVC recorded: .* Fetch it again",
        named="Fetch it again: make fetch",
    ),
    bit_flipped(
        "a bit flipped in DVC's cache",
        "one random bit of the raw file's copy",
        flipped(".dvc/cache/files/md5/*/*", VERIFY, prepare=dvc_tracks),
        says="Remove it, so that no checkout puts it back",
        named="Remove it, so that no checkout puts it back",
    ),
    bit_flipped(
        "a bit flipped in a raw file that DVC does not track",
        "one random bit of the file",
        flipped("data/raw/*.parquet", VERIFY),
        says="Replace it by an intact copy",
        named="Replace it by an intact copy",
    ),
    Fault(
        "a bit flipped in a table",
        "one random bit of the features' file",
        flipped("data/objects/tables/tumours/features/*/*.parquet", VERIFY),
        says="asset materialize --select '\\+key:\"tumours/features\"'",
        named="asset materialize --select '\\+key:\"tumours/features\"'",
        lost="features/.* cannot be read",
        new_rows=False,
    ),
    Fault(
        "a bit flipped in the footer of a table",
        "one random bit behind the rows of the predictions' file",
        flipped("data/objects/tables/tumours/predictions/*/*.parquet", VERIFY, in_footer),
        says="asset materialize --select '\\+key:\"tumours/predictions\"'",
        named="asset materialize --select '\\+key:\"tumours/predictions\"'",
        new_rows=False,
        repair=(SCORE,),
    ),
    Fault(
        "a bit flipped in a report",
        "one random bit of the drift report's page",
        flipped("data/objects/reports/tumours/drift/*.html", VERIFY),
        says="Nothing depends on it",
        named="Nothing depends on it",
        new_rows=False,
        repair=(restore_file, SCORE),
    ),
    bit_flipped(
        "a bit flipped in the model that serves",
        "one random bit of `model.onnx`",
        flipped("data/objects/mlflow/models/*/artifacts/model.onnx", VERIFY),
        says="Restore the artifact from a backup",
        named="Restore the artifact from a backup",
        lost="model 'tumours' version 1",
    ),
    bit_flipped(
        "a bit flipped in a document of the model",
        "one random bit of the reference profile",
        flipped("data/objects/mlflow/*/artifacts/reference.json", VERIFY),
        says="Restore the artifact from a backup",
        named="Restore the artifact from a backup",
        lost="reference.json of model 'tumours' version 1",
    ),
    bit_flipped(
        "a bit flipped in the database",
        "one random bit of the manifest of the features",
        flipped("data/ml_platform.db", VERIFY, behind(b'"artifact": "tumours/features/whole"'), prepare=checkpointed),
        says="is not what was recorded: its content has the digest",
        named="Restore the database from a backup",
        lost="Restore the database from a backup",
    ),
    bit_flipped(
        "a bit flipped in the database's log",
        "one bit in the middle of `ml_platform.db-wal`: SQLite reads nothing of what was committed after it",
        flipped("data/ml_platform.db-wal", VERIFY, in_middle),
        says="or the database has lost its record",
        named="or the database has lost its record|nothing in the ledger",
        lost="Manifest .* is gone from .*. Restore the database from a backup|there is no champion",
    ),
    bit_flipped(
        "a bit flipped in MLflow's database",
        "one random bit of the hash of the registered version",
        flipped("data/mlflow/mlflow.db", VERIFY, behind(b"onnx_sha256")),
        says="Restore MLflow's database",
        named="version 1 in MLflow: SHA-256 .*Restore MLflow's database",
        lost="model 'tumours' version 1: what is stored has sha256",
    ),
)
