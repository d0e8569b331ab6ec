"""The help of a group shows whole sentences, and imports nothing for it."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from ml_platform.cli.group import Group, LazyGroup, first_sentence

LONG = "Show the champion, the drift and the last decision of a model, and what to run next."


def test_the_first_paragraph_is_shown_whole() -> None:
    @click.group(cls=Group)
    def group() -> None:
        """Group things."""

    @group.command(help=f"{LONG}\n\nMore about it.")
    def status() -> None: ...

    said = " ".join(CliRunner().invoke(group, ["--help"]).output.split())
    assert f"status {LONG}" in said
    assert "More about it" not in said
    assert first_sentence(status) == LONG


def test_the_help_of_a_lazy_group_imports_no_command() -> None:
    group = LazyGroup(name="lazy", package="no_such_package", sentences={"train": "Train.", "score": "Score."})
    assert "Score." in CliRunner().invoke(group, ["--help"]).output


def test_a_mistyped_command_is_a_wrong_call_with_a_guess() -> None:
    group = LazyGroup(name="lazy", package="no_such_package", sentences={"train": "Train."})
    with pytest.raises(click.NoSuchCommand) as raised:
        group.main(["trian"], standalone_mode=False)
    assert "Did you mean 'train'?" in raised.value.format_message()
