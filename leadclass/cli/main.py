"""The command ``leadclass``: its commands, and errors as one line."""

from __future__ import annotations

import os
import signal
import sys
from io import TextIOWrapper
from pathlib import Path

import click

from leadclass.cli.analyze import analyze
from leadclass.cli.compare import compare
from leadclass.cli.corpus import corpus
from leadclass.cli.drift import drift
from leadclass.cli.evaluate import evaluate
from leadclass.cli.explain import explain
from leadclass.cli.info import info
from leadclass.cli.label import label
from leadclass.cli.score import score
from leadclass.cli.serve import serve
from leadclass.cli.suggest import suggest
from leadclass.cli.tag import tag
from leadclass.cli.train import train
from leadclass.cli.use import use
from leadclass.cli.verify import verify
from leadclass.errors import LeadclassError
from leadclass.labels import NOT_FOR
from leadclass.version import __version__

BAD_INPUT = 2
INTERRUPTED = 130
TERMINATED = 143


class _InOrder(click.Group):
    """A group that lists its commands in the order in which a user meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(
    cls=_InOrder,
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


for command in (
    analyze,
    score,
    explain,
    tag,
    train,
    evaluate,
    compare,
    corpus,
    suggest,
    label,
    drift,
    use,
    serve,
    info,
    verify,
):
    app.add_command(command)


def main() -> None:
    """Run the command line; bad input ends with one line on standard error and exit code 2."""
    signal.signal(signal.SIGTERM, _end)
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
    click.echo(f"leadclass: {' '.join(message.split())}", err=True)
    return BAD_INPUT
