"""A message in, a line on standard error out, whatever the file names in it are made of."""

from __future__ import annotations

import click

from leadclass.harmless import harmless


def tell(message: str) -> None:
    """Print a line on standard error."""
    click.echo(harmless(message), err=True)
