"""The candidate, the baseline and the champion on the same test rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import ArrayLike

from ml_platform.errors import ModelError, RegistryUnavailable
from ml_platform.pipeline.baseline import load_baseline
from ml_platform.pipeline.candidate import forget_candidate, load_candidate
from ml_platform.pipeline.model import Model
from ml_platform.pipeline.run import RunContext
from ml_platform.pipeline.scorer import Scorer, current_champion, score
from ml_platform.pipeline.stored import StoredDocument, definition_inputs, kept_document
from ml_platform.pipeline.training_rows import TrainingRows, load_training_rows
from ml_platform.stores.artifact import make
from ml_platform.stores.stores import Stores

CHAMPION = "champion"
"""Input of an evaluation: SHA-256 of the champion's ONNX, empty where there is none."""


@dataclass(frozen=True)
class EvaluatedCandidate(StoredDocument):
    """What the gates read, see `Evaluation.to_document`, and the points of the curves."""

    pictures: Mapping[str, bytes] = field(default_factory=dict)
    """PNG of each plot by title; empty when the evaluation was kept."""


def evaluate(model: Model, stores: Stores, partition: str | None, run: RunContext) -> EvaluatedCandidate:
    """Measure the candidate on the test rows, beside the baseline and the champion.

    An evaluation is kept while candidate, rows, definition and champion are the same. It is also kept when its
    candidate has become the champion: a comparison with itself would say nothing.
    """
    rows = load_training_rows(model, stores, partition, run)
    artifact = model.artifact("evaluation", partition)
    candidate = load_candidate(model, stores, partition, rows)
    champion = stores.ledger(model.name).champion()
    baseline = stores.documents.require(model.artifact("baseline", partition))
    inputs = {
        **rows.versions,
        **definition_inputs(model, "evaluation"),
        str(model.artifact("candidate", partition)): candidate["onnx_sha256"],
        "candidate run": candidate["run_id"],
        str(model.artifact("baseline", partition)): baseline.version,
        CHAMPION: champion.onnx_sha256 if champion else "",
    }
    before = stores.documents.manifest(artifact) if inputs[CHAMPION] == candidate["onnx_sha256"] else None
    same = {**inputs, CHAMPION: before.inputs.get(CHAMPION, "")} if before else inputs
    if kept := kept_document(stores, artifact, same, run):
        return EvaluatedCandidate(kept.manifest, kept.document, kept=True)
    document, pictures = _evaluate(model, stores, partition, rows, candidate)
    stores.runs.log_evaluation(candidate["run_id"], document, pictures)  # first: once it is stored here, it is kept
    manifest = stores.documents.write(artifact, document, inputs=inputs, run_id=run.run_id)
    return EvaluatedCandidate(manifest, document, kept=False, pictures=pictures)


def _evaluate(
    model: Model, stores: Stores, partition: str | None, rows: TrainingRows, candidate: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return the document and the plots of an evaluation."""
    from ml_platform.evaluation.evaluation import Champion, evaluate_candidate
    from ml_platform.evaluation.plots import plots, points

    spec, test = model.spec, rows.split.test
    labels, frame = rows.labels[test], rows.frame.iloc[test]
    onnx = _load_onnx(model, stores, partition, candidate)
    scores: dict[str, ArrayLike] = {
        "candidate": score(onnx, frame),
        "baseline": load_baseline(model, stores, partition).predict(len(test)),
    }
    champion, version = None, current_champion(stores, model.name)
    if version is not None:
        scorer = Scorer.load(stores, version, model.output)
        is_candidate = version.onnx_sha256 == candidate["onnx_sha256"]
        champion = Champion(version.version, scorer.score(frame), scorer.unseen_rows(frame), is_candidate)
        scores["champion"] = champion.scores
    evaluation = evaluate_candidate(
        labels,
        scores["candidate"],
        scores["baseline"],
        champion,
        metrics=spec.metrics,
        resamples=spec.evaluation.resamples,
        confidence=spec.evaluation.confidence,
        seed=spec.training.seed,
        class_names=model.output.class_names,
    )
    curves = points(model.output, labels, scores["candidate"])
    return {**evaluation.to_document(), "curves": curves}, plots(model.output, labels, scores)


def _load_onnx(model: Model, stores: Stores, partition: str | None, candidate: dict[str, Any]) -> bytes:
    """Return the candidate's ONNX. One that MLflow has lost is forgotten, so that the next run trains it again."""
    try:
        onnx: bytes = stores.runs.load_candidate(candidate["run_id"], candidate["onnx_sha256"])
    except RegistryUnavailable:
        raise
    except ModelError as error:
        forget_candidate(model, stores, partition, candidate)
        raise ModelError(f"{error}. {make(model.artifact('evaluation', partition))}") from error
    return onnx
