"""The observations name what somebody should look at."""

import numpy as np
import pandas as pd

from ml_platform.exploration.explore import explore
from ml_platform.exploration.observations import observe
from ml_platform_tests.exploration.awkward import awkward
from ml_platform_tests.exploration.windows import window


def test_observations_name_what_somebody_should_look_at() -> None:
    looked = {seen.topic: seen.text for seen in observe(explore(awkward("binary"))) if seen.look}
    assert looked["rows"].endswith("test 0")
    assert looked["infinite"] == "infinite values in huge; training rejects them"
    assert looked["train and test"].startswith("not compared")
    assert looked["target"].endswith("test has no <i>no; test has no yes")
    texts = [seen.text for seen in observe(explore(awkward("binary")))]
    assert "no value at all: empty" in texts
    assert "one value only: constant" in texts


def test_a_leak_a_shift_and_shared_rows_are_observations() -> None:
    rng = np.random.default_rng(6)
    y = np.arange(600) % 2
    columns = pd.DataFrame({"leak": y + 0.01 * rng.normal(size=600), "clock": np.arange(600.0)})
    columns.loc[590:] = columns.loc[[0] * 10].to_numpy()
    looked = {seen.topic: seen.text for seen in observe(explore(window(columns, y))) if seen.look}
    assert looked["train and test"].startswith("told apart with AUC 0.9")
    assert "clock 1.00" in looked["train and test"]
    assert "10 of test" in looked["duplicates"]
    assert looked["associations"] == "AUC of leak 1.00, clock 0.50; that strong, ask whether it is a leak"
