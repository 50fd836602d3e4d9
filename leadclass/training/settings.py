"""Everything that a training run can be told, with the values that measured best."""

from __future__ import annotations

from dataclasses import dataclass, field

from leadclass.errors import LeadclassError, wrong_type
from leadclass.features import FeatureSettings


@dataclass(frozen=True)
class TrainingSettings:
    """How a model is fitted.

    Attributes
    ----------
    features : FeatureSettings
    min_df : int
        Terms in fewer texts than this are left out.
    C : float
        Inverse strength of the logistic regression's penalty.
    smoothing : float
        Of the log-count ratio.
    phrase_weight : float
        How much a phrase counts beside a full statement.
    folds : int
        Of the cross-validation.
    seed : int
        Of the folds.

    Raises
    ------
    LeadclassError
        If a number cannot be trained with.
    """

    features: FeatureSettings = field(default_factory=FeatureSettings)
    min_df: int = 2
    C: float = 30.0
    smoothing: float = 1.0
    phrase_weight: float = 0.25
    folds: int = 5
    seed: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.features, FeatureSettings):
            raise wrong_type("features", self.features, "FeatureSettings")
        for name, least in _WHOLE.items():
            number = getattr(self, name)
            if not isinstance(number, int):
                raise wrong_type(f"the setting {name}", number, "a whole number")
            if not least <= number <= _MOST:
                raise LeadclassError(
                    f"the setting {name} is {number}", remedy=f"give {least} or more, up to {_MOST}"
                )
        for name in _ABOVE_ZERO:
            number = getattr(self, name)
            if not isinstance(number, int | float):
                raise wrong_type(f"the setting {name}", number, "a number")
            if not 0 < number <= _MOST:
                raise LeadclassError(
                    f"the setting {name} is {number}", remedy=f"give one above 0, up to {_MOST}"
                )


#: The whole numbers among the settings, and the least that each can be.
_WHOLE = {"min_df": 1, "folds": 2, "seed": 0}
_ABOVE_ZERO = ("C", "smoothing", "phrase_weight")

#: numpy takes no larger seed.
_MOST = 2**32 - 1
