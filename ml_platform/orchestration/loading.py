"""Loading many models in a time that grows with their number and no faster."""

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def garbage_left_alone() -> Iterator[None]:
    """Build objects that all stay, without looking for garbage among them.

    A code location of 100 models is some millions of objects. Python would walk through them again and again, while
    they are built and for as long as the process lives: a third of the time of loading.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
        atexit.register(gc.unfreeze)  # or libraries that count what is left at the end report all of it
