"""Groups of commands: help in whole sentences, and a guess at a mistyped name."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class Group(click.Group):
    """A group whose help shows the first sentence of each command whole; click itself cuts it at 45 characters."""

    def sentence(self, ctx: click.Context, name: str) -> str:
        """Return what a command does, in a sentence."""
        command = self.get_command(ctx, name)
        return first_sentence(command) if command else ""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a line per command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.sentence(ctx, name)) for name in self.list_commands(ctx)])


class LazyGroup(Group):
    """A group whose commands are imported when they are called: Dagster alone takes a second."""

    def __init__(self, *, package: str, sentences: Mapping[str, str], **options: Any) -> None:
        """Take the package that has a module per command, and what each does: a test holds it against the command."""
        super().__init__(**options)
        self.package, self.sentences = package, dict(sorted(sentences.items()))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in order."""
        return list(self.sentences)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in self.sentences:
            return None
        command: click.Command = getattr(import_module(f"{self.package}.{cmd_name}"), cmd_name)
        return command

    def sentence(self, ctx: click.Context, name: str) -> str:
        """Return what a command does without importing it."""
        return self.sentences[name]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the called command; a mistyped one is a wrong call with a guess."""
        if args and not args[0].startswith("-") and args[0] not in self.sentences:
            raise click.NoSuchCommand(args[0], possibilities=self.sentences, ctx=ctx)
        return super().resolve_command(ctx, args)


def first_sentence(command: click.Command) -> str:
    """Return the first paragraph of a command's help on one line."""
    return " ".join((command.help or "").split("\n\n")[0].split())
