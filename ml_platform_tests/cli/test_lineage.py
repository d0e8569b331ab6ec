"""`ml-platform lineage` tells both directions in lines, as a tree and as JSON; a wrong call is no empty answer."""

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
    assert call("lineage", "prediction", one, "--output", "tree").stdout.startswith(f"prediction {one}\n")
    said = call("lineage", "prediction", one).stdout.splitlines()
    assert len(said) == 5
    assert said[0].startswith(f"prediction {one} of tumours: ")
    assert "version 1, registered and promoted, trained as of all on 1 raw file (569 rows, 0 quar" in said[2]
    told = json.loads(call("lineage", "prediction", one, "--output", "json").stdout)
    assert (told["id"], told["trained"]["version"]) == (one, "1")
    (source,) = told["sources"]
    stores = Stores(Installation.from_environment())
    assert source["md5"] == stores.raw.hash("tumours", None)


def test_a_partition_leads_forward_to_models_and_predictions() -> None:
    assert call("lineage", "data", "tumours", "whole", "--output", "tree").stdout.startswith("tumours whole\n")
    assert call("lineage", "data", "tumours", "whole").stdout.splitlines() == [
        "tumours whole: 1 raw file (569 rows, 0 quarantined, contracts passed)",
        "  versions of features and labels: 2, of which 2 in use",
        "  models trained on it: 1 (version 1 as of all, promoted)",
        "  predictions: 569, of which 569 in use",
        "  all of it: --output tree, or --output json",
    ]
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
