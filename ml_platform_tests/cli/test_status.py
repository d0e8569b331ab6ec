"""`ml-platform status` says who serves and what to run next, for one model or a line for each."""

from __future__ import annotations

import json

import pytest

from ml_platform.errors import WrongCall
from ml_platform_tests.cli.called import call
from ml_platform_tests.scaffold.project import ForeignProject


@pytest.mark.usefixtures("shop")
def test_a_model_in_production_has_nothing_to_do() -> None:
    assert call("status").stdout == (
        "tumours: champion 1; scored whole, drift ok; next: nothing until a new raw file arrives\n"
    )
    assert call("status", "tumours").stdout.startswith("champion   version 1, since ")
    (document,) = json.loads(call("status", "tumours", "--output", "json").stdout)
    assert (document["champion"]["version"], document["drift"]["level"], document["runs"]) == ("1", "ok", [])


def test_a_model_whose_yaml_is_wrong_is_told_beside_the_others(shop: ForeignProject) -> None:
    (shop.defs / "broken").mkdir()
    (shop.defs / "broken" / "defs.yaml").write_text("type: ml_platform.orchestration.ModelPipeline\nattributes: {\n")
    said = call("status", code=1).stdout.splitlines()
    assert said[0].startswith("tumours: champion 1")
    assert said[1].startswith("broken: ")


@pytest.mark.usefixtures("shop")
def test_a_model_that_does_not_exist_is_a_wrong_call() -> None:
    with pytest.raises(WrongCall, match="Did you mean 'tumours'"):
        call("status", "tumuors")
