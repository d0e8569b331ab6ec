"""Against a real MLflow on SQLite: what comes back is what was stored, and the champion never goes missing."""

import json
import os
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import mlflow
import onnxruntime
import pytest

from ml_platform.errors import ModelError, RegistryUnavailable
from ml_platform.stores.database.connection import Database
from ml_platform.stores.ledger import Ledger
from ml_platform.stores.ledger_entry import LedgerEntry
from ml_platform.stores.mlflow.registry import PARENT_TAG, CandidateRecord, ModelVersion, Registry
from ml_platform.stores.mlflow.server import masked
from ml_platform_tests.stores.small_model import EXAMPLE, small_model


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """One migrated database for all tests; each uses a model of its own."""
    before = os.environ.get("MLFLOW_TRACKING_URI")
    made = Registry(f"sqlite:///{tmp_path_factory.mktemp('mlflow') / 'new' / 'mlflow.db'}")
    made.open()
    yield made
    mlflow.set_tracking_uri(None)  # MLflow keeps it in the environment, where other tests would find it
    mlflow.set_registry_uri(None)
    if before is not None:
        os.environ["MLFLOW_TRACKING_URI"] = before


@pytest.fixture
def model(request: pytest.FixtureRequest) -> str:
    return request.node.originalname[:60]


@pytest.fixture
def parent(registry: Registry) -> Iterator[str]:
    """What dagster-mlflow does: an active run that carries Dagster's run id."""
    registry.use_for_this_process()
    mlflow.set_experiment(registry.experiment)
    run = mlflow.start_run(tags={PARENT_TAG: "dagster-1"})
    yield run.info.run_id
    while mlflow.active_run():
        mlflow.end_run()


def candidate(registry: Registry, model: str, weight: float = 0.5, **extra: Any) -> CandidateRecord:
    return registry.log_candidate(model=model, onnx=small_model(weight), input_example=EXAMPLE, **extra)


def registered(registry: Registry, model: str, weight: float = 0.5) -> ModelVersion:
    record = candidate(registry, model, weight)
    number = registry.register(model, run_id=record.run_id, onnx_sha256=record.onnx_sha256)
    return registry.version(model, number)


def artifact(version: ModelVersion, registry: Registry) -> Path:
    """Where MLflow keeps the model's file."""
    uri = mlflow.MlflowClient(registry.tracking_uri).get_run(version.run_id).data.tags["onnx_model_uri"]
    found = mlflow.MlflowClient(registry.tracking_uri).get_logged_model(uri.removeprefix("models:/"))
    return Path(found.artifact_location.removeprefix("file://")) / "model.onnx"


