"""A statement in, what the model says of it out; the model is loaded when it is first asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from leadclass.errors import LeadclassError

if TYPE_CHECKING:
    from leadclass.model import Model


@dataclass(frozen=True)
class Opinion:
    """What a model says of a statement.

    Attributes
    ----------
    label : str
    traits : tuple of str
    p_leadership, p_management : float
    """

    label: str
    traits: tuple[str, ...]
    p_leadership: float
    p_management: float


class Opinions:
    """A model that is asked for opinions.

    Parameters
    ----------
    load : callable
        Gives the model.

    Attributes
    ----------
    problem : str
        Why there is none, once that is known.
    """

    def __init__(self, load: Callable[[], Model]) -> None:
        self._load = load
        self._known: dict[str, Opinion] = {}
        self.problem = ""

    def prepare(self) -> None:
        """Load the model now, while no one waits for it."""
        _ = self._model

    def of(self, text: str) -> Opinion | None:
        """The opinion on one statement; None if the model cannot be loaded."""
        if text not in self._known:
            if self._model is None:
                return None
            self._known[text] = _asked(self._model, [text])[0]
        return self._known[text]

    def of_all(self, texts: Sequence[str]) -> list[Opinion]:
        """The opinions on many.

        Raises
        ------
        LeadclassError
            If the model cannot be loaded.
        """
        return _asked(self._model or self._load(), texts)

    @cached_property
    def _model(self) -> Model | None:
        try:
            return self._load()
        except LeadclassError as error:  # who labels need not lose their place over it
            self.problem = str(error)
            return None


def _asked(model: Model, texts: Sequence[str]) -> list[Opinion]:
    decisions = model.decide(texts)
    rows = zip(decisions.labels, decisions.traits, decisions.probabilities, strict=True)
    return [Opinion(label, traits, float(p[0]), float(p[1])) for label, traits, p in rows]
