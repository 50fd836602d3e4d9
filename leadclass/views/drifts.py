"""New text beside what a model has learnt from, on a terminal."""

from __future__ import annotations

import shlex
from pathlib import Path

from rich.text import Text

from leadclass.drift import FEWEST, LIKE, SOMEWHAT, UNLIKE, UNSURE, Drift
from leadclass.evaluation import Interval
from leadclass.labels import LABELS, SIDES
from leadclass.text_summary import NEAR
from leadclass.views.console import BOLD, DIM, console, harmless, label_text, table

_CHANGES = ("none that matters", "small", "large")


def show_drift(drift: Drift, name: str, column: str) -> None:
    """Print how far new text is like what the model knows, and whether to label more."""
    out = console()
    out.print(Text(f"{harmless(name)}: {drift.summary.statements:,} statements", BOLD))
    shown = table("share of", "here", "learnt from")
    learnt = drift.learnt
    shown.add_row(
        "words unknown to the model",
        _figure(drift.unknown),
        f"{learnt.unknown / max(learnt.words, 1):.1%}" if learnt else "-",
    )
    before = max(learnt.statements, 1) if learnt else 1
    shown.add_row(
        f"statements within {NEAR:g} of a threshold",
        _figure(drift.near),
        f"{learnt.near / before:.1%}" if learnt else "-",
    )
    for label in LABELS:
        said = f"{learnt.labels[label] / before:.1%}" if learnt else "-"
        shown.add_row(label_text(label), _figure(drift.labels[label]), said)
    out.print_table(shown)
    if drift.changes and drift.verdict != UNSURE:
        shown = table("probabilities", "PSI", "by chance up to", "change")
        for side in SIDES:
            part = drift.changes[side]
            shown.add_row(
                label_text(side), f"{part.psi:.3f}", f"{part.by_chance:.3f}", _CHANGES[part.level]
            )
        out.print_table(shown)
    if drift.words:
        words = ", ".join(f"{harmless(word)} {n:,}" for word, n in drift.words)
        out.print(Text(f"\nUnknown most often: {words}", DIM))
    out.print()
    out.print(Text(_verdict(drift), BOLD))
    if drift.verdict in (SOMEWHAT, UNLIKE):
        place, text = (shlex.quote(harmless(word)) for word in (name, column))
        labels = shlex.quote(harmless(str(Path(name).with_name(f"{Path(name).stem}.labels.csv"))))
        # Those most worth learning from are the hard ones: they would measure the model too low.
        out.print("To measure the model on it, some statements drawn by chance:")
        out.print(f"  leadclass label {place} -t {text} --unit statement --shuffle", soft_wrap=True)
        out.print(f"  leadclass evaluate {labels}", soft_wrap=True)
        out.print("To teach the model, those most worth labelling:")
        out.print(f"  leadclass suggest {place} -t {text} -n 200 -o to-label.csv", soft_wrap=True)
    out.print()
    out.print(
        Text(
            "In brackets: 95 % intervals over rows. PSI: population stability index, small from "
            "0.1, large from 0.25 (Siddiqi, 2006). Learnt from: by models that had not seen the "
            "statement. Another mix of labels need not be an error: only labels can show that.",
            DIM,
        )
    )


def _verdict(drift: Drift) -> str:
    if drift.learnt is None:
        return (
            "The model keeps no summary of what it has learnt from, so only the new text is "
            "described; a model that is trained now keeps one."
        )
    if drift.verdict == UNSURE:
        return f"Too little text to say: {FEWEST} statements and more are needed."
    if drift.verdict == LIKE:
        return (
            "The text is like what the model knows. Nothing here asks for more labels; a hundred "
            "would tell how right it is on it."
        )
    reasons = [
        *(["more words are unknown"] if drift.more_unknown else []),
        *(
            f"the probabilities of {side} have moved"
            for side, change in drift.changes.items()
            if change.level
        ),
    ]
    asks = (
        "Label some 200 statements of it before you rely on the model there."
        if drift.verdict == UNLIKE
        else "Label a hundred statements of it to see whether the model is still right there."
    )
    return f"The text is {drift.verdict} what the model knows: {', '.join(reasons)}. {asks}"


def _figure(share: Interval) -> str:
    return f"{share.value:.1%} ({share.low:.1%}–{share.high:.1%})"