class TestCandidates:
    def test_the_very_bytes_come_back_and_nothing_is_pickled(self, registry: Registry, model: str) -> None:
        record = candidate(registry, model, skops=b"skops")
        assert registry.load_candidate(record.run_id, record.onnx_sha256) == small_model()
        root = Path(registry.tracking_uri.removeprefix("sqlite:///")).with_name("artifacts")
        names = {path.name for path in root.rglob("*") if path.is_file()}
        assert {"model.onnx", "model.skops", "MLmodel", "input_example.json"} <= names
        assert not [name for name in names if name.endswith((".pkl", ".pickle", ".joblib"))]

    def test_everything_about_it_is_in_its_run(self, registry: Registry, parent: str, model: str) -> None:
        record = candidate(
            registry,
            model,
            parent_run_id=parent,
            params={"learning_rate": 0.06},
            metrics={"validation_roc_auc": 0.7},
            tags={"version of flights/features[2013-01]": "abc", "partition": ""},
            documents={"reference.json": {"ünï": [1, None]}},
        )
        run = mlflow.MlflowClient(registry.tracking_uri).get_run(record.run_id)
        assert run.data.params == {"learning_rate": "0.06"}
        assert run.data.metrics == {"validation_roc_auc": 0.7}
        assert run.data.tags["mlflow.parentRunId"] == parent
        assert run.data.tags["version of flights/features_2013-01_"] == "abc"
        assert registry.status(record.run_id) == "FINISHED"
        info = mlflow.models.get_model_info(record.model_uri)
        assert info.signature.inputs.input_names() == ["distance", "carrier"]

    def test_the_stored_example_fits_the_stored_model(self, registry: Registry, model: str, caplog: Any) -> None:
        record = candidate(registry, model)
        assert "Failed to validate" not in caplog.text
        session = onnxruntime.InferenceSession(registry.load_candidate(record.run_id, record.onnx_sha256))
        assert [node.name for node in session.get_inputs()] == ["distance", "carrier"]

    def test_a_run_whose_body_fails_is_failed_and_its_parent_goes_on(self, registry: Registry, parent: str) -> None:
        def fail() -> None:
            with registry.candidate_run(run_name="x", parent_run_id=parent) as run_id:
                opened.append(run_id)
                raise RuntimeError("out of memory")

        opened: list[str] = []
        with pytest.raises(RuntimeError, match="out of memory"):
            fail()
        assert registry.status(opened[0]) == "FAILED"
        assert registry.status(parent) == "RUNNING"

    @pytest.mark.parametrize("number", [float("nan"), float("inf")])
    def test_a_metric_that_mlflow_would_store_as_another_number_is_refused(
        self, registry: Registry, model: str, number: float
    ) -> None:
        with pytest.raises(ModelError, match="not finite cannot be stored: roc_auc"):
            candidate(registry, model, metrics={"roc_auc": number})

    @pytest.mark.parametrize("name", ["../x.json", "a/b.json", "x.pkl", "x%2e.json", ""])
    def test_a_document_name_that_could_be_a_path_is_refused(self, registry: Registry, model: str, name: str) -> None:
        with pytest.raises(ModelError, match="document name"):
            candidate(registry, model, documents={name: {}})

    @pytest.mark.parametrize("name", ["", "a/b", "a\0b", "a" * 300, "a%2eb", "..", "ä", "a b"])
    def test_a_model_name_that_mlflow_takes_and_addresses_do_not_is_refused(
        self, registry: Registry, name: str
    ) -> None:
        with pytest.raises(ModelError, match="must be letters, digits"):
            registry.champion(name)

    def test_an_evaluation_is_added_to_the_ended_run(self, registry: Registry, model: str) -> None:
        record = candidate(registry, model)
        estimate = {"value": 0.7, "low": 0.65, "high": 0.75, "n_rows": 100}
        registry.log_evaluation(record.run_id, {"baseline": {"candidate": {"roc_auc": estimate}}})
        run = mlflow.MlflowClient(registry.tracking_uri).get_run(record.run_id)
        assert run.data.metrics == {"test_roc_auc": 0.7, "test_roc_auc_low": 0.65, "test_roc_auc_high": 0.75}
        assert registry.status(record.run_id) == "FINISHED"


