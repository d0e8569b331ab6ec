"""A candidate is compared with the champion only on rows that the champion has not seen."""

import json

import numpy as np
import pytest

from ml_platform.errors import DataError
from ml_platform.evaluation.evaluation import Champion, Evaluation, evaluate_candidate

N_ROWS = 800
RNG = np.random.default_rng(11)
CANDIDATE = RNG.random(N_ROWS)
Y = (RNG.random(N_ROWS) < CANDIDATE).astype(int)
BASELINE = np.full(N_ROWS, Y.mean())


def evaluation(champion: Champion | None = None) -> Evaluation:
    metrics = ["roc_auc", "brier_score"]
    return evaluate_candidate(Y, CANDIDATE, BASELINE, champion, metrics=metrics, resamples=100, confidence=0.9, seed=3)


def test_without_a_champion_only_the_baseline_is_compared() -> None:
    found = evaluation()
    assert (found.champion, found.champion_version, found.n_unseen) == (None, None, None)
    assert found.baseline.other["roc_auc"].value == 0.5
    assert found.baseline.gain["brier_score"].low > 0
    assert found.baseline.class_counts == {"0": int((Y == 0).sum()), "1": int((Y == 1).sum())}


def test_classes_are_counted_by_name() -> None:
    found = evaluate_candidate(
        Y,
        CANDIDATE,
        BASELINE,
        metrics=["roc_auc"],
        resamples=100,
        confidence=0.9,
        seed=3,
        class_names=["on time", "late"],
    )
    assert found.baseline.class_counts == {"on time": int((Y == 0).sum()), "late": int((Y == 1).sum())}


def test_rows_that_the_champion_has_seen_do_not_count() -> None:
    # The champion has learnt the first 500 rows by heart and knows nothing about the others.
    unseen = np.arange(N_ROWS) >= 500
    scores = np.where(unseen, 0.5, Y)
    found = evaluation(Champion("4", scores, unseen))
    assert found.champion is not None
    assert (found.n_unseen, found.champion.n_rows) == (300, 300)
    assert found.champion.other["roc_auc"].value == 0.5
    assert found.champion.gain["roc_auc"].low > 0


@pytest.mark.parametrize("n_unseen", [0, 1])
def test_too_few_unseen_rows_leave_no_comparison_and_say_so(n_unseen: int) -> None:
    found = evaluation(Champion("4", CANDIDATE, np.arange(N_ROWS) < n_unseen))
    assert found.champion is None
    assert (found.champion_version, found.n_unseen) == ("4", n_unseen)


def test_the_same_input_gives_the_same_document_and_it_is_json() -> None:
    champion = Champion("4", CANDIDATE**2, np.ones(N_ROWS, bool), is_candidate=False)
    first, again = (json.dumps(evaluation(champion).to_document(), allow_nan=False) for _ in range(2))
    assert first == again


def test_a_champion_of_other_rows_is_refused() -> None:
    with pytest.raises(DataError, match="champion version 4: 3 scores and 800 marks of unseen rows for 800 labels"):
        evaluation(Champion("4", CANDIDATE[:3], np.ones(N_ROWS, bool)))
