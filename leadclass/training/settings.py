"""Everything that a training run can be told, with the values that measured best."""

from __future__ import annotations

from dataclasses import dataclass, field

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
    """

    features: FeatureSettings = field(default_factory=FeatureSettings)
    min_df: int = 2
    C: float = 30.0
    smoothing: float = 1.0
    phrase_weight: float = 0.25
    folds: int = 5
    seed: int = 0
