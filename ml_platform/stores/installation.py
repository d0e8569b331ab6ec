"""Where everything is kept. The environment is read here and nowhere else."""

import json
import os
from dataclasses import dataclass
from operator import methodcaller
from pathlib import Path
from urllib.parse import quote

from ml_platform.errors import SettingError
from ml_platform.stores.files import to_json, write_atomically

DATA = "ML_PLATFORM_DATA"
DATABASE = "ML_PLATFORM_DATABASE_URL"
STORE = "ML_PLATFORM_STORE_URL"
RAW = "ML_PLATFORM_RAW_URL"
TRACKING = "MLFLOW_TRACKING_URI"
DAGSTER_UI = "ML_PLATFORM_DAGSTER_UI"
MLFLOW_UI = "ML_PLATFORM_MLFLOW_UI"
REPORTS_URL = "ML_PLATFORM_REPORTS_URL"

DATABASE_FILE = "ml_platform.db"
"""Name of the SQLite database in the data folder."""

ADDRESSES_FILE = "addresses.json"
"""Name of the file in the data folder that says where ``ml-platform dev`` was last started."""


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
    dagster_ui: str = "http://127.0.0.1:3000"
    """Address of Dagster's UI, for links; likewise."""
    database_url: str = ""
    """Database of the facts: ``postgresql://…``; by default SQLite below `data`."""
    store_url: str = ""
    """Object store of the content: ``s3://…``, ``gs://…``, ``az://…``; by default a folder below `data`."""
    raw_url: str = ""
    """Where the raw files are, likewise; by default the folder that DVC fills."""

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
        """Read the variables named above; without them everything is under ``./data``, MLflow's database too.

        SettingError is raised when a variable cannot be what it says.
        """
        data = Path(os.environ.get(DATA, "data")).resolve()
        if data.exists() and not data.is_dir():
            raise SettingError(f"{DATA}: {data} is a file. Name a folder, or one that does not exist yet")
        for name in (STORE, RAW):
            if (url := os.environ.get(name, "")) and "://" not in url:
                raise SettingError(f"{name}: '{url}' is no URL. One looks like s3://bucket/prefix or file:///folder")
        default = f"sqlite:///{data / 'mlflow' / 'mlflow.db'}"
        recorded = _recorded_addresses(data)
        return cls(
            data,
            os.environ.get(TRACKING, default),
            mlflow_ui=os.environ.get(MLFLOW_UI, recorded.get(MLFLOW_UI, cls.mlflow_ui)),
            reports_url=os.environ.get(REPORTS_URL, recorded.get(REPORTS_URL, cls.reports_url)),
            dagster_ui=os.environ.get(DAGSTER_UI, recorded.get(DAGSTER_UI, cls.dagster_ui)),
            database_url=os.environ.get(DATABASE, ""),
            store_url=os.environ.get(STORE, ""),
            raw_url=os.environ.get(RAW, ""),
        )

    @property
    def addresses(self) -> dict[str, str]:
        """The address of each UI, by the variable that sets it."""
        return {DAGSTER_UI: self.dagster_ui, MLFLOW_UI: self.mlflow_ui, REPORTS_URL: self.reports_url}

    def record_addresses(self) -> None:
        """Keep the addresses below `data`: whatever runs beside the UIs links to them, without being told."""
        write_atomically(self.data / ADDRESSES_FILE, methodcaller("write", to_json(self.addresses)))

    @property
    def raw(self) -> Path:
        """DVC's folder."""
        return self.data / "raw"

    @property
    def logs(self) -> Path:
        """Folder with a file per run of the command line."""
        return self.data / "logs"

    @property
    def dvc_lock(self) -> Path:
        """The file that records the hash of each raw file."""
        return self.data.parent / "dvc.lock"


def _recorded_addresses(data: Path) -> dict[str, str]:
    file = data / ADDRESSES_FILE
    recorded: dict[str, str] = json.loads(file.read_bytes()) if file.exists() else {}
    return recorded
