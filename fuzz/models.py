"""The model folder, which may come from anyone, and the choice of a model."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import zipfile
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from fuzz.mutations import in_json, in_parquet, in_zip, packed
from fuzz.target import Mutator, Target, file_of, folder, holds, refusals
from leadclass.card import card
from leadclass.defaults import (
    CHOICE_FILE,
    CONFIG_VARIABLE,
    Check,
    Choice,
    model_in_use,
    read_choice,
    shipped_model,
    write_choice,
)
from leadclass.drift import drift
from leadclass.lineage import lineage
from leadclass.model import Model, load
from leadclass.views.report import report
from leadclass.weights import JSON_FILE, WEIGHTS_FILE, read_weights

#: Stands in a seed's description for the digest of the table, whatever that is.
_ITS_DIGEST = "that of the table"

#: Terms of each kind that a small model has, and of the parts of its description as many.
_TERMS = 150
_ENTRIES = 3

_TEXTS = ("Coaches her team and keeps the release on schedule.", "Plans the rota.", "x", "", "9 !")


@cache
def small_model() -> Model:
    """The shipped model with few of its terms, which is as fast as it is bad."""
    place = folder() / "small"
    _unpack(_small(_TERMS), place)
    return load(place)


def _small(n_terms: int) -> bytes:
    """The shipped model with so many terms of each kind, as a zip."""
    weights = read_weights(shipped_model())
    table = weights.table
    kinds = np.array(weights.kinds.to_pylist())
    coef = np.abs(weights.coef[:, :2]).max(axis=1)
    rows = [
        row
        for kind in ("word", "pair", "subword")
        for row in np.flatnonzero(kinds == kind)[np.argsort(-coef[kinds == kind])[:n_terms]]
    ]
    buffer = io.BytesIO()
    pq.write_table(table.take(pa.array(sorted(map(int, rows)))), buffer, compression="none")
    page = json.loads((shipped_model() / JSON_FILE).read_text(encoding="utf-8"))
    page["weights"] = {"terms": len(rows), "sha256": _ITS_DIGEST}
    text = json.dumps(_shortened(page), indent=1)
    return packed({JSON_FILE: text.encode(), WEIGHTS_FILE: buffer.getvalue()})


def _shortened(page: object) -> object:
    """The same page with no more than a few entries in each list of objects."""
    if isinstance(page, dict):
        return {key: _shortened(value) for key, value in page.items()}
    if isinstance(page, list) and page and isinstance(page[0], dict):
        return [_shortened(value) for value in page[:_ENTRIES]]
    return page


def _unpack(content: bytes, place: Path) -> None:
    """Write a zip's model folder, its description with the right digest where it asks for it."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    digest = hashlib.sha256(parts.get(WEIGHTS_FILE, b"")).hexdigest()
    for name in (JSON_FILE, WEIGHTS_FILE):
        if name in parts:
            content = parts[name].replace(_ITS_DIGEST.encode(), digest.encode())
            (place / name).write_bytes(content)


def _load(content: bytes) -> None:
    """Load a model folder and have it do all that commands have a model do."""
    place = folder() / "model"
    try:
        _unpack(content, place)
    except Exception:
        return  # no zip, so no folder
    with refusals():
        model = load(place)
        _use(model)


def _use(model: Model) -> None:
    given = model.decide(_TEXTS).probabilities
    holds((np.isnan(given) | ((given >= 0) & (given <= 1))).all(), "a probability is out of bounds")
    holds(not np.isnan(given[0]).any(), "a statement has no probability")
    json.dumps(model.explain(_TEXTS[0]).to_dict(), allow_nan=False)
    json.dumps(model.about, allow_nan=False)
    card(model.weights)
    lineage(model.about, model.weights.digest)
    profile = model.analyze(_TEXTS[0])
    report(model, [(profile, _TEXTS[0])])
    with refusals():
        model.with_precision(0.9).predict(_TEXTS)
    with refusals():
        table = file_of("new.csv", b"comment\n" + "\n".join(_TEXTS[:2]).encode())
        drift(model, table, "comment")


def _part(name: str) -> Mutator:
    return in_json if name == JSON_FILE else in_parquet


def _model_seeds() -> Iterable[bytes]:
    yield _small(12)


def _choose(content: bytes) -> None:
    """Read a choice of a model, and keep it."""
    place = folder() / "config"
    place.mkdir(exist_ok=True)
    (place / CHOICE_FILE).write_bytes(content)
    before = os.environ.get(CONFIG_VARIABLE)
    os.environ[CONFIG_VARIABLE] = str(place)
    try:
        with refusals():
            model_in_use()
            choice = read_choice()
            write_choice(choice)
            holds(read_choice() == choice, "a choice is not kept as it was")
            with refusals():
                load()
    finally:
        del os.environ[CONFIG_VARIABLE]
        if before is not None:
            os.environ[CONFIG_VARIABLE] = before


def _choice_seeds() -> Iterable[bytes]:
    small_model()
    place = str(folder() / "small")
    check = Check("held-out.csv", texts=("texts.csv",), encoding="cp1252")
    for choice in (Choice(), Choice(place, "0" * 64, check), Choice(place, None, None)):
        yield json.dumps(asdict(choice)).encode()


MODELS = (
    Target("model", _load, _model_seeds, in_zip(_part), longest=100_000),
    Target("choice", _choose, _choice_seeds, in_json, longest=4_000),
)
