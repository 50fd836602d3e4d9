"""A model in, test vectors out: statements for every rule of the format, with what they come to."""

from __future__ import annotations

from typing import Any

import numpy as np

from leadclass.features import stems
from leadclass.labels import OUTPUTS, join_traits
from leadclass.model import Model
from leadclass.package_files import package_rows
from leadclass.tokens import tokenise

#: What stands between the tokens of a cell; no token has one.
_BLANK = " "


def vectors_of(model: Model) -> list[dict[str, Any]]:
    """Statements, their tokens and stems, and all that the model says of them.

    Parameters
    ----------
    model : Model

    Returns
    -------
    list of dict
        With the keys ``rule``, ``text``, ``tokens``, ``stems``, ``label``, ``traits``, and ``p_``
        before the name of each output: its probability, None for a text that says nothing.
    """
    rows = package_rows("export/vectors.csv")
    texts = [row["text"] for row in rows]
    decisions = model.decide(texts)
    return [
        {
            **row,
            "tokens": _BLANK.join(tokens),
            "stems": _BLANK.join(stems(tokens)),
            "label": label,
            "traits": join_traits(traits),
        }
        | {
            f"p_{output}": None if np.isnan(probability) else float(probability)
            for output, probability in zip(OUTPUTS, probabilities, strict=True)
        }
        for row, tokens, label, traits, probabilities in zip(
            rows,
            tokenise(texts).texts(),
            decisions.labels,
            decisions.traits,
            decisions.probabilities,
            strict=True,
        )
    ]
