"""A training run of `flights` inside the platform, against the same work in one plain script.

Features of January to March, both estimators on them, the baseline, bootstrap intervals of four metrics, ONNX with its
parity, and the frozen profile. The script calls the same functions in turn and keeps nothing. The platform
(`ml-platform train flights --partition 2013-03`) does besides: contracts by Great Expectations with their results,
quarantine, stored and checked tables, leakage, MLflow, gates, promotion, plots, and Dagster's record of every step.
Both are whole processes on the real data, imports included, and must reach the same AUC to the last digit. Seconds are
of CPU.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPT = """\
from pathlib import Path
import sys
import pandas as pd
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
weather = joined["weather"]
joined["weather"] = weather[~(weather["wind_speed"] > 150)]  # 1,048 miles an hour: the contract sets that row aside

MONTHS = ("2013-01", "2013-02", "2013-03")
flights = {month: pd.read_parquet(raw / "flights" / f"{month}.parquet") for month in MONTHS}

def features(month):
    rows, earlier = flights[month], [flights[other] for other in MONTHS if other < month]
    rolling = RollingInputs(spec.rolling, spec.target, pd.concat(earlier) if earlier else None)
    made = build_features(rows, joined, entity=spec.entity, joins=spec.joins, features=spec.features,
                          derivations=derivations, timezone=spec.partitions.timezone, rolling=rolling)
    labels = build_labels(rows, spec.entity, spec.target, timezone=spec.partitions.timezone)
    return made, labels["label"]

made, known = zip(*(features(month) for month in MONTHS))
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
print(evaluation.baseline.candidate["roc_auc"].value)
"""
MEANINGS = {
    "platform_to_script": "CPU of the first training run over that of the plain script; at most 1.5 was asked",
    "unchanged_work_seconds": "CPU of the same command again, beyond its start-up; under 5 was asked",
    "verify_seconds": "CPU of `ml-platform verify` on what the run has stored, start-up included",
    "start_up_seconds": "CPU of importing the command, loading the model's definitions and opening Dagster's instance",
    "repeats": "of each, of which the median counts",
}
START_UP = """\
import dagster as dg
import ml_platform.cli.train
from ml_platform.cli.project import Project
from ml_platform.orchestration.execution.dagster_home import ensure_dagster_home

ensure_dagster_home()
Project.here().definitions("flights")
with dg.DagsterInstance.get():
    pass
"""


def measure(*, quick: bool) -> dict[str, float | int]:
    """Return the seconds of both and their ratio."""
    repeats = 1 if quick else 3
    runs = [_measure_once() for _ in range(repeats)]
    script, first, again, start_up, verify = (sorted(seconds)[repeats // 2] for seconds in zip(*runs, strict=True))
    return {
        "platform_to_script": round(first / script, 2),
        "unchanged_work_seconds": round(again - start_up, 1),
        "platform_seconds": round(first, 1),
        "script_seconds": round(script, 1),
        "unchanged_seconds": round(again, 1),
        "start_up_seconds": round(start_up, 1),
        "verify_seconds": round(verify, 1),
        "repeats": repeats,
    }


def _measure_once() -> tuple[float, float, float, float, float]:
    """Return the seconds of the script, of the first run, of the same run again, of starting up, and of verifying."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "data" / "raw", Path(folder) / "data" / "raw")
        environment = {"ML_PLATFORM_DATA": f"{folder}/data", "DAGSTER_HOME": f"{folder}/dagster"}
        metrics = Path(folder) / "metrics.json"
        train = ["-m", "ml_platform.cli.main", "train", "flights", "--partition", "2013-03", "--metrics", str(metrics)]
        raw, model = str(ROOT / "data" / "raw"), str(ROOT / "ml_platform" / "defs" / "flights")
        script, auc = _cpu_seconds(["-c", SCRIPT, raw, model])
        first, _ = _cpu_seconds(train, environment)
        again, _ = _cpu_seconds(train, environment)
        start_up, _ = _cpu_seconds(["-c", START_UP], environment)
        verify, _ = _cpu_seconds(["-m", "ml_platform.cli.main", "verify"], environment)
        stored = json.loads(metrics.read_text())["candidate"]["roc_auc"]["value"]
    if stored != float(auc):
        raise RuntimeError(f"The script's AUC is {auc}, the platform's {stored}: they do not do the same work")
    return script, first, again, start_up, verify


def _cpu_seconds(arguments: list[str], environment: dict[str, str] | None = None) -> tuple[float, str]:
    """Return the CPU seconds of a Python process with its children, and what it printed.

    Compiled modules are kept, as they are where nobody has switched that off.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    reply = subprocess.run(
        [sys.executable, "-W", "ignore", *arguments],
        check=False,
        env={**kept, **(environment or {})},
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    if reply.returncode != 0:
        raise RuntimeError(f"exit code {reply.returncode}:\n{reply.stderr[-3000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, reply.stdout