class TestVersions:
    def test_a_model_that_was_never_registered_has_no_champion(self, registry: Registry, model: str) -> None:
        assert registry.champion(model) is None
        assert registry.challenger(model) is None

    def test_registering_makes_a_challenger_and_leaves_the_champion(self, registry: Registry, model: str) -> None:
        first = registered(registry, model, 0.5)
        assert registry.champion(model) is None
        registry.promote(model, first.version)
        second = registered(registry, model, 0.6)
        assert registry.champion(model) == first
        assert registry.challenger(model) == second
        registry.promote(model, second.version)
        assert registry.champion(model) == second

    def test_the_same_candidate_is_the_same_version_and_another_is_another(
        self, registry: Registry, model: str
    ) -> None:
        record = candidate(registry, model)
        again = {"run_id": record.run_id, "onnx_sha256": record.onnx_sha256}
        assert registry.register(model, **again) == registry.register(model, **again) == "1"
        assert registered(registry, model, 0.6).version == "2"

    @pytest.mark.parametrize("version", ["99", "abc", "-1", ""])
    def test_promoting_a_version_that_does_not_exist_leaves_the_champion(
        self, registry: Registry, model: str, version: str
    ) -> None:
        first = registered(registry, model)
        registry.promote(model, first.version)
        with pytest.raises(ModelError, match=f"model '{model}' has no version {version}"):
            registry.promote(model, version)
        assert registry.champion(model) == first

    def test_readers_meet_a_champion_at_any_time_while_it_is_exchanged(self, registry: Registry, model: str) -> None:
        versions = [registered(registry, model, weight).version for weight in (0.5, 0.6)]
        registry.promote(model, versions[0])
        done = threading.Event()

        def swap() -> None:
            for number in range(40):
                registry.promote(model, versions[number % 2])
            done.set()

        writer = threading.Thread(target=swap)
        writer.start()
        seen = []
        while not done.is_set():
            seen.append(registry.champion(model))
        writer.join()
        assert {version.version if version else None for version in seen} <= set(versions)

    def test_a_version_that_somebody_made_by_hand_is_not_trusted(self, registry: Registry, model: str) -> None:
        record = candidate(registry, model)
        client = mlflow.MlflowClient(registry.tracking_uri)
        client.create_registered_model(model)
        client.create_model_version(model, record.model_uri, record.run_id)
        client.set_registered_model_alias(model, "champion", "1")
        with pytest.raises(ModelError, match="was not registered by this platform"):
            registry.champion(model)

    def test_a_document_comes_back_and_a_missing_one_is_named(self, registry: Registry, model: str) -> None:
        record = candidate(registry, model, documents={"reference.json": {"n_rows": 3}})
        version = registry.version(
            model, registry.register(model, run_id=record.run_id, onnx_sha256=record.onnx_sha256)
        )
        assert registry.load_document(version, "reference.json") == {"n_rows": 3}
        with pytest.raises(ModelError, match=f"contract.json of model '{model}' version 1 cannot be read"):
            registry.load_document(version, "contract.json")


class TestVerification:
    def test_an_exchanged_artifact_is_refused_by_model_and_version(self, registry: Registry, model: str) -> None:
        version = registered(registry, model)
        assert registry.load_onnx(version) == small_model()
        artifact(version, registry).write_bytes(small_model(-0.5))
        with pytest.raises(ModelError, match=f"model '{model}' version 1: what is stored has sha256"):
            registry.load_onnx(version)
        with pytest.raises(ModelError, match="what is stored has sha256"):
            registry.register(model, run_id=version.run_id, onnx_sha256=version.onnx_sha256)

    def test_a_lost_artifact_is_named(self, registry: Registry, model: str) -> None:
        version = registered(registry, model)
        artifact(version, registry).unlink()
        with pytest.raises(ModelError, match=f"model '{model}' version 1 cannot be read"):
            registry.load_onnx(version)

    def test_who_exchanges_the_artifact_and_mlflows_hash_is_caught_by_the_ledger(
        self, registry: Registry, model: str, tmp_path: Path
    ) -> None:
        ledger = Ledger(Database(f"sqlite:///{tmp_path}/facts.db"), model)
        good = registered(registry, model)
        now = datetime(2013, 4, 1, tzinfo=UTC)
        entry = LedgerEntry(now, model, None, "registered", good.version, good.run_id, good.onnx_sha256)
        ledger.append(entry)
        assert registry.load_onnx(good, ledger=ledger) == small_model()
        evil = registered(registry, model, -0.5)
        forged = replace(evil, version=good.version)
        assert registry.load_onnx(forged) == small_model(-0.5)
        with pytest.raises(ModelError, match=r"version 1, as recorded in the ledger .*: what is stored has sha256"):
            registry.load_onnx(forged, ledger=ledger)
        with pytest.raises(ModelError, match=r"version 2: the ledger .* has no record of it"):
            registry.load_onnx(evil, ledger=ledger)

    def test_every_file_of_a_candidate_is_recorded_and_an_exchanged_document_is_refused(
        self, registry: Registry, model: str, tmp_path: Path
    ) -> None:
        record = candidate(registry, model, documents={"reference.json": {"n_rows": 3}}, skops=b"skops")
        assert {"reference.json", "model.skops", "model/MLmodel", "model/model.onnx"} <= set(record.files)
        assert record.files["model/model.onnx"] == record.onnx_sha256
        assert registry.files(record.run_id) == record.files
        number = registry.register(model, run_id=record.run_id, onnx_sha256=record.onnx_sha256)
        version, ledger = registry.version(model, number), Ledger(Database(f"sqlite:///{tmp_path}/facts.db"), model)
        entry = LedgerEntry(
            datetime(2013, 4, 1, tzinfo=UTC), model, None, "registered", number, record.run_id, "a" * 64
        )
        ledger.append(replace(entry, files=record.files))
        assert registry.load_document(version, "reference.json", ledger=ledger) == {"n_rows": 3}
        registry.log_documents(record.run_id, {"reference.json": {"n_rows": 4}})
        assert registry.load_document(version, "reference.json") == {"n_rows": 4}
        with pytest.raises(ModelError, match=f"reference.json of model '{model}' version 1: what is stored has sha256"):
            registry.load_document(version, "reference.json", ledger=ledger)

    def test_a_run_without_a_model_is_named(self, registry: Registry, parent: str) -> None:
        with pytest.raises(ModelError, match=f"MLflow run {parent} holds no model"):
            registry.load_candidate(parent, "a" * 64)


