"""Which columns hold personal values, by what the contracts say: no page and no message shows them."""

from ml_platform.pipeline.model import Model


def personal_columns(model: Model) -> frozenset[str]:
    """Return the names of the columns that a contract marks as personal, and of the features made from them."""
    personal = {
        name for contract in model.contracts.values() for name, column in contract.columns.items() if column.personal
    }
    made = {
        feature.name
        for feature in model.spec.features
        if any(source.rpartition(".")[2] in personal for source in feature.sources)
    }
    return frozenset(personal | made)
