"""Where everything is kept. The environment is read here and nowhere else."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

DATA = "ML_PLATFORM_DATA"
DATABASE = "ML_PLATFORM_DATABASE_URL"
STORE = "ML_PLATFORM_STORE_URL"
RAW = "ML_PLATFORM_RAW_URL"
TRACKING = "MLFLOW_TRACKING_URI"
MLFLOW_UI = "ML_PLATFORM_MLFLOW_UI"
REPORTS_URL = "ML_PLATFORM_REPORTS_URL"
DAGSTER_UI = "ML_PLATFORM_DAGSTER_UI"

DATABASE_FILE = "ml_platform.db"
"""Name of the SQLite database in the data folder."""


@dataclass(frozen=True)
class Installation:
    """Folders and addresses of one installation."""

    data: Path
    """Everything that is fetched or made; absolute."""
    tracking_uri: str
    """MLflow's database or server."""
    mlflow_ui: str = "http://127.0.0.1:5000"
    """Address of MLflow's UI, for links; by default the one that ``ml-platform dev`` opens."""
    reports_url: str = "http://127.0.0.1:3001"
    """Address at which the HTML reports are served, for links; likewise."""
    database_url: str = ""
    """Database of the facts: ``postgresql://…``; by default SQLite below `data`."""
    store_url: str = ""
    """Object store of the content: ``s3://…``, ``gs://…``, ``az://…``; by default a folder below `data`."""
    raw_url: str = ""
    """Where the raw files are, likewise; by default the folder that DVC fills."""
    dagster_ui: str = "http://127.0.0.1:3000"
    """Address of Dagster's UI, for links; by default the one that ``ml-platform dev`` opens."""

    def __post_init__(self) -> None:
        defaults = {
            "database_url": f"sqlite:///{quote(str(self.data / DATABASE_FILE))}",
            "store_url": (self.data / "objects").absolute().as_uri(),
            "raw_url": self.raw.absolute().as_uri(),
        }
        for name, default in defaults.items():
            object.__setattr__(self, name, getattr(self, name) or default)

    @classmethod
    def from_environment(cls) -> "Installation":
        """Read the variables named above; without them everything is under ``./data``, MLflow's database too."""
        data = Path(os.environ.get(DATA, "data")).resolve()
        default = f"sqlite:///{data / 'mlflow' / 'mlflow.db'}"
        return cls(
            data,
            os.environ.get(TRACKING, default),
            os.environ.get(MLFLOW_UI, cls.mlflow_ui),
            os.environ.get(REPORTS_URL, cls.reports_url),
            os.environ.get(DATABASE, ""),
            os.environ.get(STORE, ""),
            os.environ.get(RAW, ""),
            os.environ.get(DAGSTER_UI, cls.dagster_ui),
        )

    @property
    def raw(self) -> Path:
        """DVC's folder."""
        return self.data / "raw"

    @property
    def dvc_lock(self) -> Path:
        """The file that records the hash of each raw file."""
        return self.data.parent / "dvc.lock"
