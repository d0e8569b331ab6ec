"""Each gate under attack: a planted bad candidate is stopped, a good one passes, and doubt keeps the gate closed."""

import math

import numpy as np
import pytest

from ml_platform.promotion.evidence import Evidence
from ml_platform.promotion.gates import beats_baseline, not_worse_than_champion, too_good_to_be_true
from ml_platform_tests.promotion.evidence import N_ROWS, champion, gathered, noisy, truth

Y, P = truth()
RANDOM = np.random.default_rng(5).random(N_ROWS)


def with_gain(evidence: Evidence, which: str, **interval: float) -> Evidence:
    """The same evidence with figures of the ROC AUC gain replaced."""
    document = evidence.model_dump()
    document[which]["gain"]["roc_auc"].update(interval)
    return Evidence.from_document(document)


class TestBeatsBaseline:
    @pytest.mark.parametrize("metric", ["roc_auc", "brier_score"])
    def test_a_model_that_knows_something_passes(self, metric: str) -> None:
        result = beats_baseline(gathered(Y, noisy(P, 0.5)), metric=metric)
        assert result.passed
        assert "2,000 rows" in result.reason

    @pytest.mark.parametrize("metric", ["roc_auc", "brier_score"])
    @pytest.mark.parametrize("scores", [RANDOM, np.full(N_ROWS, 0.5), 1 - P], ids=["random", "constant", "upside down"])
    def test_a_model_that_knows_nothing_is_stopped(self, metric: str, scores: np.ndarray) -> None:
        assert not beats_baseline(gathered(Y, scores), metric=metric).passed

    def test_luck_is_stopped_about_as_often_as_the_interval_promises(self) -> None:
        """A useless model on small test sets beats 0.5 half of the time; the gate opens in about 2.5%."""
        rng = np.random.default_rng(8)
        lucky, passed = 0, 0
        for seed in range(200):
            y, _ = truth(100 + seed, 200)
            evidence = gathered(y, rng.random(200), seed=seed)
            lucky += evidence.baseline.gain["roc_auc"].value > 0
            passed += beats_baseline(evidence, metric="roc_auc").passed
        assert 70 <= lucky <= 130
        assert passed <= 14  # 2.5% of 200 is 5; 14 would be seen once in a thousand times at that rate

    def test_a_gain_smaller_than_the_margin_is_stopped(self) -> None:
        evidence = gathered(Y, noisy(P, 0.5))
        gain = evidence.baseline.gain["roc_auc"].low
        assert beats_baseline(evidence, metric="roc_auc", margin=gain - 1e-6).passed
        assert not beats_baseline(evidence, metric="roc_auc", margin=gain).passed

    def test_leaving_out_a_metric_does_not_open_the_gate(self) -> None:
        result = beats_baseline(gathered(Y, P), metric="log_loss")
        assert not result.passed
        assert "log_loss was not evaluated (evaluated: roc_auc, brier_score)" in result.reason


class TestNotWorseThanChampion:
    @pytest.mark.parametrize("metric", ["roc_auc", "brier_score"])
    def test_a_better_and_an_equal_model_pass(self, metric: str) -> None:
        worse = champion(noisy(P, 1.0))
        assert not_worse_than_champion(gathered(Y, P, worse), metric=metric, tolerance=0.01).passed
        assert not_worse_than_champion(gathered(Y, P, champion(P)), metric=metric, tolerance=0.01).passed

    @pytest.mark.parametrize("metric", ["roc_auc", "brier_score"])
    @pytest.mark.parametrize(
        "scores", [noisy(P, 1.5), RANDOM, np.full(N_ROWS, 0.5)], ids=["noisy", "random", "constant"]
    )
    def test_a_worse_model_is_stopped_and_the_reason_names_the_version(self, metric: str, scores: np.ndarray) -> None:
        result = not_worse_than_champion(gathered(Y, scores, champion(P)), metric=metric, tolerance=0.01)
        assert not result.passed
        assert "champion version 7" in result.reason

    def test_a_loss_that_may_be_larger_than_the_tolerance_is_stopped(self) -> None:
        """The value of the loss is tolerable; its interval is not."""
        evidence = with_gain(gathered(Y, P, champion(P)), "champion", value=-0.005, low=-0.02, high=0.01)
        assert not not_worse_than_champion(evidence, metric="roc_auc", tolerance=0.01).passed
        assert not_worse_than_champion(evidence, metric="roc_auc", tolerance=0.021).passed

    def test_the_first_model_passes(self) -> None:
        result = not_worse_than_champion(gathered(Y, P), metric="roc_auc", tolerance=0.01)
        assert (result.passed, result.reason) == (True, "there is no champion yet")

    def test_the_champion_itself_passes_even_on_rows_that_it_has_seen(self) -> None:
        evidence = gathered(Y, P, champion(P, n_unseen=0, is_candidate=True))
        result = not_worse_than_champion(evidence, metric="roc_auc", tolerance=0.01)
        assert (result.passed, result.reason) == (True, "the candidate is the champion, version 7")

    def test_a_champion_that_has_seen_every_row_cannot_be_compared(self) -> None:
        evidence = gathered(Y, P, champion(noisy(P, 2.0), n_unseen=0))
        result = not_worse_than_champion(evidence, metric="roc_auc", tolerance=0.01)
        assert not result.passed
        assert "trained on every row" in result.reason

    def test_a_champion_that_learnt_rows_by_heart_does_not_keep_a_better_model_out(self) -> None:
        unseen = np.arange(N_ROWS) >= 1_000
        cheat = np.where(unseen, noisy(P, 2.0), Y)
        evidence = gathered(Y, P, champion(cheat, n_unseen=1_000))
        assert not_worse_than_champion(evidence, metric="roc_auc", tolerance=0.01).passed

    @pytest.mark.parametrize("n_unseen", [1, 50])
    def test_a_handful_of_unseen_rows_is_too_few(self, n_unseen: int) -> None:
        evidence = gathered(Y, P, champion(noisy(P, 1.0), n_unseen=n_unseen))
        result = not_worse_than_champion(evidence, metric="roc_auc", tolerance=0.01)
        assert not result.passed
        assert "too few" in result.reason


class TestTooGoodToBeTrue:
    def test_a_model_that_knows_the_outcome_is_stopped(self) -> None:
        result = too_good_to_be_true(gathered(Y, np.where(Y == 1, 0.99, 0.01)), metric="roc_auc")
        assert not result.passed
        assert "above 0.995" in result.reason

    def test_an_honest_model_passes(self) -> None:
        assert too_good_to_be_true(gathered(Y, noisy(P, 0.5)), metric="roc_auc").passed

    def test_what_is_believed_can_be_stated(self) -> None:
        assert too_good_to_be_true(gathered(Y, Y * 1.0), metric="roc_auc", most=1.0).passed
        assert not too_good_to_be_true(gathered(Y, P), metric="roc_auc", most=0.6).passed

    def test_a_metric_without_a_known_bound_needs_one(self) -> None:
        result = too_good_to_be_true(gathered(Y, P), metric="brier_score")
        assert not result.passed
        assert "give the gate 'most'" in result.reason


@pytest.mark.parametrize("figure", ["value", "low", "high"])
@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_figure_that_is_no_number_closes_both_gates(figure: str, number: float) -> None:
    evidence = gathered(Y, P, champion(noisy(P, 1.0)))
    assert not beats_baseline(with_gain(evidence, "baseline", **{figure: number}), metric="roc_auc").passed
    broken = with_gain(evidence, "champion", **{figure: number})
    assert not not_worse_than_champion(broken, metric="roc_auc", tolerance=0.01).passed
