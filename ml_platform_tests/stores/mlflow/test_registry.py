"""Against a real MLflow on SQLite: the champion never goes missing."""

import json
import threading

import mlflow
import pytest

from ml_platform.errors import ModelError
from ml_platform.stores.installation import STORE
from ml_platform.stores.mlflow.entities import CHALLENGER
from ml_platform.stores.stores import Stores
from ml_platform_tests.stores.mlflow.candidates import candidate, registered
from ml_platform_tests.stores.mlflow.processes import child
from ml_platform_tests.stores.small_model import small_model


def challenger(stores: Stores, model: str) -> str:
    """Return what MLflow's own client says."""
    return str(stores.mlflow.client.get_model_version_by_alias(model, CHALLENGER).version)


def test_a_model_that_was_never_registered_has_no_champion(stores: Stores, model: str) -> None:
    assert stores.registry.champion(model) is None


def test_registering_makes_a_challenger_and_leaves_the_champion(stores: Stores, model: str) -> None:
    first = registered(stores, model, 0.5)
    assert stores.registry.champion(model) is None
    stores.registry.promote(model, first.version)
    second = registered(stores, model, 0.6)
    assert stores.registry.champion(model) == first
    assert challenger(stores, model) == second.version
    stores.registry.promote(model, second.version)
    assert stores.registry.champion(model) == second


def test_the_same_candidate_is_the_same_version_and_another_is_another(stores: Stores, model: str) -> None:
    record = candidate(stores, model)
    again = {"run_id": record.run_id, "onnx_sha256": record.onnx_sha256}
    assert stores.registry.register(model, **again) == stores.registry.register(model, **again) == "1"
    assert registered(stores, model, 0.6).version == "2"


@pytest.mark.parametrize("version", ["99", "abc", "-1", ""])
def test_promoting_a_version_that_does_not_exist_leaves_the_champion(stores: Stores, model: str, version: str) -> None:
    first = registered(stores, model)
    stores.registry.promote(model, first.version)
    with pytest.raises(ModelError, match=f"model '{model}' has no version {version}"):
        stores.registry.promote(model, version)
    assert stores.registry.champion(model) == first


def test_readers_meet_a_champion_at_any_time_while_it_is_exchanged(stores: Stores, model: str) -> None:
    versions = [registered(stores, model, weight).version for weight in (0.5, 0.6)]
    stores.registry.promote(model, versions[0])
    done = threading.Event()

    def swap() -> None:
        for number in range(40):
            stores.registry.promote(model, versions[number % 2])
        done.set()

    writer = threading.Thread(target=swap)
    writer.start()
    seen = []
    while not done.is_set():
        seen.append(stores.registry.champion(model))
    writer.join()
    assert {version.version if version else None for version in seen} <= set(versions)


def test_a_version_that_somebody_made_by_hand_is_not_trusted(stores: Stores, model: str) -> None:
    record = candidate(stores, model)
    client = mlflow.MlflowClient(stores.mlflow.tracking_uri)
    client.create_registered_model(model)
    client.create_model_version(model, record.model_uri, record.run_id)
    client.set_registered_model_alias(model, "champion", "1")
    with pytest.raises(ModelError, match="was not registered by this platform"):
        stores.registry.champion(model)


def test_a_document_comes_back_and_a_missing_one_is_named(stores: Stores, model: str) -> None:
    record = candidate(stores, model, documents={"reference.json": {"n_rows": 3}})
    version = stores.registry.version(
        model, stores.registry.register(model, run_id=record.run_id, onnx_sha256=record.onnx_sha256)
    )
    assert stores.registry.load_document(version, "reference.json") == {"n_rows": 3}
    with pytest.raises(ModelError, match=f"contract.json of model '{model}' version 1 cannot be read"):
        stores.registry.load_document(version, "contract.json")


@pytest.mark.parametrize("name", ["", "a/b", "a\0b", "a" * 300, "a%2eb", "..", "ä", "a b"])
def test_a_model_name_that_mlflow_takes_and_addresses_do_not_is_refused(stores: Stores, name: str) -> None:
    with pytest.raises(ModelError, match="must be letters, digits"):
        stores.registry.champion(name)


@pytest.mark.processes
def test_a_kill_while_registering_leaves_the_champion_and_a_rerun_completes_it(
    stores: Stores, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(STORE, stores.installation.store_url)
    first = registered(stores, model)
    stores.registry.promote(model, first.version)
    record = candidate(stores, model, 0.6)
    killed = child(
        """
        kill = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        client = type(connection.client)
        client.set_registered_model_alias = kill  # the version is made, its alias is not
        Registry(connection).register(sys.argv[2], run_id=sys.argv[3], onnx_sha256=sys.argv[4])
        """,
        stores.mlflow.tracking_uri,
        model,
        record.run_id,
        record.onnx_sha256,
    )
    _, errors = killed.communicate()
    assert killed.returncode == -9, errors
    assert stores.registry.champion(model) == first
    assert challenger(stores, model) == first.version
    assert stores.registry.version(model, "2").onnx_sha256 == record.onnx_sha256
    assert stores.registry.register(model, run_id=record.run_id, onnx_sha256=record.onnx_sha256) == "2"
    stores.registry.promote(model, "2")
    champion = stores.registry.champion(model)
    assert champion is not None
    assert json.dumps(champion.tags)
    assert stores.registry.load_onnx(champion) == small_model(0.6)