class TestRuns:
    @pytest.mark.parametrize("status", ["FINISHED", "FAILED", "KILLED"])
    def test_the_parent_gets_the_status_of_dagster_and_is_no_longer_active(
        self, registry: Registry, parent: str, status: Any
    ) -> None:
        assert (parent, "dagster-1") in registry.open_parents()
        registry.finish_parent(parent, status)
        assert registry.status(parent) == status
        assert parent not in dict(registry.open_parents())
        assert mlflow.active_run() is None
        mlflow.end_run("FINISHED")  # what dagster-mlflow and MLflow's exit handler still do
        assert registry.status(parent) == status

    def test_a_nested_run_left_open_by_a_kill_is_closed_with_its_parent(self, registry: Registry, parent: str) -> None:
        client = mlflow.MlflowClient(registry.tracking_uri)
        experiment = client.get_run(parent).info.experiment_id
        nested = client.create_run(experiment, tags={"mlflow.parentRunId": parent}).info.run_id
        registry.finish_parent(parent, "KILLED")
        assert registry.status(nested) == "KILLED"

    def test_a_nested_run_is_not_taken_for_its_parent(self, registry: Registry, parent: str, model: str) -> None:
        candidate(registry, model)
        assert parent in registry.find_parents("dagster-1")
        assert all(found[1] == "dagster-1" for found in registry.open_parents())
        with pytest.raises(ValueError, match="must not carry the tag"):
            candidate(registry, model, tags={PARENT_TAG: "dagster-1"})

    def test_a_link_to_the_ui_needs_to_know_where_it_is_and_holds_no_password(self, registry: Registry) -> None:
        assert registry.ui_link("abc") is None
        with_ui = replace(registry, ui_url="http://127.0.0.1:5000/")
        assert with_ui.ui_link("abc") == "http://127.0.0.1:5000/#/experiments/1/runs/abc"


class TestUnreachable:
    @pytest.mark.parametrize("scheme", ["http", "postgresql+psycopg2"])
    def test_nobody_there_is_one_message_without_the_password(self, scheme: str, capfd: Any) -> None:
        with socket.socket() as free:  # a port that nobody listens to
            free.bind(("127.0.0.1", 0))
            uri = f"{scheme}://user:secret@127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(RegistryUnavailable) as caught:
            Registry(uri).open()
        message = str(caught.value)
        assert message.startswith(f"MLflow at {masked(uri)} cannot be reached: ")
        assert "set MLFLOW_TRACKING_URI" in message
        assert "secret" not in message + "".join(capfd.readouterr())
        assert "\n" not in message

    def test_a_database_that_is_none_is_named_and_left_as_it_is(self, tmp_path: Path) -> None:
        file = tmp_path / "mlflow.db"
        file.write_bytes(b"this is no database" * 100)
        before = file.read_bytes()
        with pytest.raises(RegistryUnavailable, match=r"mlflow\.db cannot be reached: file is not a database"):
            Registry(f"sqlite:///{file}").open()
        assert file.read_bytes() == before

    @pytest.mark.parametrize("uri", ["sqlite://", "sqlite:////proc/nowhere/x.db", "nonsense://x"])
    def test_an_address_that_cannot_be_is_one_message(self, uri: str) -> None:
        with pytest.raises(RegistryUnavailable, match="MLflow"):
            Registry(uri).open()

    def test_after_the_repair_the_same_registry_works(self, tmp_path: Path) -> None:
        folder = tmp_path / "mlflow"
        folder.write_text("a file where the folder should be")
        registry = Registry(f"sqlite:///{folder / 'mlflow.db'}")
        with pytest.raises(RegistryUnavailable):
            registry.open()
        folder.unlink()
        registry.open()
        assert registry.champion("flights") is None


