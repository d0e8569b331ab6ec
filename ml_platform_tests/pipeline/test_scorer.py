"""A registered version is verified when it is read, and scores rows."""

import numpy as np

from ml_platform.pipeline.scorer import Scorer, current_champion
from ml_platform_tests.pipeline.conftest import Loop


def test_the_champion_scores_as_it_did_for_the_predictions(loop: Loop) -> None:
    champion = current_champion(loop.stores, "tumours")
    assert champion is not None
    scorer = Scorer.load(loop.stores, champion, loop.model.output)
    frame = loop.made["make_features"].frame
    np.testing.assert_array_equal(scorer.score(frame), loop.made["predict"].frame["score"])
    assert scorer.unseen_rows(frame).sum() == loop.made["predict"].n_unseen
