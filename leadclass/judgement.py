"""A comparison of two models in, whether the second should take the first's place out.

The rule: a model should not be used that is probably worse in the right label of four, behind in
at least `PROBABLY` of the resamples, or surely worse in the F1 of a side, behind in at least
`leadclass.comparison.SURE` of them. It should be used if it is surely better in the right label.
Between the two nothing is sure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from leadclass.comparison import SURE, Comparison, Difference

#: From which share of resamples on a model is called probably better or worse.
PROBABLY = 0.8

#: On fewer statements than this, only a large difference shows.
FEW = 200


@dataclass(frozen=True)
class Judgement:
    """Whether a new model should be used.

    Attributes
    ----------
    verdict : {'better', 'unsure', 'worse'}
    reason : str
        In a sentence, with the figures.
    """

    verdict: Literal["better", "unsure", "worse"]
    reason: str


def judge(comparison: Comparison) -> Judgement:
    """Judge the second model of a comparison, the new one, beside the first.

    Parameters
    ----------
    comparison : Comparison

    Returns
    -------
    Judgement
    """
    parts = {"the right label of four": comparison.accuracy} | {
        f"{side} F1": part for side, part in comparison.sides.items()
    }
    surely = [name for name, part in parts.items() if 1 - part.second_better >= SURE]
    if surely:
        return Judgement("worse", f"It is surely worse: {_figures(surely[0], parts[surely[0]])}.")
    name, part = next(iter(parts.items()))
    if 1 - part.second_better >= PROBABLY:
        return Judgement(
            "worse",
            f"It is probably worse: {_figures(name, part)}, behind in "
            f"{1 - part.second_better:.0%} of resamples.",
        )
    if part.second_better >= SURE:
        return Judgement("better", f"It is surely better: {_figures(name, part)}.")
    if not part.only_first and not part.only_second:
        return Judgement("unsure", "Both are right on the very same statements.")
    ahead = part.second_better >= 0.5
    share = part.second_better if ahead else 1 - part.second_better
    lead = f"{_figures(name, part)}, {'ahead' if ahead else 'behind'} in {share:.0%} of resamples"
    if part.second_better >= PROBABLY:
        return Judgement("unsure", f"It is probably better, but not surely: {lead}.")
    return Judgement("unsure", f"Which is better is not sure: {lead}.")


def _figures(name: str, part: Difference) -> str:
    change = part.difference
    return (
        f"{name} {part.second:.3f}, before {part.first:.3f} ({change.value:+.3f}, "
        f"{change.low:+.3f} to {change.high:+.3f})"
    )
