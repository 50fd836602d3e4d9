"""Labelled tables in, what is worth knowing of them out: findings, statistics, agreement.

Checking and agreement need the extra ``leadclass[train]``.
"""
