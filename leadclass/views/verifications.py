"""How a model made anew compares with the one that is there, on a terminal."""

from __future__ import annotations

from rich.text import Text

from leadclass.training.verification import Verification
from leadclass.views.console import BOLD, console, harmless, table


def show_verification(verification: Verification, name: str) -> None:
    """Print whether the two are the same, and if not, by how much they differ."""
    out, name = console(), harmless(name)
    if verification.same:
        out.print(Text(f"{name} is the model that its data give: the same bytes.", BOLD))
    elif verification.same_table:
        out.print(
            Text(
                f"{name} has the table that its data give, byte for byte, but other intercepts, "
                "calibration or thresholds.",
                BOLD,
            )
        )
    else:
        out.print(Text(f"{name} is not, byte for byte, the model that its data give.", BOLD))
    if not verification.same:
        shown = table("difference", "")
        terms = f"{verification.only_old:,} of the model, {verification.only_new:,} of the new one"
        for row in (
            ("terms of one alone", terms),
            ("largest, of a coefficient or an idf", f"{verification.coefficients:.3f}"),
            (f"largest, of a probability of {verification.n:,} statements",
             f"{verification.probabilities:.4f}"),
            ("statements with another label", f"{verification.labels:,}"),
        ):  # fmt: skip
            shown.add_row(*row)
        out.print_table(shown)
    if verification.versions:
        shown = table("versions", "recorded", "here")
        for library, pair in verification.versions.items():
            shown.add_row(harmless(library), *map(harmless, pair))
        out.print_table(shown)
    elif not verification.same:
        out.print("\nVersions and processor are the recorded ones: it was changed, or the data's")
        out.print("reading has.")
