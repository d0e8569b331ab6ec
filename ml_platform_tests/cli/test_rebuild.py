"""`ml-platform rebuild` ends with 0 when the retrained model is the recorded one, byte for byte."""

from __future__ import annotations

import json

import pytest

from ml_platform.errors import WrongCall
from ml_platform.pipeline.rebuild import Rebuilt
from ml_platform_tests.cli.called import call
from ml_platform_tests.scaffold.project import ForeignProject

OTHER = Rebuilt(
    model="tumours",
    version="1",
    recorded_onnx="a",
    rebuilt_onnx="b",
    n_rows=569,
    max_abs_difference=0.25,
    recorded_code="c",
    code="d",
    code_differs=("the model was trained by commit c, this is d",),
)


def test_the_champion_comes_back_byte_for_byte_and_the_report_says_so(shop: ForeignProject) -> None:
    said = call("rebuild", "tumours", "--into", "clean").stdout
    assert "tumours version 1, trained again: the recorded model, byte for byte." in said
    assert "at most 0.0e+00 on 569 rows. See clean/report.json" in said
    report = json.loads((shop.root / "clean" / "report.json").read_text())
    assert report["recorded_onnx"] == report["rebuilt_onnx"]
    with pytest.raises(WrongCall, match="is not empty"):
        call("rebuild", "tumours", "--into", "clean")


@pytest.mark.usefixtures("shop")
def test_another_model_ends_with_1_and_code_that_differs_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ml_platform.pipeline.rebuild.rebuild", lambda *_, **__: OTHER)
    result = call("rebuild", "tumours", "--into", "clean", code=1)
    assert "NOT the recorded model. Its predictions differ by at most 2.5e-01 on 569 rows" in result.stdout
    assert result.stderr == "warning: the model was trained by commit c, this is d\n"


def test_without_a_folder_nothing_is_trained() -> None:
    assert "--into" in call("rebuild", "tumours", code=2).stderr
