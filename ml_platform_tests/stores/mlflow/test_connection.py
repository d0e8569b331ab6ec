"""One connection: a database that several processes make, a server, and links to its UI."""

from dataclasses import replace
from pathlib import Path

import pytest

from ml_platform.errors import RegistryUnavailable
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores
from ml_platform_tests.stores.mlflow.candidates import candidate
from ml_platform_tests.stores.mlflow.processes import child, server
from ml_platform_tests.stores.small_model import small_model


def test_a_link_to_the_ui_needs_to_know_where_it_is_and_holds_no_password(stores: Stores) -> None:
    """The view is said too: without it MLflow shows a run as one of a language model, its metrics last."""
    view, experiment = "?workflowType=machine_learning", stores.mlflow.experiment_id("shop")
    assert replace(stores.mlflow, ui_url=None).run_link("shop", "abc") is None
    assert stores.mlflow.run_link("shop", "abc") == f"http://127.0.0.1:5000/#/experiments/{experiment}/runs/abc{view}"
    assert stores.mlflow.version_link("shop", "1") == f"http://127.0.0.1:5000/#/models/shop/versions/1{view}"


@pytest.mark.processes
def test_two_processes_may_meet_a_fresh_database(tmp_path: Path) -> None:
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    children = [child("print(connection.experiment_id('flights'))", uri) for _ in range(2)]
    answers = [process.communicate() for process in children]
    assert [process.returncode for process in children] == [0, 0], answers
    assert len({out for out, _ in answers}) == 1


@pytest.mark.processes
def test_a_server_does_all_that_a_file_does_and_its_end_is_one_message(
    tmp_path: Path, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server(tmp_path) as uri:
        stores = Stores(Installation(tmp_path, uri))
        record = candidate(stores, model, documents={"reference.json": {"n_rows": 3}})
        made = stores.registry.register(model, run_id=record.run_id, onnx_sha256=record.onnx_sha256)
        stores.registry.promote(model, made)
        champion = stores.registry.champion(model)
        assert champion is not None
        assert stores.registry.load_onnx(champion) == small_model()
        assert stores.registry.load_document(champion, "reference.json") == {"n_rows": 3}
        assert str(replace(stores.mlflow, ui_url=None).run_link(model, "abc")).startswith(f"{uri}/#/experiments/")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with pytest.raises(RegistryUnavailable, match=f"MLflow at {uri} cannot be reached"):
        stores.registry.champion(model)
