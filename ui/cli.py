"""The `istok` command: finds a subcommand's module, and turns errors into one line and an exit code."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

COMMANDS = ("index", "search", "ask", "chat", "cite", "serve", "eval", "models", "doctor")


class _LazyGroup(click.Group):
    """Each command lives in a module of its own that is imported when it is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"istok.ui.commands.{cmd_name}").command
        return command


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="istok")
def istok() -> None:
    """Ask your own documents; every sentence of the answer cites the place it rests on."""


def main(arguments: list[str] | None = None) -> None:
    """Run a command and exit: 0 done, 1 a result below a gate, 2 an error that is told in one line."""
    from istok.index.errors import IstokError

    try:
        code = istok.main(arguments, prog_name="istok", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        code = 0
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        where = context.command_path if context else "istok"
        click.echo(f"istok: {error.format_message()} (see: {where} --help)".replace("\n", " "), err=True)
        code = 2
    except IstokError as error:
        click.echo(f"istok: {error}".replace("\n", " "), err=True)
        code = 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("istok: stopped", err=True)
        code = 130
    except SystemExit:
        # Click's own end when the reader of our output goes away in the middle: nothing of ours has failed.
        code = 0
    except BrokenPipeError:
        # The reader of our output went away; a flush at exit must not complain about it once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code if isinstance(code, int) else 0)
