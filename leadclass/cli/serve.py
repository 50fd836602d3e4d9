"""``leadclass serve``: the page and the JSON API, on this machine."""

from __future__ import annotations

import os
import sys
from dataclasses import replace

import click

from leadclass.cli.options import ChosenModel, model_options, needing

#: What the shell adds to the number of a signal for the exit code of what it ended.
SIGNALLED = 128


@click.command()
@click.option(
    "--host",
    metavar="ADDRESS",
    default="127.0.0.1",
    show_default=True,
    help="The address to listen at; the default is this machine alone.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="N",
    default=8765,
    show_default=True,
    help="The port to listen at; 0 takes one that is free.",
)
@click.option("--open", "opening", is_flag=True, help="Open the page in the browser.")
@click.option(
    "--name",
    metavar="NAME",
    multiple=True,
    help="A name that browsers may call the server by, beside its address. May be repeated.",
)
@click.option(
    "--largest-table",
    type=click.IntRange(1),
    metavar="MB",
    help="The largest table that is taken.  [default: 200]",
)
@click.option(
    "--seconds",
    type=click.FloatRange(0, min_open=True),
    metavar="N",
    help="How long a request may take; a table may take thirty times that.  [default: 20]",
)
@click.option("--log", is_flag=True, help="Write a line for each request to standard error.")
@model_options
def serve(
    host: str,
    port: int,
    opening: bool,
    name: tuple[str, ...],
    largest_table: int | None,
    seconds: float | None,
    log: bool,
    model: ChosenModel,
) -> None:
    """Open a page on this machine, and a JSON API.

    Nothing that is put into it leaves the machine, is stored or is logged. Ctrl-C stops it,
    once what has begun is finished; a second one stops it at once.
    """
    with needing("the server", "serve"):
        import python_multipart  # noqa: F401, it is asked for only when a file comes

        # With what follows, numpy, which --help does not need.
        from leadclass.server.running import serve as run
        from leadclass.server.settings import TABLE_SECONDS_FOR_EACH, Settings

    settings = Settings(host=host, port=port, names=name)
    if largest_table is not None:
        table = largest_table * 1_000_000
        disk = max(settings.disk_bytes, 2 * table)
        settings = replace(settings, table_bytes=table, disk_bytes=disk)
    if seconds is not None:
        longest = seconds * TABLE_SECONDS_FOR_EACH
        settings = replace(settings, seconds=seconds, table_seconds=longest)

    def ready(address: str) -> None:
        if not settings.is_local:
            click.echo(
                "Everyone who can reach this machine can use the page: it asks for no password, "
                "and what is sent is not encrypted.",
                err=True,
            )
        click.echo(f"leadclass is at {address} - Ctrl-C stops it.")
        if opening:
            import webbrowser  # only where it is asked for

            webbrowser.open(address)

    cut_off_by = run(model.load(), settings, ready=ready, log=log)
    if cut_off_by is not None:
        sys.stdout.flush()
        # A thread cannot be ended; Python would wait for one that works for nobody any more.
        os._exit(SIGNALLED + cut_off_by)
