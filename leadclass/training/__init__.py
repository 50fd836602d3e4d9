"""Fitting a model: the part of leadclass that needs scikit-learn, ``leadclass[train]``."""
