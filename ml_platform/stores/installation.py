"""Where everything is kept. The environment is read here and nowhere else."""

import os
from dataclasses import dataclass
from pathlib import Path

DATA = "ML_PLATFORM_DATA"
TRACKING = "MLFLOW_TRACKING_URI"
MLFLOW_UI = "ML_PLATFORM_MLFLOW_UI"
REPORTS_URL = "ML_PLATFORM_REPORTS_URL"


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

    @classmethod
    def from_environment(cls) -> "Installation":
        """Read the four variables named above; without them all is in ``./data``, MLflow's SQLite database too."""
        data = Path(os.environ.get(DATA, "data")).resolve()
        default = f"sqlite:///{data / 'mlflow' / 'mlflow.db'}"
        return cls(
            data,
            os.environ.get(TRACKING, default),
            os.environ.get(MLFLOW_UI, cls.mlflow_ui),
            os.environ.get(REPORTS_URL, cls.reports_url),
        )

    @property
    def raw(self) -> Path:
        """DVC's folder."""
        return self.data / "raw"

    @property
    def dvc_lock(self) -> Path:
        """The file that records the hash of each raw file."""
        return self.data.parent / "dvc.lock"

    @property
    def tables(self) -> Path:
        """Root of the table store."""
        return self.data / "tables"

    @property
    def documents(self) -> Path:
        """Root of the document store."""
        return self.data / "documents"

    @property
    def ledger(self) -> Path:
        """Folder of the ledger."""
        return self.data / "ledger"

    @property
    def reports(self) -> Path:
        """Folder of the HTML reports."""
        return self.data / "reports"
