"""`ml-platform lineage` tells both directions as a tree and as JSON, and a wrong call from an empty answer."""

from __future__ import annotations

import json

import pytest

from ml_platform.errors import WrongCall
from ml_platform.stores.artifact import ArtifactKey
from ml_platform.stores.installation import Installation
from ml_platform.stores.stores import Stores
from ml_platform_tests.cli.called import call
from ml_platform_tests.scaffold.project import ForeignProject

pytestmark = pytest.mark.usefixtures("shop")


def prediction_id() -> str:
    predictions = Stores(Installation.from_environment()).tables.read(ArtifactKey("tumours", "predictions", None))
    return str(predictions["prediction_id"][0])


def test_a_prediction_leads_back_to_the_raw_file(shop: ForeignProject) -> None:
    one = prediction_id()
    assert call("lineage", "prediction", one).stdout.startswith(f"prediction {one}\n")
    told = json.loads(call("lineage", "prediction", one, "--output", "json").stdout)
    assert (told["id"], told["trained"]["version"]) == (one, "1")
    (source,) = told["sources"]
    stores = Stores(Installation.from_environment())
    assert source["md5"] == stores.raw.hash("tumours", None)


def test_a_partition_leads_forward_to_models_and_predictions() -> None:
    assert call("lineage", "data", "tumours", "whole").stdout.startswith("tumours whole\n")
    told = json.loads(call("lineage", "data", "tumours", "whole", "--output", "json").stdout)
    assert [model["version"] for model in told["models"]] == ["1"]
    assert [found["n_rows"] for found in told["predictions"]] == [569]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("prediction", "tumours-0"), "Ids look like"),
        (("data", "tumours", "2019-01"), "2019-01"),
        (("data", "tumuors", "whole"), "tumuors"),
    ],
)
def test_a_wrong_call_says_what_is_right(arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(WrongCall, match=message):
        call("lineage", *arguments)
