"""Known labels in a line for people."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml_platform.task import BINARY, REGRESSION, Output


def describe_labels(output: Output, labels: NDArray[Any]) -> str:
    """Return the share of each class, or minimum, median and maximum of the numbers."""
    if not len(labels):
        return "none"
    if output.task == REGRESSION:
        return " … ".join(f"{float(np.quantile(labels, share)):,.4g}" for share in (0, 0.5, 1))
    shares = np.bincount(labels.astype(int), minlength=len(output.class_names)) / len(labels)
    if output.task == BINARY:
        return f"{shares[1]:.1%} positive"
    return ", ".join(f"{name} {share:.1%}" for name, share in zip(output.class_names, shares, strict=True))
