"""Spark: a DataFrame in, the same out with label, probabilities and traits beside every row."""

from leadclass.spark.frames import tag

__all__ = ["tag"]
