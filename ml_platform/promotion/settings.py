"""The `gates:` block of a model's YAML: name of a gate → its options."""

from collections.abc import Collection, Iterator
from typing import Annotated, Any

from pydantic import ConfigDict, RootModel, model_validator

from ml_platform.choices import Choices, Entries, choose, did_you_mean, validate_options
from ml_platform.errors import SpecError, within
from ml_platform.promotion.gates import GATES, REQUIRED


class Gates(RootModel[Annotated[Choices, Entries(GATES, required=REQUIRED)]]):
    """The gates of a model with their options, checked against the signatures in GATES."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="after")
    def _fit_the_table(self) -> "Gates":
        for name, options in self.items():
            with within(name):
                validate_options(choose(GATES, name, "gate"), options, f"gate '{name}'")
        if missing := [name for name in REQUIRED if name not in self.root]:
            raise SpecError(f"missing gates: {', '.join(missing)}. Without them any model would be promoted")
        return self

    def items(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Return each gate's name and options, in the order of the YAML."""
        return iter(self.root.items())

    def validate_metrics(self, evaluated: Collection[str]) -> None:
        """Reject a gate on a metric that is not evaluated: it could never pass."""
        for name, options in self.items():
            if options["metric"] not in evaluated:
                guess = did_you_mean(options["metric"], evaluated)
                message = f"gate '{name}': metric '{options['metric']}' is not among those evaluated. {guess}"
                raise SpecError(message, (name, "metric"))
