"""A model as plain data: a table of terms and a page of JSON, checked whole before use.

``weights.parquet`` has a row a term: its kind, the term, its inverse document frequency and a
coefficient for each output. ``model.json`` has what belongs to the whole: settings, intercepts,
calibration, thresholds, and where the model came from. Nothing in either can run.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import asdict, dataclass, field, replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from leadclass.arrow import numbers_of
from leadclass.errors import LeadclassError
from leadclass.features import KINDS, PAIR_SEPARATOR, FeatureSettings
from leadclass.files import is_folder
from leadclass.labels import OUTPUTS

FORMAT_VERSION = 1
WEIGHTS_FILE = "weights.parquet"
JSON_FILE = "model.json"

#: Decimals kept of what is learnt, so that the table reads well and its bytes do not depend on
#: the last bits of a machine's arithmetic.
DECIMALS = 3

_RETRAIN = "give --model a folder that leadclass train has written, or train it again"


@dataclass(frozen=True, eq=False)
class Weights:
    """Everything that scoring needs.

    Attributes
    ----------
    settings : FeatureSettings
        How a text becomes terms.
    kinds, terms : pyarrow.StringArray, length n_terms
        The kind and the name of each term.
    idf : ndarray, shape (n_terms,)
        Inverse document frequencies.
    coef : ndarray, shape (n_terms, n_outputs)
        Coefficients, a column for each of `leadclass.labels.OUTPUTS`.
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
    kinds: pa.StringArray
    terms: pa.StringArray
    idf: np.ndarray
    coef: np.ndarray
    intercept: np.ndarray
    calibration: np.ndarray
    thresholds: np.ndarray
    about: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    digest: str = ""

    def of_kind(self, kind: str) -> tuple[pa.StringArray, np.ndarray]:
        """The terms of one kind, and the rows they stand in."""
        mask = _is_kind(self.kinds, kind)
        return self.terms.filter(mask), np.flatnonzero(numbers_of(mask.cast(pa.int8())))

    def fingerprint(self) -> str:
        """A digest of all that decides what a text is found to show."""
        numbers = (self.idf, self.coef, self.intercept, self.calibration, self.thresholds)
        found = hashlib.sha256(repr((self.settings, self.terms.to_pylist())).encode())
        for array in numbers:
            found.update(np.ascontiguousarray(array).tobytes())
        return found.hexdigest()

    def table(self) -> pa.Table:
        """The terms as an Arrow table, the content of ``weights.parquet``."""
        columns = {
            "kind": self.kinds,
            "term": self.terms,
            "idf": pa.array(self.idf),
        }
        columns |= {name: pa.array(self.coef[:, i]) for i, name in enumerate(OUTPUTS)}
        return pa.table(columns)


