"""A model as plain data: a table of terms and a page of JSON, checked whole before use.

``weights.parquet`` has a row a term: its kind, the term, its inverse document frequency and a
coefficient for each output. ``model.json`` has what belongs to the whole: settings, intercepts,
calibration, thresholds, and where the model came from. Nothing in either can run.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from leadclass.arrow import as_numbers, in_one_piece, numbers_of, text_bytes
from leadclass.errors import LeadclassError
from leadclass.features import FeatureSettings
from leadclass.labels import OUTPUTS
from leadclass.model_page import (
    FORMAT_VERSION,
    JSON_FILE,
    RETRAIN,
    WEIGHTS_FILE,
    read_page,
    read_whole,
)
from leadclass.model_table import IDF, KIND, MOST_BYTES, TERM, packed, read_terms, terms_table

#: Decimals kept of what is learnt, so that the table reads well and its bytes do not depend on
#: the last bits of a machine's arithmetic.
DECIMALS = 3


@dataclass(frozen=True, eq=False)
class Weights:
    """Everything that scoring needs.

    Attributes
    ----------
    settings : FeatureSettings
        How a text becomes terms.
    table : pyarrow.Table
        The terms and their numbers, the content of ``weights.parquet``.
    intercept : ndarray, shape (n_outputs,)
        Intercepts of the linear scores.
    calibration : ndarray, shape (n_outputs, 1 + 2 * n_spans)
        For each output a constant, the factors of its own scores, and those of the best scores of
        its side's traits, which together give the log-odds, see `leadclass.calibration.calibrate`.
    thresholds : ndarray, shape (n_outputs,)
        The probabilities from which an output counts as shown.
    about : dict
        Where the model comes from and how well it does: versions, data, figures.
    name : str
        The folder's that it was read from; empty for one that was just made.
    digest : str
        The SHA-256 of its table; empty for one that was just made.
    """

    settings: FeatureSettings
    table: pa.Table
    intercept: np.ndarray
    calibration: np.ndarray
    thresholds: np.ndarray
    about: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    digest: str = ""

    @property
    def kinds(self) -> pa.DictionaryArray:
        """The kind of each term, length n_terms."""
        return in_one_piece(self.table[KIND])

    @property
    def terms(self) -> pa.StringArray:
        """The name of each term, length n_terms."""
        return in_one_piece(self.table[TERM])

    @property
    def idf(self) -> np.ndarray:
        """Inverse document frequencies, shape (n_terms,)."""
        return numbers_of(self.table[IDF])

    def coef_of(self, output: str) -> np.ndarray:
        """The coefficients for one of `leadclass.labels.OUTPUTS`, shape (n_terms,)."""
        return numbers_of(self.table[output])

    @property
    def coef(self) -> np.ndarray:
        """A copy of all coefficients, a column for each output, shape (n_terms, n_outputs)."""
        return np.stack([self.coef_of(output) for output in OUTPUTS], axis=1)

    def with_coef(self, coef: np.ndarray) -> Weights:
        """The same with other coefficients, shape (n_terms, n_outputs): a model just made."""
        table = terms_table(self.kinds, self.terms, self.idf, coef)
        return replace(self, table=table, name="", digest="")

    def of_kind(self, kind: str) -> tuple[pa.StringArray, np.ndarray]:
        """The terms of one kind, and the rows they stand in."""
        kinds = self.kinds
        names = kinds.dictionary.to_pylist()
        place = names.index(kind) if kind in names else len(names)
        rows = np.flatnonzero(numbers_of(kinds.indices) == place)
        if len(rows) and rows[-1] - rows[0] < len(rows):  # together, as they are written
            return self.terms.slice(rows[0], len(rows)), rows
        return self.terms.take(as_numbers(rows)), rows

    def fingerprint(self) -> str:
        """A digest of all that decides what a text is found to show."""
        found = hashlib.sha256(repr(self.settings).encode())
        for column in (self.kinds.dictionary_decode(), self.terms):
            text, bounds = text_bytes(column)
            found.update(text)
            found.update(bounds.tobytes())
        for array in (self.idf, self.coef, self.intercept, self.calibration, self.thresholds):
            found.update(np.ascontiguousarray(array).tobytes())
        return found.hexdigest()

    def packed(self) -> bytes:
        """The bytes of ``weights.parquet``; the same weights give the same."""
        return packed(self.table)


def write_weights(weights: Weights, folder: str | PathLike[str]) -> None:
    """Write both files into an existing folder; the same weights give the same bytes."""
    folder = Path(folder)
    content = weights.packed()
    outputs = {
        name: {
            "intercept": float(weights.intercept[i]),
            "calibration": weights.calibration[i].tolist(),
            "threshold": float(weights.thresholds[i]),
        }
        for i, name in enumerate(OUTPUTS)
    }
    page = {
        "format_version": FORMAT_VERSION,
        "weights": {"terms": weights.table.num_rows, "sha256": hashlib.sha256(content).hexdigest()},
        "settings": asdict(weights.settings),
        "outputs": outputs,
        **weights.about,
    }
    (folder / WEIGHTS_FILE).write_bytes(content)
    (folder / JSON_FILE).write_text(
        json.dumps(page, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8"
    )


def read_weights(folder: str | PathLike[str]) -> Weights:
    """Read a model folder.

    Raises
    ------
    LeadclassError
        If the folder or a file of it is missing, damaged, too large, of a newer format, or not
        what `write_weights` writes.
    """
    folder = Path(folder)
    page = read_page(folder)
    path = folder / WEIGHTS_FILE
    content = read_whole(path, MOST_BYTES, "the model's table")
    differs = hashlib.sha256(content).hexdigest() != page.digest
    table = read_terms(content, path)  # which says more than that the bytes differ, where it can
    if differs:
        raise LeadclassError(
            f"the table is damaged or does not belong to {JSON_FILE} (its digest differs)",
            file=path,
            remedy=RETRAIN,
        )
    if table.num_rows != page.n_terms:
        raise LeadclassError(
            f"has {table.num_rows:,} terms where {JSON_FILE} says {page.n_terms:,}",
            file=path,
            remedy=RETRAIN,
        )
    return Weights(
        settings=page.settings,
        table=table,
        intercept=page.numbers[:, 0],
        calibration=page.numbers[:, 2:],
        thresholds=page.numbers[:, 1],
        about=page.about,
        name=folder.resolve().name,
        digest=page.digest,
    )
