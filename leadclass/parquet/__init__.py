"""Parquet files as their footers and pages, of which pyarrow says less."""
