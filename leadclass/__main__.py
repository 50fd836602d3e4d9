"""``python -m leadclass``."""

from leadclass.cli import main

main()
