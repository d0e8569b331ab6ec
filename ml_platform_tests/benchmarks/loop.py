"""The demo's machine learning inside the platform, against the same work in one plain script.

Features of January to April, both estimators on January to March, the baseline, bootstrap intervals of four metrics,
ONNX with its parity, April's predictions and their PSI. The script calls the same functions in turn and keeps nothing.
The platform does the same through its jobs, and besides: contracts by Great Expectations with their validations,
quarantine, stored and checked tables, MLflow, gates, promotion, Evidently's report, and Dagster's record of every step.
Both are whole processes, imports included, on the real data; a first run of the platform also makes MLflow's database.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = """\
from pathlib import Path
import sys
import pandas as pd
from ml_platform.drift.compare import compare
from ml_platform.drift.count import count_bins
from ml_platform.drift.binning import build_profile
from ml_platform.evaluation.evaluation import evaluate_candidate
from ml_platform.evaluation.metrics import METRICS
from ml_platform.features.rolling import RollingInputs
from ml_platform.features.build import build_features
from ml_platform.features.derivations import load_derivations
from ml_platform.features.labels import build_labels
from ml_platform.spec import load_spec
from ml_platform.training.export import validate_parity, to_onnx
from ml_platform.training.onnx_model import OnnxModel
from ml_platform.training.baseline import fit_baseline
from ml_platform.training.fit import fit_candidate
from ml_platform.training.split import split_in_time

raw, folder = Path(sys.argv[1]), Path(sys.argv[2])
spec = load_spec(folder)
kinds = {feature.name: feature.kind for feature in spec.features}
named = [feature.derive for feature in spec.features if feature.derive] + [spec.rolling.available_at.derive]
derivations = load_derivations(folder / "features.py", named)
joined = {join.table: pd.read_parquet(raw / f"{join.table}.parquet") for join in spec.joins}

MONTHS = ("2013-01", "2013-02", "2013-03", "2013-04")
flights = {month: pd.read_parquet(raw / "flights" / f"{month}.parquet") for month in MONTHS}

def features(month):
    rows, earlier = flights[month], [flights[other] for other in MONTHS if other < month]
    rolling = RollingInputs(spec.rolling, spec.target, pd.concat(earlier) if earlier else None)
    made = build_features(rows, joined, entity=spec.entity, joins=spec.joins, features=spec.features,
                          derivations=derivations, timezone=spec.partitions.timezone, rolling=rolling)
    labels = build_labels(rows, spec.entity, spec.target, timezone=spec.partitions.timezone)
    return made, labels["label"]

made, known = zip(*(features(month) for month in MONTHS[:3]))
frame, labels = pd.concat(made, ignore_index=True), pd.concat(known, ignore_index=True)
frame, labels = frame[labels.notna()].reset_index(drop=True), labels.dropna().to_numpy(dtype=int)
settings = spec.training
split = split_in_time(frame["event_time"], frame[list(spec.entity.key)], validation_share=settings.validation_share,
                      test_share=settings.test_share, seed=settings.seed)
metric = METRICS[settings.select_by]
candidate = fit_candidate(frame, labels, split, kinds, settings, task=spec.task, metric=metric.function,
                          greater_is_better=metric.greater_is_better)
model = OnnxModel.from_bytes(to_onnx(candidate.pipeline, kinds, model_name="flights"))
validate_parity(candidate.pipeline, model, frame, task=spec.task)
scores = model.predict(frame)
baseline = fit_baseline(labels, split, task=spec.task).predict(len(split.test))
chosen = spec.evaluation
evaluation = evaluate_candidate(labels[split.test], scores[split.test], baseline, None, metrics=spec.metrics,
                                resamples=chosen.resamples, confidence=chosen.confidence, seed=settings.seed)
profile = build_profile(frame.assign(score=scores), {**kinds, "score": "number"}, bins=spec.drift.bins)
april, _ = features(MONTHS[3])
april = april.assign(score=model.predict(april))
report = compare(profile, count_bins(april, profile), spec.drift)
print(evaluation.baseline.candidate["roc_auc"].value, sum(column.level == "critical" for column in report.columns))
"""
MEANINGS = {
    "platform_to_script": "seconds of the platform's jobs over the plain script: what keeping and checking cost",
    "repeats": "runs of each, of which the median counts",
}
PLATFORM = """\
import dagster as dg
from ml_platform.definitions import defs
from ml_platform.orchestration.execution.run_job import run_job

definitions = defs()
with dg.DagsterInstance.get() as instance:
    for verb, month in (("ingest", "2013-01"), ("ingest", "2013-02"), ("train", "2013-03"), ("score", "2013-04")):
        outcome = run_job(definitions, instance, f"flights_{verb}", partition=month)
        assert outcome.success, outcome.problems
"""


def measure(*, quick: bool) -> dict[str, float | int]:
    """Return the seconds of both and their ratio."""
    repeats = 1 if quick else 3
    pairs = [(platform(), script()) for _ in range(repeats)]
    inside, plain = (sorted(seconds)[repeats // 2] for seconds in zip(*pairs, strict=True))
    return {
        "platform_seconds": round(inside, 1),
        "script_seconds": round(plain, 1),
        "platform_to_script": round(inside / plain, 2),
        "repeats": repeats,
    }


def script() -> float:
    """Return the seconds of the plain script."""
    return _seconds(SCRIPT, str(ROOT / "data" / "raw"), str(ROOT / "ml_platform" / "defs" / "flights"))


def platform() -> float:
    """Return the seconds of the platform's jobs in a new installation."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "data" / "raw", Path(folder) / "data" / "raw")
        dagster_home = Path(folder) / "dagster"
        dagster_home.mkdir()
        variables = {"ML_PLATFORM_DATA": f"{folder}/data", "DAGSTER_HOME": str(dagster_home)}
        return _seconds(PLATFORM, environment=variables)


def _seconds(code: str, *arguments: str, environment: dict[str, str] | None = None) -> float:
    started = time.perf_counter()
    reply = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, *arguments],
        check=False,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    if reply.returncode != 0:
        raise RuntimeError(f"exit code {reply.returncode}:\n{reply.stderr[-3000:]}")
    return time.perf_counter() - started
