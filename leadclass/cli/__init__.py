"""The command line: one module a command, put together in `leadclass.cli.main`."""

try:
    from leadclass.cli.main import main
except KeyboardInterrupt:  # before there was anything to put away
    raise SystemExit(130) from None

__all__ = ["main"]
