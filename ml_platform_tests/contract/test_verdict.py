import json

import pandas as pd
import pytest

from ml_platform.contract import Verdict, evaluate
from ml_platform_tests.contract.frames import valid_frame
from ml_platform_tests.contract.small import shipped

# Great Expectations imports modules of the standard library that are on their way out
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")


def test_a_verdict_survives_json_and_its_rejected_rows_a_table() -> None:
    weather = shipped("weather")
    frame = valid_frame(weather, 50, 1)
    frame.loc[3, "wind_speed"] = -1.0
    frame.loc[3, "origin"] = "XYZ"
    verdict = evaluate(weather, frame, file="weather.parquet", window=None)
    again = Verdict.from_document(json.loads(json.dumps(verdict.to_document())), verdict.rejected)
    assert again == verdict
    assert (again.passed, again.n_quarantined) == (False, 1)
    pd.testing.assert_frame_equal(again.rejected, verdict.rejected)
    assert len(Verdict.from_document(verdict.to_document()).rejected) == 0
