"""The `gates:` block of a model's YAML: name of a gate → its options."""

import inspect
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_type_hints

from pydantic import ConfigDict, RootModel, TypeAdapter, ValidationError, model_validator

from ml_platform.choices import choose, did_you_mean, validate_options
from ml_platform.errors import SpecError
from ml_platform.promotion.gates import GATES, REQUIRED


class Gates(RootModel[dict[str, dict[str, Any]]]):
    """The gates of a model with their options, checked against the signatures in GATES."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _no_options_is_none_given(cls, block: Any) -> Any:
        if not isinstance(block, Mapping):
            return block
        return {name: {} if options is None else options for name, options in block.items()}

    @model_validator(mode="after")
    def _fit_the_table(self) -> "Gates":
        try:
            for name, options in self.items():
                validate_gate(name, options)
            validate_required_gates(self.root)
        except SpecError as error:
            raise ValueError(str(error)) from None
        return self

    def items(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Return each gate's name and options, in the order of the YAML."""
        return iter(self.root.items())

    def validate_metrics(self, evaluated: Iterable[str]) -> None:
        """Reject a gate on a metric that is not evaluated: it could never pass.

        Raises
        ------
        SpecError
            Naming the gate, the metric and the evaluated ones.
        """
        evaluated = tuple(evaluated)
        for name, options in self.items():
            if options["metric"] not in evaluated:
                guess = did_you_mean(options["metric"], evaluated)
                raise SpecError(f"gate '{name}': metric '{options['metric']}' is not among those evaluated. {guess}")


def validate_gate(name: str, options: Mapping[str, Any]) -> None:
    """Reject a gate that does not exist, and options that its signature does not take, lacks, or cannot use.

    Raises
    ------
    SpecError
        Naming the gate and the option.
    """
    gate = choose(GATES, name, "gate")
    validate_options(gate, options, f"gate '{name}'")
    types = get_type_hints(gate, include_extras=True)
    for parameter in inspect.signature(gate).parameters.values():
        if parameter.kind is not parameter.KEYWORD_ONLY:
            continue
        if parameter.name in options:
            _validate_value(name, parameter.name, types[parameter.name], options[parameter.name])
        elif parameter.default is parameter.empty:
            raise SpecError(f"gate '{name}' needs the option '{parameter.name}'")


def validate_required_gates(gates: Mapping[str, Any]) -> None:
    """Reject a model without the gates that every model needs."""
    if missing := [name for name in REQUIRED if name not in gates]:
        raise SpecError(f"missing gates: {', '.join(missing)}. Without them any model would be promoted")


def _validate_value(gate: str, option: str, kind: Any, value: Any) -> None:
    try:
        TypeAdapter(kind).validate_python(value, strict=True)
    except ValidationError as error:
        raise SpecError(f"gate '{gate}', option '{option}': {error.errors()[0]['msg']}, not {value!r}") from None
