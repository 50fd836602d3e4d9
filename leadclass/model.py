"""The model: what a user loads, and everything it says of texts, tables and documents.

What only some of it needs is imported there: to label a line, nothing that reads, splits or
explains is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadclass.arrow import as_checked_strings, as_flags, as_numbers
from leadclass.decisions import Decisions, decide
from leadclass.defaults import model_in_use
from leadclass.errors import LeadclassError, wrong_type
from leadclass.labels import OUTPUTS, SIDES, Unit
from leadclass.scoring import Scorer
from leadclass.weights import Weights, read_weights

if TYPE_CHECKING:
    import pandas as pd

    from leadclass.documents import Document
    from leadclass.explanation import Explanation, Term
    from leadclass.profile import Profile


def load(path: str | PathLike[str] | None = None) -> Model:
    """Load a model from its plain data; nothing in the folder is executed.

    Parameters
    ----------
    path : path-like, optional
        A folder that ``leadclass train`` has written, or ``default`` for the shipped model, where
        no folder has that name. By default the one that the environment
        variable ``LEADCLASS_MODEL`` names, else the one that ``leadclass use`` has chosen, else the
        shipped model.

    Returns
    -------
    Model

    Raises
    ------
    LeadclassError
        If the folder does not hold a whole model, or not the one that was chosen.
    """
    used = model_in_use(path)
    try:
        weights = read_weights(used.folder)
    except LeadclassError as error:
        error.remedy = used.remedy or error.remedy
        raise
    used.check(weights.digest)
    return Model(weights)


def analyze(document: str | Document | PathLike[str]) -> Profile:
    """Profile a text, a document, or the file at a `pathlib.Path`, with the model in use.

    That is the one that `load` gives, loaded once.

    Parameters
    ----------
    document : str, Document or path-like

    Returns
    -------
    Profile
        Its statements with offsets, the balance of the two sides, the traits.
    """
    return _usual_model().analyze(document)


@cache
def _usual_model() -> Model:
    return load()


class Model:
    """A fitted model, ready to score.

    Parameters
    ----------
    weights : Weights

    Examples
    --------
    >>> import leadclass
    >>> model = leadclass.load()
    >>> model.predict(["Sets a clear direction and inspires the team to follow."]).tolist()
    ['leadership']
    >>> model.predict_proba(["Plans the rota.", "Free parking."]).shape
    (2, 2)
    """

    def __init__(self, weights: Weights) -> None:
        if not isinstance(weights, Weights):
            raise wrong_type("weights", weights, "Weights, or a folder to leadclass.load")
        self.weights = weights
        self._scorer = Scorer(weights)

    @property
    def about(self) -> dict[str, Any]:
        """Where the model comes from and how well it does."""
        return self.weights.about

    @property
    def known_stems(self) -> frozenset[str]:
        """The stems of the words that are terms of their own."""
        return frozenset(self.weights.of_kind("word")[0].to_pylist())

    def with_thresholds(self, thresholds: Mapping[str, float]) -> Model:
        """The same model, from other probabilities on.

        Parameters
        ----------
        thresholds : mapping of str to float
            By output; those that are not named stay.

        Returns
        -------
        Model

        Raises
        ------
        LeadclassError
            If there is no such output, or a threshold is not above 0 and up to 1.
        """
        if not isinstance(thresholds, Mapping):
            raise wrong_type("thresholds", thresholds, "a dict of numbers by output")
        moved = self.weights.thresholds.copy()
        for output, threshold in thresholds.items():
            _check_share(f"the threshold of {output}", threshold)
            moved[_place(output)] = threshold
        return Model(replace(self.weights, thresholds=moved))

    def with_precision(self, precision: float) -> Model:
        """The same model with the lowest thresholds of both sides that give a precision.

        Parameters
        ----------
        precision : float
            In (0, 1]: the share, of what is said to be shown, that is, by cross-validation when the
            model was trained.

        Returns
        -------
        Model

        Raises
        ------
        LeadclassError
            If a side does not reach it, or it is not above 0.
        """
        _check_share("precision", precision)
        found = {}
        for side in SIDES:
            points = self.about.get("operating_points", {}).get(side, [])
            enough = [point["threshold"] for point in points if point["precision"] >= precision]
            if not enough:
                most = max((point["precision"] for point in points), default=None)
                reached = "no precision is known" if most is None else f"it reaches {most:.2f}"
                raise LeadclassError(
                    f"precision {precision:g} is out of this model's reach for {side}: {reached}",
                    remedy="ask for less, or give --threshold",
                )
            found[side] = min(enough)
        return self.with_thresholds(found)

    def decide(self, texts: pa.Array | Sequence[str | None]) -> Decisions:
        """Labels, traits and all probabilities of statements.

        A text without a letter shows nothing, with probabilities of NaN.

        Parameters
        ----------
        texts : Arrow string array or sequence of str, length n
            One statement each.

        Returns
        -------
        Decisions
        """
        column = as_checked_strings(texts)
        probabilities = self._scorer.probabilities(column)
        probabilities[_says_nothing(column)] = np.nan
        return decide(probabilities, self.weights.thresholds)

    def predict(self, texts: Sequence[str | None]) -> np.ndarray:
        """The label of each statement.

        Parameters
        ----------
        texts : sequence of str, length n

        Returns
        -------
        ndarray of str, shape (n,)
        """
        return self.decide(texts).labels

    def predict_proba(self, texts: Sequence[str | None]) -> np.ndarray:
        """The probabilities of leadership and of management, each by itself.

        Parameters
        ----------
        texts : sequence of str, length n

        Returns
        -------
        ndarray, shape (n, 2)
            In [0, 1]; a row need not sum to one. A text without words has the model's bias.
        """
        return self._scorer.probabilities(as_checked_strings(texts))[:, : len(SIDES)]

    def tag(
        self, frame: pd.DataFrame | pa.Table, text: str, unit: Unit = "row"
    ) -> pd.DataFrame | pa.Table:
        """Add label, probabilities and traits to a table.

        Parameters
        ----------
        frame : pandas.DataFrame or pyarrow.Table
        text : str
            The column to read.
        unit : {'row', 'statement'}
            Whether a row of the result is a row of the table or one of its statements.

        Returns
        -------
        pandas.DataFrame or pyarrow.Table
            Of the kind that came in, the new columns after its own.

        Raises
        ------
        LeadclassError
            If the table has no such column or it does not hold text.
        """
        from leadclass.batches import tag_frame

        return tag_frame(self.decide, frame, text, unit)

    def tag_batches(
        self,
        batches: pa.RecordBatchReader | Iterable[pa.RecordBatch],
        text: str,
        unit: Unit = "row",
    ) -> pa.RecordBatchReader:
        """Add the same columns to a stream of Arrow record batches, in memory that does not grow.

        Parameters
        ----------
        batches : pyarrow.RecordBatchReader or iterable of pyarrow.RecordBatch
            Or anything else that gives an Arrow stream, as the tables of pyarrow, DuckDB and
            Polars do.
        text : str
            The column to read.
        unit : {'row', 'statement'}
            Whether a row of the result is a row of the stream or one of its statements.

        Returns
        -------
        pyarrow.RecordBatchReader
            Its schema is known before a batch is read; a batch is scored when it is asked for.

        Raises
        ------
        LeadclassError
            If the stream has no such column, it does not hold text, or the schema is not known
            because an iterable was empty.

        Examples
        --------
        >>> import leadclass, pyarrow as pa
        >>> batch = pa.RecordBatch.from_pydict({"id": [1], "comment": ["Plans the rota."]})
        >>> tagged = leadclass.load().tag_batches([batch], text="comment")
        >>> tagged.schema.names
        ['id', 'comment', 'label', 'p_leadership', 'p_management', 'traits']
        >>> tagged.read_all()["label"].to_pylist()
        ['management']
        """
        from leadclass.batches import tag_batches

        return tag_batches(self.decide, batches, text, unit)

    def explain(self, text: str) -> Explanation:
        """What in a statement spoke for and against each side and trait.

        Parameters
        ----------
        text : str

        Returns
        -------
        Explanation
        """
        from leadclass.explanation import explain

        _check_text(text)
        decisions = self.decide([text])
        return explain(
            text,
            self._scorer.trace(text),
            label=decisions.labels[0],
            traits=decisions.traits[0],
            thresholds=dict(zip(OUTPUTS, self.weights.thresholds.tolist(), strict=True)),
        )

    def terms(self, text: str, outputs: Sequence[str] = SIDES) -> tuple[Term, ...]:
        """The words of a statement and what they add: a quicker part of `explain`.

        Parameters
        ----------
        text : str
        outputs : sequence of str
            To the log-odds of these of `leadclass.labels.OUTPUTS`; by default the sides.

        Returns
        -------
        tuple of Term
            In reading order, with zeros for the other outputs.
        """
        from leadclass.explanation import terms_of

        _check_text(text)
        if isinstance(outputs, str) or not isinstance(outputs, Iterable):
            raise wrong_type("the outputs", outputs, "a list of their names")
        for output in outputs:
            _place(output)
        return terms_of(self._scorer.trace(text, outputs))

    def analyze(self, document: str | Document | PathLike[str]) -> Profile:
        """Profile a document.

        Parameters
        ----------
        document : str, Document or path-like
            A text, or a document that was read, or a `pathlib.Path` to one.

        Returns
        -------
        Profile
        """
        from leadclass.analysis import profile_of

        return profile_of(self.decide, document)


def _check_text(text: object) -> None:
    if not isinstance(text, str):
        raise wrong_type("a text", text, "one string")


def _check_share(what: str, share: object) -> None:
    if not isinstance(share, int | float | np.integer | np.floating):
        raise wrong_type(what, share, "a number")
    if not 0 < share <= 1:
        raise LeadclassError(
            f"{what} {share:g} is out of range",
            remedy="give one above 0, up to 1, such as --threshold 0.5 or --precision 0.9",
        )


def _place(output: str) -> int:
    if output not in OUTPUTS:
        raise LeadclassError(
            f"no output is called {output!r}", remedy=f"use one of {', '.join(OUTPUTS)}"
        )
    return OUTPUTS.index(output)


def _says_nothing(texts: pa.Array) -> np.ndarray:
    """Which texts are missing or have no letter, a bool array of shape (n,).

    A letter is what is one to the splitter, ² and ½ too, so that every statement says something.
    """
    nothing = ~as_flags(pc.match_substring_regex(texts, "[A-Za-z]"))
    # Letters of other scripts are rare enough to be looked for one text at a time.
    rest = np.flatnonzero(nothing)
    nothing[rest] = [
        text is None or not any(c.isalnum() and not c.isdecimal() for c in text)
        for text in texts.take(as_numbers(rest)).to_pylist()
    ]
    return nothing
