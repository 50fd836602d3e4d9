"""The command ``leadclass``: its commands, and errors as one line."""

from __future__ import annotations

import gc
import os
import signal
import sys
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path

import click

from leadclass.cli.messages import tell
from leadclass.errors import LeadclassError
from leadclass.labels import NOT_FOR
from leadclass.version import __version__

BAD_INPUT = 2
INTERRUPTED = 130
TERMINATED = 143


#: What the libraries are told before they are imported, unless the user has told them.
LIBRARIES = {
    # numpy's threads for linear algebra, of which there is little here, are busy while they wait.
    "OPENBLAS_NUM_THREADS": "1",
    # A pool of Arrow's own begins with huge pages, which now and then takes a quarter of a second.
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}

#: The commands, in the order in which a user meets them: each is a module of `leadclass.cli` and
#: the function of that name in it.
COMMANDS = (
    "analyze",
    "score",
    "explain",
    "tag",
    "train",
    "evaluate",
    "compare",
    "corpus",
    "suggest",
    "label",
    "drift",
    "use",
    "serve",
    "info",
    "verify",
    "export",
)


class _Commands(click.Group):
    """A group that imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"leadclass.cli.{cmd_name}"), cmd_name)
        return command


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=NOT_FOR,
)
@click.version_option(__version__, prog_name="leadclass")
@click.pass_context
def app(context: click.Context) -> None:
    """Say whether text about work speaks of leadership or management.

    Every statement of a job posting, a review or feedback is leadership, management, both or
    neither.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def main() -> None:
    """Run the command line; bad input ends with one line on standard error and exit code 2."""
    signal.signal(signal.SIGTERM, _end)
    for name, value in LIBRARIES.items():
        os.environ.setdefault(name, value)
    _prepare_streams()
    try:
        # Not app.main, which ends with exit code 1 when the reader of a pipe has seen enough.
        with app.make_context("leadclass", sys.argv[1:]) as context:
            app.invoke(context)
        sys.stdout.flush()
        code = 0
    except click.exceptions.Exit as done:
        code = done.exit_code
    except LeadclassError as error:
        code = _fail(str(error))
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "leadclass"
        code = _fail(f"{error.format_message().rstrip('.')}; see {command} --help")
    except click.ClickException as error:
        code = _fail(error.format_message())
    except (KeyboardInterrupt, click.Abort) as error:
        code = _stopped(INTERRUPTED, "interrupted", error)
    except SystemExit as error:
        if error.code != TERMINATED:
            raise
        code = _stopped(TERMINATED, "ended from outside", error)
    except BrokenPipeError:
        code = 0  # who read our output has seen enough
        _drop_output()
    except OSError as error:
        if error.filename is not None:
            sys.exit(_fail(f"{error.filename}: {error.strerror}; check the path and your rights"))
        code = _fail(f"standard output cannot be written ({error.strerror or error})")
        _drop_output()
    gc.freeze()  # or all that there is would be looked through for garbage before it goes
    sys.exit(code)


def _prepare_streams() -> None:
    if sys.stdin is None:  # closed by the caller
        sys.stdin = Path(os.devnull).open()  # noqa: SIM115, open until the process ends
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115
    if isinstance(sys.stdout, TextIOWrapper):
        encoding = sys.stdout.encoding if sys.stdout.isatty() else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="replace")


def _drop_output() -> None:
    """Leave Python nothing to complain about when it closes standard output."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _end(number: int, frame: object) -> None:
    """End as an interrupt does, so that files are put away; not twice, which would disturb that."""
    signal.signal(number, signal.SIG_IGN)
    sys.exit(TERMINATED)


def _stopped(code: int, how: str, error: BaseException) -> int:
    remedy = "; ".join(getattr(error, "__notes__", ["nothing is half written: run it again"]))
    click.echo(f"leadclass: {how}; {remedy}", err=True)
    return code


def _fail(message: str) -> int:
    tell(f"leadclass: {' '.join(message.split())}")
    return BAD_INPUT
