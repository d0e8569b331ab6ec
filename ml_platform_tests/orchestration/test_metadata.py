"""Tables and estimates as Markdown that the UI draws."""

from ml_platform.orchestration.metadata import estimates, image, interval, link, markdown_table, numbers


def test_a_cell_may_hold_a_bar() -> None:
    assert markdown_table(["a"], [["x|y"]]).value.splitlines()[-1] == "| x\\|y |"


def test_models_stand_beside_each_other_with_intervals() -> None:
    auc = {"value": 0.75, "low": 0.7, "high": 0.8}
    table = estimates({"candidate": {"roc_auc": auc}, "baseline": {}}).value
    assert table.splitlines()[0] == "| metric | candidate | baseline |"
    assert table.splitlines()[2] == "| roc auc | 0.750 [0.700,\N{NO-BREAK SPACE}0.800] | - |"


def test_what_was_not_measured_is_a_dash_and_no_point_of_a_plot() -> None:
    nothing = {"value": None, "low": None, "high": None}
    assert interval(nothing) == interval(None) == "-"
    assert numbers("candidate", {"roc_auc": nothing, "r2": {"value": 0.5, "low": 0.4, "high": 0.6}}) == {
        "candidate_r2": 0.5
    }


def test_a_link_is_as_narrow_as_its_title() -> None:
    assert (
        link("http://127.0.0.1:3001/shop/", "reports of shop").value == "[reports of shop](http://127.0.0.1:3001/shop/)"
    )
    assert link(None, "abc").value == "abc"


def test_a_picture_stands_in_the_text() -> None:
    assert image(b"png", "A plot").value == "![A plot](data:image/png;base64,cG5n)"
