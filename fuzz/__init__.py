"""Arbitrary bytes in, whatever in leadclass does not stand them out: ``python -m fuzz --help``."""
