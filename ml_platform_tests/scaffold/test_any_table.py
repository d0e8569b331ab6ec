"""Whatever a CSV file holds and however its columns are called, its contract loads and holds on it."""

from __future__ import annotations

import csv
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ml_platform.contract.validation import validate
from ml_platform.errors import PlatformError
from ml_platform.pipeline.model import Model
from ml_platform.scaffold.infer import infer_model
from ml_platform.scaffold.render import render
from ml_platform.scaffold.roles import ColumnOptions
from ml_platform.scaffold.source import ReadOptions, read_source
from ml_platform.spec import load_spec
from ml_platform.stores.raw import RawStore
from ml_platform_tests.profiles import fewer
from ml_platform_tests.scaffold.project import foreign_project

NAMES = st.one_of(
    st.sampled_from(
        [
            *("yes", "no", "on", "null", "~", "label", "score", "reasons", "event_time", "a.b", "a b", "a_b"),
            *(
                "Größe",
                "名前",
                "年齢",
                'say "it"',
                "it's",
                "# no comment",
                "key: value",
                "- item",
                "{x}",
                "[y]",
                "%s",
                "&a",
            ),
            *("*b", "!c", "1st", " x "),
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8),
)
CELLS = {
    "words": st.sampled_from(["yes", "no", "on", "null", "NA", "~", "007", "Größe", "a, b", 'say "it"', "x: y", "#z"]),
    "codes": st.integers(0, 40).map("{:03}".format),
    "integers": st.integers(-(10**18), 10**18).map(str),
    "small integers": st.integers(1, 6).map(str),
    "numbers": st.floats(allow_nan=False, allow_infinity=False).map(repr),
    "shares": st.floats(0, 1).map(repr),
    "truth": st.sampled_from(["true", "false"]),
    "dates": st.dates().map(str),
    "times": st.datetimes().map(lambda at: at.isoformat(timespec="microseconds")),
    "text": st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12),
    "missing": st.just(""),
    "numbers or NA": st.one_of(st.integers(0, 9).map(str), st.just("NA")),
}  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    named = NAMES.filter(str.strip)
    names = draw(st.lists(named, min_size=2, max_size=6, unique_by=str.strip))
    kinds = [draw(st.sampled_from(sorted(CELLS))) for _ in names]
    rows = [[draw(CELLS[kind]) for kind in kinds] for _ in range(draw(st.integers(3, 12)))]
    return names, rows


@given(tables())
@settings(max_examples=fewer(2), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_the_files_of_any_table_load_and_agree(table: tuple[list[str], list[list[str]]]) -> None:
    """Far more tables than the test below has time for: it validates, and builds the graph."""
    header, rows = [*table[0], "the target"], [[*row, str(n % 2)] for n, row in enumerate(table[1] * 30)]
    with TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / "table.csv").open("w", newline="", encoding="utf-8") as handle:
            csv.writer(handle).writerows([header, *rows])
        try:
            source = read_source(folder / "table.csv", ReadOptions())
            model = infer_model(source, ColumnOptions("the target"), task=None, timezone="UTC", time_format=None)
        except PlatformError as error:
            assert "no column is left" in str(error) or "the first line must name" in str(error)  # noqa: PT017
            return
        for file, text in render(model, name="any", owner="team:any", command="ml-platform new any").items():
            (folder / file).write_text(text, encoding="utf-8")
        loaded = Model.load(load_spec(folder), folder)
        assert list(loaded.contracts["any"].columns) == model.table.column_names
        assert list(loaded.kinds) == [feature.name for feature in model.features]


@given(tables())
@settings(
    max_examples=fewer(25),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_the_contract_of_any_table_loads_and_holds_on_it(table: tuple[list[str], list[list[str]]]) -> None:
    """Each example is a whole `ml-platform new` and its graph: half a second."""
    header, rows = [*table[0], "the target"], [[*row, str(n % 2)] for n, row in enumerate(table[1] * 30)]
    with TemporaryDirectory() as folder:
        project = foreign_project(Path(folder))
        file = Path(folder) / "table.csv"
        with file.open("w", newline="", encoding="utf-8") as handle:
            csv.writer(handle).writerows([header, *rows])
        try:
            project.new("any", file, "the target")
        except PlatformError as error:
            assert "no column is left" in str(error) or "the first line must name" in str(error)  # noqa: PT017
            return
        model = project.model("any")
        assert project.definitions("any").resolve_asset_graph().get_all_asset_keys()
        frame = RawStore((project.data / "raw").absolute().as_uri(), Path("none")).read("any", None)
        validation = validate(model.contracts["any"], frame, file=file.name, window=None)
        broken = [check_result.message for check_result in validation.check_results if not check_result.passed]
        assert not broken
        assert validation.n_quarantined == 0
        assert len(frame) == len(rows)


def test_a_column_may_be_called_as_yaml_calls_other_things(tmp_path: Path) -> None:
    project = foreign_project(tmp_path)
    file = tmp_path / "table.csv"
    names = ["null", "yes", "label", "Größe (cm)", "a.b", "名前", "年齢", "no"]
    with file.open("w", newline="", encoding="utf-8") as handle:
        rows = [
            [n * 1.5, n % 3, "on" if n % 7 else "off", n % 11 / 2, n // 3 % 4, n % 5 + 1.5, n / 3, n % 2]
            for n in range(200)
        ]
        csv.writer(handle).writerows([names, *rows])
    model = project.new("odd", file, "no") and project.model("odd")
    assert list(model.contracts["odd"].columns) == [
        "null", "yes", "label", "Größe (cm)", "a_b", "名前", "年齢_2", "no", "row_number",
    ]  # fmt: skip
    assert list(model.kinds) == ["null", "yes", "feature_label", "Groe_cm", "a_b", "feature", "feature_2"]
