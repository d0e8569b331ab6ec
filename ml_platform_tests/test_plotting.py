"""Every name from the data can be drawn, and the same drawing gives the same bytes."""

import sys

import pytest
from matplotlib import rcParams

from ml_platform.plotting import MAX_LETTERS, png, written


@pytest.mark.parametrize("name", ["$5_$", "$x_1$ & “日本”", "a\nb", "", "\\frac{", "x" * 200])
def test_any_name_can_be_drawn(name: str) -> None:
    def draw(figure) -> None:
        axes = figure.add_subplot(xlabel=written(name), title=written(name))
        axes.plot([0, 1], [0, 1], label=written(name) or "nothing")
        axes.set_xticks([0, 1], [written(name)] * 2)
        axes.legend()

    picture = png(draw, 3, 2)
    assert picture.startswith(b"\x89PNG")
    assert picture == png(draw, 3, 2)


def test_a_name_is_shortened_and_unknown_letters_are_boxes() -> None:
    assert written("x" * 200) == "x" * (MAX_LETTERS - 1) + "…"
    assert written("a\n日") == "a□□"


def test_nothing_is_left_in_the_process() -> None:
    before = dict(rcParams)
    png(lambda figure: figure.add_subplot(), 1, 1)
    assert dict(rcParams) == before
    assert "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()
