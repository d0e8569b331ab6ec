"""What is asked after every fault: earlier results are readable, `verify` names the damage, a rerun recovers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ml_platform_tests.faults.project import MODEL, Project, Said
from ml_platform_tests.faults.questions import all_there_is, ask, content, examined, results

TRAIN = ("train", MODEL)
SCORE = ("run", f"{MODEL}_score")

Command = tuple[str, ...]
Step = Command | Callable[[Project], object]
"""A command of ``ml-platform``, or what a person does; the first line of its docstring says what."""


@dataclass(frozen=True)
class Earlier:
    """A project whose model was trained, promoted and scored, before anything went wrong.

    Attributes
    ----------
    results
        Ids of the manifests of all that it has made.
    content
        What `content` answers.
    trained, scored
        What it answers after an undisturbed training on the later rows, and after they were only scored.
    """

    project: Project
    results: list[str]
    content: dict[str, str]
    trained: dict[str, str]
    scored: dict[str, str]

    @classmethod
    def make(cls, folder: Path) -> Earlier:
        """Make the project, and the training on the later rows in a copy of it."""
        project = Project.make(folder / "earlier")
        succeed(project, TRAIN, SCORE)
        after = [_after(project.copy(folder / name), step) for name, step in (("trained", TRAIN), ("scored", SCORE))]
        return cls(project, ask(project, results), ask(project, content), *after)

    def expected(self, fault: Fault) -> dict[str, str]:
        """Return what there is when a fault has been made good."""
        if not fault.new_rows:
            return self.content
        return self.trained if TRAIN in fault.repair else self.scored


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong, and what has to come of it.

    Attributes
    ----------
    name, how
        What goes wrong, and how the test does it.
    strike
        Does it; returns what the command of that moment printed.
    says
        What a user is told, as a regular expression.
    named
        What `verify` names while the fault lasts, likewise; nothing is damaged without it.
    not_checked
        What `verify` could not look at while the fault lasts, likewise.
    lost
        Which earlier results cannot be read while the fault lasts, likewise; they raise an error that says so.
    repair
        What is done then.
    new_rows
        Whether a new raw file lies there, with the later rows.
    """

    name: str
    how: str
    strike: Callable[[Project], Said]
    says: str = ""
    named: str = ""
    not_checked: str = ""
    lost: str = ""
    repair: tuple[Step, ...] = (TRAIN,)
    new_rows: bool = True


@dataclass(frozen=True)
class Observed:
    """What came of a fault."""

    fault: Fault
    said: Said
    differences: list[str]
    not_checked: list[str]


def observe(fault: Fault, earlier: Earlier, folder: Path) -> Observed:
    """Let a fault happen to a copy of the project, ask the three questions, and return what was seen.

    Raises
    ------
    AssertionError
        When an answer is not the one that the fault states.
    """
    project = earlier.project.copy(folder)
    if fault.new_rows:
        project.deliver()
    with project.closing:
        said = fault.strike(project)
        assert re.search(fault.says, said.text), said
        assert "Traceback" not in said.text, said
        seen = ask(project, examined, earlier.results)
        new_file = f"{MODEL}.parquet: MD5 .*DVC does not track it" if fault.new_rows else ""
        assert_all(seen["differences"], fault.named, besides=new_file)
        assert_all(seen["not_checked"], fault.not_checked)
        assert_all(seen["lost"], fault.lost)
        succeed(project, *fault.repair)
        assert_recovered(project, earlier, earlier.expected(fault))
    return Observed(fault, said, seen["differences"], seen["not_checked"])


def _after(project: Project, step: Command) -> dict[str, str]:
    """Return what an undisturbed command makes of the later rows."""
    project.deliver()
    succeed(project, step)
    found: dict[str, str] = ask(project, content)
    return found


def assert_recovered(project: Project, earlier: Earlier, expected: dict[str, str]) -> None:
    """Raise unless all is as recorded, earlier results can be read, and there is what is expected, and nothing more."""
    seen = ask(project, all_there_is, earlier.results)
    found = seen.pop("content")
    assert not any(seen.values()), seen
    assert found == expected, [name for name in {**found, **expected} if found.get(name) != expected.get(name)]


def assert_all(found: list[str], expected: str, *, besides: str = "") -> None:
    """Raise unless something is found where something is expected, and nothing else is."""
    found = [one for one in found if not (besides and re.search(besides, one))]
    assert bool(found) == bool(expected), found
    assert all(re.search(expected, one) for one in found), found


def succeed(project: Project, *steps: Step) -> None:
    """Do the steps; every command has to succeed."""
    for step in steps:
        if callable(step):
            step(project)
        else:
            said = project.call(*step)
            assert said.exit_code == 0, said.text
