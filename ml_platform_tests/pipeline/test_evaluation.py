"""An evaluation measures candidate and baseline on the test rows, and draws them."""

from ml_platform.pipeline.evaluation import evaluate
from ml_platform.pipeline.training_rows import load_training_rows
from ml_platform_tests.loop import Loop


def test_the_figures_and_pictures_of_an_evaluation(loop: Loop) -> None:
    made = loop.made["evaluate"]
    assert made.document["baseline"]["n_rows"] == len(
        load_training_rows(loop.model, loop.stores, None, loop.run).split.test
    )
    assert made.document["champion_version"] is None
    assert set(made.pictures) == {"ROC curve", "Calibration"}
    assert all(png.startswith(b"\x89PNG") for png in made.pictures.values())


def test_a_candidate_that_became_champion_is_not_compared_with_itself(loop: Loop) -> None:
    again = loop.again(evaluate)
    assert again.kept
    assert (again.document, again.pictures) == (loop.made["evaluate"].document, {})
