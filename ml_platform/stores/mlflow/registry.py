"""MLflow's model registry: versions and their aliases."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from ml_platform.errors import ModelError
from ml_platform.stores.ledger import Ledger
from ml_platform.stores.mlflow.addresses import masked
from ml_platform.stores.mlflow.connection import Connection
from ml_platform.stores.mlflow.entities import (
    CHALLENGER,
    CHAMPION,
    ModelVersion,
    decision_tags,
    decision_text,
    validate_model_name,
)
from ml_platform.stores.mlflow.model_files import SHA256_TAG, model_uri, read_file, read_onnx, recorded_files, verified


@dataclass(frozen=True)
class Registry:
    """The registered versions of one MLflow. Every method may raise RegistryUnavailable."""

    connection: Connection

    def register(self, model: str, *, run_id: str, onnx_sha256: str, tags: Mapping[str, str] | None = None) -> str:
        """Make a candidate a version of the model, call it challenger, and return the version.

        The same candidate registered again, also after a kill half-way, is the same version.

        ModelError is raised when the run's stored bytes are not those of the hash.
        """
        validate_model_name(model)
        read_onnx(self.connection, run_id, onnx_sha256, f"the model of run {run_id}")
        version = self._version_of_run(model, run_id, onnx_sha256)
        if version is None:
            version = self._create_version(model, run_id, {**(tags or {}), SHA256_TAG: onnx_sha256})
        self.connection.ask(lambda client: client.set_registered_model_alias(model, CHALLENGER, version))
        return version

    def promote(self, model: str, version: str) -> None:
        """Move the alias champion to a version, in one step: readers see the old champion or the new one."""
        self.version(model, version)  # raises when there is none
        self.connection.ask(lambda client: client.set_registered_model_alias(model, CHAMPION, version))

    def log_decision(self, model: str, version: str, action: str, reasons: Sequence[str]) -> None:
        """Note what was decided about a version, and why, in its tags and as its description."""
        tags, text = decision_tags(action, reasons), decision_text(action, reasons)

        def note(client: MlflowClient) -> None:
            for name, value in tags.items():
                client.set_model_version_tag(model, version, name, value)
            client.update_model_version(model, version, text)

        self.connection.ask(note)

    def champion(self, model: str) -> ModelVersion | None:
        """Return the version in production, or None when there is none yet."""
        validate_model_name(model)
        # Asked by alias, MLflow answers a missing one with the error code of any bad request. An error taken for
        # "there is no champion yet" would open a gate, so the aliases are read from the model instead.
        found = self.connection.ask_unless_missing(lambda client: client.get_registered_model(model))
        number = found.aliases.get(CHAMPION) if found is not None else None
        return self.version(model, number) if number is not None else None

    def version(self, model: str, version: str) -> ModelVersion:
        """Return a version by its number, or raise ModelError when there is none that this platform registered."""
        validate_model_name(model)
        found = None
        if re.fullmatch(r"[0-9]{1,9}", str(version)):
            found = self.connection.ask_unless_missing(lambda client: client.get_model_version(model, str(version)))
        if found is None:
            raise ModelError(f"model '{model}' has no version {version} in {masked(self.connection.tracking_uri)}")
        return _to_version(found)

    def models(self) -> list[str]:
        """Return the names of all registered models, in order."""
        found = self.connection.ask(lambda client: client.search_registered_models(max_results=1000))
        return sorted(model.name for model in found)

    def versions(self, model: str) -> list[ModelVersion]:
        """Return every registered version, oldest first."""
        validate_model_name(model)
        found = self.connection.ask(lambda client: client.search_model_versions(f"name = '{model}'"))
        return sorted((_to_version(version) for version in found), key=lambda version: int(version.version))

    def load_onnx(self, version: ModelVersion, *, ledger: Ledger | None = None) -> bytes:
        """Return the ONNX model of a version, verified against the hash in its tags and, where given, in the ledger.

        With the ledger, a model exchanged by somebody who can write to MLflow's artifacts and database is noticed too.

        ModelError names model and version, when the bytes are gone or are not the recorded ones.
        """
        content = read_onnx(self.connection, version.run_id, version.onnx_sha256, str(version))
        if ledger is not None:
            recorded = ledger.onnx_sha256(version.version)
            if recorded is None:
                raise ModelError(f"{version}: the {ledger} has no record of it, so it is not trusted")
            verified(content, recorded, f"{version}, as recorded in the {ledger}")
        return content

    def load_document(self, version: ModelVersion, name: str, *, ledger: Ledger | None = None) -> Any:
        """Return a JSON document of a version's candidate, verified like `load_onnx`."""
        what = f"{name} of {version}"
        recorded = recorded_files(self.connection, version.run_id)
        if ledger is not None:
            recorded[name] = ledger.file_sha256(version.version, name) or ""
        return json.loads(read_file(self.connection, version.run_id, name, recorded.get(name, ""), what))

    def _version_of_run(self, model: str, run_id: str, onnx_sha256: str) -> str | None:
        query = f"name = '{model}' and run_id = '{run_id}'"
        found = self.connection.ask(lambda client: client.search_model_versions(query))
        same = [int(version.version) for version in found if version.tags.get(SHA256_TAG) == onnx_sha256]
        return str(min(same)) if same else None

    def _create_version(self, model: str, run_id: str, tags: dict[str, str]) -> str:
        try:
            self.connection.ask(lambda client: client.create_registered_model(model))
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
        source = model_uri(self.connection, run_id, f"model '{model}'")
        model_id = source.removeprefix("models:/")  # a server asks for both
        made = self.connection.ask(
            lambda client: client.create_model_version(model, source, run_id, tags=tags, model_id=model_id)
        )
        return str(made.version)


def _to_version(found: Any) -> ModelVersion:
    sha256 = found.tags.get(SHA256_TAG)
    if not sha256:
        raise ModelError(
            f"model '{found.name}' version {found.version} has no tag '{SHA256_TAG}': it was not registered by this "
            "platform, and cannot be verified. Move its aliases to a version that was"
        )
    return ModelVersion(found.name, str(found.version), found.run_id, sha256, dict(found.tags))
