"""Labelled tables in, what is worth knowing of them out: findings, statistics, agreement.

Checking needs the extra ``leadclass[train]``.
"""