def write_weights(weights: Weights, folder: str | PathLike[str]) -> None:
    """Write both files into an existing folder; the same weights give the same bytes."""
    folder = Path(folder)
    buffer = io.BytesIO()
    pq.write_table(weights.table(), buffer, compression="zstd", compression_level=19)
    content = buffer.getvalue()
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
        "weights": {"terms": len(weights.terms), "sha256": hashlib.sha256(content).hexdigest()},
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
        If the folder or a file of it is missing, damaged, of a newer format, or holds numbers
        that are not finite.
    """
    folder = Path(folder)
    page = _read_page(folder)
    path = folder / WEIGHTS_FILE
    try:
        content = path.read_bytes()
    except OSError:
        raise LeadclassError(
            "the model's table is missing or not readable", file=path, remedy=_RETRAIN
        ) from None
    try:
        outputs = [page["outputs"][name] for name in OUTPUTS]
        numbers = np.array(
            [[o["intercept"], o["threshold"], *o["calibration"]] for o in outputs],
            float,
        )
        settings = FeatureSettings(**page["settings"])
        settings = replace(settings, windows=tuple(settings.windows))
        digest, n_terms = page["weights"]["sha256"], int(page["weights"]["terms"])
        usable = _usable(settings, numbers)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, IndexError):
        raise LeadclassError(
            "the model's description is incomplete", file=folder / JSON_FILE, remedy=_RETRAIN
        ) from None
    if hashlib.sha256(content).hexdigest() != digest:
        _check_numbers(content, path)  # says more than that the bytes differ, where it can
        raise LeadclassError(
            f"the table is damaged or does not belong to {JSON_FILE} (its digest differs)",
            file=path,
            remedy=_RETRAIN,
        )
    kinds, terms, idf, coef = _check_numbers(content, path)
    if not usable or len(terms) != n_terms:
        raise LeadclassError(
            "the model's description has numbers that cannot be used",
            file=folder / JSON_FILE,
            remedy=_RETRAIN,
        )
    known = {"format_version", "weights", "settings", "outputs"}
    return Weights(
        settings=settings,
        kinds=kinds,
        terms=terms,
        idf=idf,
        coef=coef,
        intercept=numbers[:, 0],
        calibration=numbers[:, 2:],
        thresholds=numbers[:, 1],
        about={key: value for key, value in page.items() if key not in known},
        name=folder.resolve().name,
        digest=digest,
    )


def _read_page(folder: Path) -> dict[str, Any]:
    if not is_folder(folder):
        problem = "is not a folder" if folder.exists() else "no such model folder"
        raise LeadclassError(problem, file=folder, remedy=_RETRAIN)
    path = folder / JSON_FILE
    if not path.exists():
        raise LeadclassError(f"no model here: {JSON_FILE} is missing", file=folder, remedy=_RETRAIN)
    try:
        page = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise LeadclassError(
            "the model's description is cut off or is not JSON", file=path, remedy=_RETRAIN
        ) from None
    version = page.get("format_version") if isinstance(page, dict) else None
    if type(version) is not int or version < 1:
        raise LeadclassError("names no format version", file=path, remedy=_RETRAIN)
    if version > FORMAT_VERSION:
        raise LeadclassError(
            f"the model has format {version}, newer than this leadclass reads ({FORMAT_VERSION})",
            file=path,
            remedy="upgrade leadclass: pip install --upgrade leadclass",
        )
    return page


def _check_numbers(content: bytes, path: Path) -> tuple[pa.Array, pa.Array, np.ndarray, np.ndarray]:
    try:
        # Not pq.read_table, which loads the whole of pyarrow.dataset.
        with pq.ParquetFile(pa.BufferReader(content)) as file:
            table = file.read(use_threads=False).combine_chunks()
        kinds, terms = (table[name].combine_chunks() for name in ("kind", "term"))
        idf = numbers_of(table["idf"])
        coef = np.empty((len(idf), len(OUTPUTS)))
        for i, name in enumerate(OUTPUTS):
            coef[:, i] = numbers_of(table[name])
    except (pa.ArrowException, KeyError, OSError, ValueError, TypeError):
        raise LeadclassError(
            "the model's table is cut off or is not a table of weights", file=path, remedy=_RETRAIN
        ) from None
    for column, numbers in (("idf", idf), *zip(OUTPUTS, coef.T, strict=True)):
        sound = np.abs(numbers) <= _LARGEST  # false for NaN too
        if sound.all():
            continue
        row = int(sound.argmin())
        raise LeadclassError(
            "a weight is not a number within reason",
            file=path,
            row=row + 1,
            column=column,
            remedy=_RETRAIN,
        )
    if not _are_terms(kinds, terms):
        raise LeadclassError("a term is of no known kind or form", file=path, remedy=_RETRAIN)
    return kinds, terms, idf, coef


def _are_terms(kinds: pa.Array, terms: pa.Array) -> bool:
    """Whether every term has a name and a kind, and every pair is one of two stems."""
    for column in (kinds, terms):
        if not pa.types.is_string(column.type) or column.null_count:
            return False
    if not set(kinds.unique().to_pylist()) <= set(KINDS):
        return False
    pairs = terms.filter(_is_kind(kinds, "pair"))
    return bool((numbers_of(pc.count_substring(pairs, PAIR_SEPARATOR)) == 1).all())


def _is_kind(kinds: pa.StringArray, kind: str) -> pa.BooleanArray:
    # Not pc.equal, whose scalar would load pandas.
    return pc.match_substring_regex(kinds, f"^{kind}$")


def _usable(settings: FeatureSettings, numbers: np.ndarray) -> bool:
    """Whether settings and numbers are of the right number and within reason."""
    counts = (settings.subword_min, settings.subword_max, *settings.windows)
    thresholds = numbers[:, 1]
    return bool(
        all(type(n) is int and 0 < n <= _LARGEST for n in counts)
        and 0 <= settings.subword_weight <= _LARGEST
        and numbers.shape[1] == 2 + 1 + 2 * settings.n_spans
        and (np.abs(numbers) <= _LARGEST).all()
        and (thresholds > 0).all()
        and (thresholds <= 1).all()
    )


#: No window, sub-word, factor or weight of a sound model is larger.
_LARGEST = 1e6
