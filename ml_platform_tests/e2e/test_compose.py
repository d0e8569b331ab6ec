"""docker-compose.yml and what it names, without a container engine; test_postgres.py runs its commands."""

import re
import shlex
import subprocess
import sys
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from ml_platform_tests.e2e.compose import FILE, ROOT, VARIABLE, command, services

DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text()
EXAMPLE = (ROOT / "deploy" / ".env.example").read_text()
OURS = [name for name, service in services().items() if "build" in service]
HEAD = FILE.read_text().split("\nname:")[0]


def variables() -> set[str]:
    text = "\n".join(line for line in FILE.read_text().splitlines() if not line.startswith("#"))
    return {match["name"] for match in VARIABLE.finditer(text)}


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.compose-spec", ["docker-compose.yml"]),
        ("vendor.github-workflows", sorted(str(file) for file in ROOT.glob(".github/workflows/*.yml"))),
    ],
)
def test_the_file_is_valid(schema: str, files: list[str]) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *files]
    reply = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert reply.returncode == 0, reply.stdout


def test_every_variable_is_documented_and_every_documented_one_is_used() -> None:
    assert variables() == set(re.findall(r"^#   ([A-Z_]+)", HEAD, re.MULTILINE))
    assert variables() == set(re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE))


def test_the_password_has_no_default_and_stands_in_no_file() -> None:
    for match in VARIABLE.finditer(FILE.read_text()):
        assert (match["kind"] == "?") == (match["name"] == "POSTGRES_PASSWORD")
    assert re.search(r"^POSTGRES_PASSWORD=$", EXAMPLE, re.MULTILINE)
    for service in services().values():
        for name, value in service.get("environment", {}).items():
            assert "PASSWORD" not in name or VARIABLE.fullmatch(value)
            assert not re.search(r"://\w+:(?!\$\{POSTGRES_PASSWORD)[^/@]+@", value)


def wanted_variables(settings: Any) -> set[str]:
    """Return the names behind every ``env:`` of a Dagster settings file."""
    if isinstance(settings, dict):
        own = {settings["env"]} if isinstance(settings.get("env"), str) else set()
        return own.union(*(wanted_variables(value) for value in settings.values()))
    return set().union(*(wanted_variables(value) for value in settings)) if isinstance(settings, list) else set()


@pytest.mark.parametrize("service", ["code", "webserver", "daemon"])
def test_what_dagster_reads_from_the_environment_is_set(service: str) -> None:
    of_image = set(re.findall(r"(\w+)=\S+", DOCKERFILE))
    given = of_image | services()[service]["environment"].keys()
    for file in ("dagster.yaml", "workspace.yaml"):
        assert wanted_variables(yaml.safe_load((ROOT / "deploy" / file).read_text())) <= given


@pytest.mark.parametrize("service", OURS)
def test_every_command_names_programs_modules_and_files_that_exist(service: str) -> None:
    program, *words = command(service, {})
    check = shlex.split(services()[service]["healthcheck"]["test"])[0]
    assert Path(program).exists()
    assert (Path(sys.executable).parent / check).exists()
    given = dict(pairwise(words))
    modules = {given.get("--module-name"), given.get("-m")} - {None}
    assert all(find_spec(module) for module in modules)
    assert "--workspace" not in given or (ROOT / given["--workspace"]).exists()


def test_ports_are_open_on_loopback_only() -> None:
    ports = [port for service in services().values() for port in service.get("ports", ())]
    assert len(ports) == 3
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_service_restarts_is_checked_and_none_of_ours_is_root() -> None:
    for service in services().values():
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"]
        assert not service.keys() & {"privileged", "cap_add", "network_mode", "user"}
    assert re.findall(r"^USER (\w+)$", DOCKERFILE, re.MULTILINE) == ["platform"]


def test_every_folder_that_the_image_names_is_writable_by_its_user() -> None:
    [writable] = re.findall(r"chown platform (.+)$", DOCKERFILE, re.MULTILINE)
    assert set(re.findall(r"=/app/(\w+)", DOCKERFILE)) == set(writable.split())


def test_every_file_that_the_image_copies_exists_and_is_sent_to_the_builder() -> None:
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {word for line in re.findall(r"^COPY (.+)$", DOCKERFILE, re.MULTILINE) for word in line.split()[:-1]}
    assert copied == sent
    assert all((ROOT / name).exists() for name in copied)


def test_every_mounted_file_exists() -> None:
    mounts = [volume.split(":")[0] for service in services().values() for volume in service.get("volumes", ())]
    assert all((ROOT / mount).exists() for mount in mounts if mount.startswith("."))
    assert Path(ROOT / "deploy" / "postgres" / "create-databases.sql").exists()
