"""What Evidently says of a column, beside the platform's own result, and why the two differ."""

from dataclasses import dataclass

from ml_platform.drift.report import ColumnDrift, DriftReport


@dataclass(frozen=True)
class SecondOpinion:
    """Evidently's result for one column of a sample, by the method that it chooses itself."""

    method: str
    value: float
    threshold: float
    drifted: bool

    def __str__(self) -> str:
        return f"{'drift' if self.drifted else 'no drift'}, {self.method} {self.value:.3g}"


def difference(report: DriftReport, column: ColumnDrift, opinion: SecondOpinion | None) -> str:
    """Return why the two differ on a column; empty where they agree, or where one of them says nothing."""
    if opinion is None or column.value is None or opinion.drifted == (column.level != "ok"):
        return ""
    ours = f"{report.metric_title} {column.value:.3f}"
    theirs, limit = f"Evidently's {opinion.method} of {opinion.value:.3g}", f"its threshold of {opinion.threshold:g}"
    if column.level != "ok":
        return f"{ours} is significant and reaches {report.warning:g}; {theirs} is within {limit}."
    why = f"stays below {report.warning:g}" if column.value < report.warning else "can be chance in so few rows"
    return f"{theirs} is beyond {limit}; {ours} {why}."
