"""The candidate, the baseline and the champion on the same unseen rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ml_platform.orchestration.asset import Asset, AssetKind, Made, Step
from ml_platform.orchestration.metadata import estimates, image
from ml_platform.pipeline.scorer import Scorer, current_champion, score
from ml_platform.pipeline.training_rows import TrainingRows, load_training_rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike

    from ml_platform.evaluation.evaluation import Champion, Evaluation


def evaluation_kind() -> AssetKind:
    """Return the kind that measures a candidate."""
    asset = Asset(
        "evaluation",
        "Candidate, baseline and champion on the test rows that none of them was trained on, with bootstrap intervals.",
        frozenset({"scikitlearn", "mlflow"}),
    )
    return AssetKind("evaluation", (asset,), _evaluate, deps=["candidate", "baseline"])


def _evaluate(step: Step) -> Iterator[Made]:
    from ml_platform.evaluation.evaluation import evaluate_candidate
    from ml_platform.evaluation.pictures import plots, points

    spec, stores = step.model.spec, step.stores
    rows = load_training_rows(step.model, stores, step.partition)
    candidate = stores.documents.read(step.artifact("candidate"))
    test = rows.split.test
    labels, frame = rows.labels[test], rows.frame.iloc[test]
    onnx = stores.runs.load_candidate(candidate["run_id"], candidate["onnx_sha256"])
    scores: dict[str, ArrayLike] = {"candidate": score(onnx, frame), "baseline": _baseline_scores(step, rows)}
    champion = _champion(step, rows, candidate["onnx_sha256"])
    evaluation = evaluate_candidate(
        labels,
        scores["candidate"],
        scores["baseline"],
        champion,
        metrics=spec.metrics,
        resamples=spec.evaluation.resamples,
        confidence=spec.evaluation.confidence,
        seed=spec.training.seed,
        class_names=step.model.output.class_names,
    )
    curves = points(step.model.output, labels, scores["candidate"])
    document = {**evaluation.to_document(), "curves": curves}
    inputs = {**rows.versions, str(step.artifact("candidate")): candidate["onnx_sha256"]}
    manifest = stores.documents.write(step.artifact("evaluation"), document, inputs=inputs, run_id=step.run_id)
    stores.runs.log_evaluation(candidate["run_id"], document)
    if champion is not None:
        scores["champion"] = champion.scores
    pictures = {
        title.lower().replace(" ", "_"): image(png, title)
        for title, png in plots(step.model.output, labels, scores).items()
    }
    yield Made("evaluation", manifest.version, manifest, _metadata(evaluation) | pictures)


def _baseline_scores(step: Step, rows: TrainingRows) -> np.ndarray:
    from ml_platform.training.fit import Baseline

    return Baseline(**step.stores.documents.read(step.artifact("baseline"))).predict(len(rows.split.test))


def _champion(step: Step, rows: TrainingRows, candidate_sha256: str) -> Champion | None:
    """Return the champion's scores of the test rows, and which of them it has not seen."""
    from ml_platform.evaluation.evaluation import Champion

    version = current_champion(step.stores, step.model.name)
    if version is None:
        return None
    scorer = Scorer.load(step.stores, version, step.model.output)
    frame = rows.frame.iloc[rows.split.test]
    return Champion(
        version=version.version,
        scores=scorer.score(frame),
        unseen=scorer.unseen_rows(frame),
        is_candidate=version.onnx_sha256 == candidate_sha256,
    )


def _metadata(evaluation: Evaluation) -> dict[str, Any]:
    document = evaluation.to_document()
    shown = {"candidate": document["baseline"]["candidate"], "baseline": document["baseline"]["other"]}
    if document["champion"] is not None:
        shown["champion"] = document["champion"]["other"]
    return {
        "dagster/row_count": document["baseline"]["n_rows"],
        "metrics": estimates(shown),
        "champion_version": document["champion_version"] or "none yet",
        "rows_the_champion_has_not_seen": document["n_unseen"] if document["n_unseen"] is not None else "no champion",
    }
