"""What docs/contracts.md shows loads, its lists are those of the code, and its commands run."""

import copy
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from ml_platform.cli.main import cli
from ml_platform.contract import load_contract
from ml_platform.contract.metrics import COLUMN_METRICS, TABLE_METRICS
from ml_platform.contract.odcs.columns import INTEGERS, PHYSICAL_TYPES
from ml_platform.contract.odcs.options import FORMATS, OPTIONS
from ml_platform.contract.service_levels import AGES, GAPS, NOTES
from ml_platform.contract.sql import COLUMN_WORDS, TABLE_WORDS
from ml_platform.contract.table_rule import OPERATORS
from ml_platform.stores.installation import DATA
from ml_platform_tests.place import Place

PAGE = (Path(__file__).parents[2] / "docs" / "contracts.md").read_text(encoding="utf-8")
WHOLE, *PARTS = (yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL))
COLUMNS = [column for part in PARTS if isinstance(part, list) for column in part]
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]


@pytest.mark.parametrize("part", [WHOLE, *PARTS], ids=lambda part: str(part)[:40])
def test_every_example_is_a_contract_or_a_part_of_one(part: Any, tmp_path: Path) -> None:
    document = copy.deepcopy(WHOLE)
    (table,) = document["schema"]
    if isinstance(part, list):
        table["properties"] += part
    elif part is not WHOLE:
        table["properties"] += COLUMNS
        (table if "quality" in part else document).update(part)
    path = tmp_path / "contract_orders.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    contract = load_contract(path)
    stated = part if isinstance(part, list) else [*part.get("quality", []), *part.get("slaProperties", [])]
    names = {column["name"] for column in part} if isinstance(part, list) else set()
    assert names <= set(contract.columns)
    assert len(contract.rules) >= len([one for one in stated if "metric" not in one and "name" not in one])


def test_the_page_names_every_word_that_is_run() -> None:
    words = {*OPTIONS, *(option for options in OPTIONS.values() for option in options), *FORMATS, *OPERATORS}
    words |= {*COLUMN_METRICS, *TABLE_METRICS, *AGES, *GAPS, *NOTES, *(set(PHYSICAL_TYPES) - set(INTEGERS))}
    words |= {f"${{{word}}}" for word in (*TABLE_WORDS, *COLUMN_WORDS)}
    assert [word for word in sorted(words) if f"`{word}`" not in PAGE] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_runs(place: Place, command: str) -> None:
    program, *arguments = shlex.split(command)
    assert program == "ml-platform"
    result = CliRunner().invoke(cli, arguments, env={DATA: str(place.folder)}, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert "column_tailnum" in result.output
