"""What docs/onboarding.md says of deliveries is what the YAML may say."""

import re
from pathlib import Path

import yaml

from ml_platform.delivery import Delivery

PAGE = (Path(__file__).parents[2] / "docs" / "onboarding.md").read_text(encoding="utf-8")


def test_every_option_of_a_delivery_is_shown_and_none_other() -> None:
    (shown,) = re.findall(r"```yaml\n(  delivery:.*?)```", PAGE, re.DOTALL)
    block = yaml.safe_load(shown)["delivery"]
    assert Delivery.model_validate(block).model_dump(exclude_defaults=True).keys() == Delivery.model_fields.keys()
