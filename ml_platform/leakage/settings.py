"""The `leakage:` block of a model's YAML."""

from collections.abc import Collection
from typing import Annotated

from pydantic import Field

from ml_platform.choices import Block, Why, did_you_mean
from ml_platform.errors import SpecError

Bound = Annotated[float, Field(gt=0.5, le=1)]


class LeakageSettings(Block):
    """How much a single feature, and the rows of another part, may tell."""

    max_single_feature_auc: Bound = 0.99
    """Most that one feature alone may tell of the target: an AUC, or for a regression the concordance, which is the AUC
    of a target with two values. The default lets the strongest honest feature of scikit-learn's tables pass (0.985, the
    flavanoids of a wine) and stops near copies of the target. A model whose features are weak should say less: the
    departure delay of a flight reaches 0.90."""
    max_availability_auc: Bound = 0.8
    """Most that a feature being missing may tell of whether the outcome is known at all: what is filled together with
    the outcome is not known when the prediction is made."""
    max_shared_rows: Annotated[float, Field(ge=0, lt=1)] = 0.002
    """Largest share of the validation or test rows that equal a train row in all features and the label, beyond the
    share that chance gives in a table whose rows repeat."""
    accepted: dict[str, Why] = Field(default_factory=dict)
    """Features that may be above a bound, each with the reason."""

    def validate_features(self, features: Collection[str]) -> None:
        """Reject the acceptance of a feature that the model does not have."""
        for name in self.accepted:
            if name not in features:
                raise SpecError(
                    f"leakage.accepted: there is no feature '{name}'. {did_you_mean(name, features)}",
                    ("accepted", name),
                )
