"""How often the sensors look."""

import os

from ml_platform.errors import SpecError

SENSOR_SECONDS = "ML_PLATFORM_SENSOR_SECONDS"
"""Variable of the environment: at least so many seconds lie between two ticks of each sensor."""


def interval(seconds: int) -> int:
    """Return the least seconds between two ticks: those of the environment, or else a sensor's own."""
    stated = os.environ.get(SENSOR_SECONDS)  # empty in a container, where docker-compose.yml passes on nothing
    if not stated:
        return seconds
    if not stated.isdecimal() or int(stated) < 1:
        raise SpecError(f"{SENSOR_SECONDS} is '{stated}', and should be a whole number of seconds, such as 30.")
    return int(stated)
