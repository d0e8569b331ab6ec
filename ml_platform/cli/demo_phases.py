"""The runs that the demo is made of, and what they depend on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ml_platform.stores.dvc import recorded_md5
from ml_platform.stores.files import digest
from ml_platform.stores.stores import Stores

MODEL = "flights"


@dataclass(frozen=True)
class Phase:
    """One run of the demo."""

    title: str
    verb: str
    partition: str

    @property
    def job(self) -> str:
        """What is run."""
        return f"{MODEL}_{self.verb}"


BEFORE_DRIFT = (
    Phase("January: the first model", "train", "2013-01"),
    Phase("January is scored", "score", "2013-01"),
    Phase("February arrives", "ingest", "2013-02"),
    Phase("March: a model of three months against the champion", "train", "2013-03"),
    Phase("April arrives, and is scored", "score", "2013-04"),
)
RETRAIN = Phase("April: the retrain that drift asked for", "train", "2013-04")
AFTER_DRIFT = Phase("May is scored by the champion", "score", "2013-05")


def fingerprint(stores: Stores) -> str:
    """Return a digest of all that the demo uses: its raw files as DVC records them, its model, the platform's code."""
    package = Path(__file__).parents[1]
    months = {phase.partition for phase in (*BEFORE_DRIFT, RETRAIN, AFTER_DRIFT)}
    raw = [f"{MODEL}/{month}.parquet" for month in sorted(months)] + ["weather.parquet", "planes.parquet"]
    lock = stores.installation.dvc_lock
    recorded = [recorded_md5(stores.installation.raw / file, lock) or "" for file in raw]
    models, ours = package / "defs", package / "defs" / MODEL
    code = [file for file in package.rglob("*.py") if models not in file.parents]
    own = [file for file in ours.rglob("*") if file.suffix in (".py", ".yaml")]
    return digest("\n".join(recorded + [digest(file.read_bytes()) for file in sorted(code + own)]).encode())[:16]
