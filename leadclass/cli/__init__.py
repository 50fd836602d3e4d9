"""The command line: one module a command, put together in `leadclass.cli.main`."""

from leadclass.cli.main import main

__all__ = ["main"]
