"""The `drift:` block of a model's YAML."""

from pydantic import Field, model_validator

from ml_platform.choices import Block, choose
from ml_platform.drift.metrics import DRIFT_METRICS
from ml_platform.errors import within


class DriftSettings(Block):
    """When a column counts as drifted."""

    warning: float = Field(default=0.1, gt=0, allow_inf_nan=False)
    critical: float = Field(default=0.2, gt=0, allow_inf_nan=False)
    """Values of the metric from which a column is at that level, if its drift is significant."""
    false_discovery_rate: float = Field(default=0.01, gt=0, lt=1)
    """Expected share of false alarms among the alarms of one report (Benjamini and Hochberg 1995)."""
    min_rows: int = Field(default=200, ge=1)
    """With fewer rows in the partition or in the reference, no column is compared."""
    bins: int = Field(default=10, ge=2, le=100)
    """Bins of a number, cut at quantiles of the reference."""
    metric: str = Field(default="population_stability_index", json_schema_extra={"enum": [*DRIFT_METRICS]})
    """Name from DRIFT_METRICS."""

    @model_validator(mode="after")
    def _fit_together(self) -> "DriftSettings":
        if self.warning >= self.critical:
            raise ValueError(f"warning {self.warning} must be below critical {self.critical}")
        with within("metric"):
            choose(DRIFT_METRICS, self.metric, "drift metric")
        return self
