"""The reference of a model: what is frozen of the data that it was trained on, and under which names."""

from ml_platform.pipeline.model import Model

REFERENCE = "reference.json"
"""Name of the document that is stored with every model version."""


def profiled_kinds(model: Model) -> dict[str, str]:
    """Return the columns that a reference profiles, and their kinds: every feature, and what the model predicts."""
    return {**model.kinds, **model.output.kinds}
