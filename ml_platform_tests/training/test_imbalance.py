"""Balanced classes count alike while a model learns; its probabilities stay those of the rows as they are."""

import numpy as np
import pytest
from sklearn.svm import SVC

from ml_platform.training.export import to_onnx, validate_parity
from ml_platform.training.fit import fit_candidate, predict
from ml_platform.training.imbalance import IMBALANCE, restore_priors
from ml_platform.training.model_input import as_model_input
from ml_platform.training.onnx_model import OnnxModel
from ml_platform.training.settings import TrainingSettings
from ml_platform_tests.every.test_every_training_choice import QUICK, fit
from ml_platform_tests.training.data import KINDS, rows, split


@pytest.mark.parametrize("name", QUICK)
@pytest.mark.parametrize("imbalance", [name for name in IMBALANCE if name != "none"])
def test_balanced_classes_leave_probabilities_those_of_the_rows_as_they_are(imbalance: str, name: str) -> None:
    """Uncorrected, the rare class would be overstated several times.

    Small assets of a forest are pure too often, which no ratio corrects: a forest on few, drawn rows still overstates.
    """
    frame, labels = rows(4000)
    rare = np.where(np.random.default_rng(5).random(len(labels)) < 0.15, labels, 0)
    settings = TrainingSettings(seed=3, select_by="accuracy", estimators={name: QUICK[name]}, imbalance=imbalance)
    parts = split(frame)
    candidate = fit_candidate(
        frame, rare, parts, KINDS, settings, task="binary", metric=lambda *_: 1.0, greater_is_better=True
    )
    said = predict(candidate.pipeline, as_model_input(frame.iloc[parts.test], KINDS), "binary")
    share = rare[parts.test].mean()
    assert abs(said.mean() - share) < (0.8 if (imbalance, name) == ("undersample", "random_forest") else 0.35) * share
    validate_parity(
        candidate.pipeline,
        OnnxModel.from_bytes(to_onnx(candidate.pipeline, KINDS, model_name="m")),
        frame,
        task="binary",
    )


@pytest.mark.parametrize("name", QUICK)
@pytest.mark.parametrize("imbalance", [name for name in IMBALANCE if name != "none"])
def test_three_balanced_classes_are_restored_too(imbalance: str, name: str) -> None:
    _, usual = rows()
    labels = np.where(np.arange(len(usual)) % 5 == 0, 2, usual)
    pipeline = fit({"imbalance": imbalance}, name, labels).pipeline
    frame, _ = rows()
    said = predict(pipeline, as_model_input(frame, KINDS), "multiclass")
    np.testing.assert_allclose(said.sum(axis=1), 1, atol=1e-9)
    np.testing.assert_allclose(said.mean(axis=0), np.bincount(labels) / len(labels), atol=0.1)
    validate_parity(pipeline, OnnxModel.from_bytes(to_onnx(pipeline, KINDS, model_name="m")), frame, task="multiclass")


@pytest.mark.parametrize("name", IMBALANCE)
def test_classes_count_alike_and_only_train_rows_are_drawn(name: str) -> None:
    labels = np.repeat([0, 1, 2], [80, 15, 5])
    balanced = IMBALANCE[name](labels, 7)
    again = IMBALANCE[name](labels, 7)
    np.testing.assert_array_equal(balanced.positions, again.positions)
    assert set(balanced.positions) <= set(range(100))
    counted = np.bincount(labels[balanced.positions], weights=balanced.weights)
    np.testing.assert_allclose(counted / counted.sum(), [0.8, 0.15, 0.05] if name == "none" else [1 / 3] * 3)
    np.testing.assert_allclose(balanced.prior_ratios(labels) * counted / counted.sum(), [0.8, 0.15, 0.05])


def test_an_estimator_without_a_correction_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="SVC has no correction"):
        restore_priors(SVC(), np.ones(2))
