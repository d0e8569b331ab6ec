"""What docs/leakage.md shows works: its command, its YAML, and the message that it quotes."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from pydantic import ValidationError

from ml_platform.cli.asset import asset
from ml_platform.leakage.settings import LeakageSettings
from ml_platform.spec import ModelSpec, load_spec
from ml_platform.stores.installation import DATA
from ml_platform.training.imbalance import IMBALANCE
from ml_platform.training.preparation import MISSING_CATEGORIES, MISSING_NUMBERS, OUTLIERS
from ml_platform_tests.place import Place
from ml_platform_tests.quick import FLIGHTS

PAGE = (Path(__file__).parents[2] / "docs" / "leakage.md").read_text(encoding="utf-8")


def flights() -> dict[str, Any]:
    return load_spec(FLIGHTS).model_dump(mode="json", by_alias=True)


def test_its_command_shows_what_was_found(trained: Place, tmp_path: Path) -> None:
    ((program, group, *arguments),) = map(shlex.split, re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL))
    assert (program, group) == ("ml-platform", "asset")
    os.environ.pop("DAGSTER_HOME", None)
    environment = {DATA: str(trained.folder), "DAGSTER_HOME": str(tmp_path / "dagster")}
    result = CliRunner().invoke(asset, arguments, env=environment)
    assert result.exit_code == 0, result.output
    assert "leakage" in result.output


def test_its_examples_can_be_said_and_its_defaults_are_those_of_the_code() -> None:
    document = flights()
    for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL):
        said = yaml.safe_load(block)
        if "group" in said.get("training", {}):
            said["training"]["group"] = ["carrier"]
        merged = {name: {**document[name], **part} for name, part in said.items()}
        ModelSpec.model_validate({**document, **merged})
    defaults = LeakageSettings()
    assert f"default {defaults.max_single_feature_auc}" in PAGE
    assert f"max_availability_auc: {defaults.max_availability_auc}" in PAGE
    assert f"max_shared_rows: {defaults.max_shared_rows}" in PAGE
    for name in (*IMBALANCE, *MISSING_NUMBERS, *MISSING_CATEGORIES, *OUTLIERS):
        assert name in PAGE


def test_the_refusal_is_quoted_as_it_is() -> None:
    document = flights()
    document["features"].append({"name": "delay", "kind": "number", "from": ["dep_delay"]})
    (quoted,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    with pytest.raises(ValidationError, match=re.escape(" ".join(quoted.split()))):
        ModelSpec.model_validate(document)
