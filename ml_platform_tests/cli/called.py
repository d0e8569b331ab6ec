"""A command as a person calls it, in this process."""

from __future__ import annotations

from click.testing import CliRunner, Result

from ml_platform.cli.main import cli


def call(*arguments: str, code: int = 0) -> Result:
    """Call ``ml-platform``; errors that `main` turns into messages are raised."""
    result = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result