def child(code: str, *arguments: str) -> subprocess.Popen[str]:
    """Another Python with the same code."""
    preamble = (
        "import os, signal, sys\nfrom ml_platform.stores.mlflow.registry import Registry\nr = Registry(sys.argv[1])\n"
    )
    command = [sys.executable, "-W", "ignore", "-c", preamble + textwrap.dedent(code), *arguments]
    return subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """A real MLflow server of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    store = ["--backend-store-uri", f"sqlite:///{folder / 'server.db'}", "--artifacts-destination", str(folder / "a")]
    command = [sys.executable, "-W", "ignore", "-m", "mlflow", "server", *store, "--port", str(port), "--workers", "1"]
    environment = {**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}  # its job runners take long to start
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=folder, env=environment, **quiet)
    try:
        uri = f"http://127.0.0.1:{port}"
        wait_for(uri)
        yield uri
    finally:
        process.terminate()
        process.wait(30)


def wait_for(uri: str, attempts: int = 240) -> None:
    for attempt in range(attempts):
        try:
            Registry(uri).open()
        except RegistryUnavailable:
            if attempt == attempts - 1:
                raise
            time.sleep(0.5)
        else:
            return


@pytest.mark.processes
class TestProcesses:
    def test_two_processes_may_meet_a_fresh_database(self, tmp_path: Path) -> None:
        uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
        children = [child("r.open(); print(r._connection.experiment_id)", uri) for _ in range(2)]
        answers = [process.communicate() for process in children]
        assert [process.returncode for process in children] == [0, 0], answers
        assert len({out for out, _ in answers}) == 1

    def test_a_kill_while_registering_leaves_the_champion_and_a_rerun_completes_it(
        self, registry: Registry, model: str
    ) -> None:
        first = registered(registry, model)
        registry.promote(model, first.version)
        record = candidate(registry, model, 0.6)
        killed = child(
            """
            kill = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
            r.open()
            type(r._connection.client).set_registered_model_alias = kill  # the version is made, its alias is not
            r.register(sys.argv[2], run_id=sys.argv[3], onnx_sha256=sys.argv[4])
            """,
            registry.tracking_uri,
            model,
            record.run_id,
            record.onnx_sha256,
        )
        _, errors = killed.communicate()
        assert killed.returncode == -9, errors
        assert registry.champion(model) == first
        assert registry.challenger(model) == first
        assert registry.version(model, "2").onnx_sha256 == record.onnx_sha256
        assert registry.register(model, run_id=record.run_id, onnx_sha256=record.onnx_sha256) == "2"
        registry.promote(model, "2")
        champion = registry.champion(model)
        assert champion is not None
        assert json.dumps(champion.tags)
        assert registry.load_onnx(champion) == small_model(0.6)

    def test_a_server_does_all_that_a_file_does_and_its_end_is_one_message(
        self, tmp_path: Path, model: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with server(tmp_path) as uri:
            registry = Registry(uri)
            record = candidate(registry, model, documents={"reference.json": {"n_rows": 3}})
            made = registry.register(model, run_id=record.run_id, onnx_sha256=record.onnx_sha256)
            registry.promote(model, made)
            champion = registry.champion(model)
            assert champion is not None
            assert registry.load_onnx(champion) == small_model()
            assert registry.load_document(champion, "reference.json") == {"n_rows": 3}
            assert registry.ui_link("abc") == f"{uri}/#/experiments/1/runs/abc"
        monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
        with pytest.raises(RegistryUnavailable, match=f"MLflow at {uri} cannot be reached"):
            registry.champion(model)
