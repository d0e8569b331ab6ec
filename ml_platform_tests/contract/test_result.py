import json

import pandas as pd
import pytest

from ml_platform.contract import ValidationResult
from ml_platform.contract.validation import validate
from ml_platform_tests.contract.frames import valid_frame
from ml_platform_tests.contract.small import shipped

# Great Expectations imports modules of the standard library that are on their way out
pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")


def test_a_result_survives_json_and_its_rejected_rows_a_table() -> None:
    weather = shipped("weather")
    frame = valid_frame(weather, 50, 1)
    frame.loc[3, "wind_speed"] = -1.0
    frame.loc[3, "origin"] = "XYZ"
    validation = validate(weather, frame, file="weather.parquet", window=None)
    again = ValidationResult.from_document(json.loads(json.dumps(validation.to_document())), validation.rejected)
    assert again == validation
    assert (again.passed, again.n_quarantined) == (False, 1)
    pd.testing.assert_frame_equal(again.rejected, validation.rejected)
    assert len(ValidationResult.from_document(validation.to_document()).rejected) == 0
