"""The options that several commands share, each said once."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from leadclass.errors import missing_extra
from leadclass.labels import NO, SIDES, YES

if TYPE_CHECKING:
    from leadclass.model import Model

ROW_FORMATS = ("table", "jsonl", "csv")
PAGE_FORMATS = ("table", "json")

PATH = click.Path(path_type=Path)

model_option = click.option(
    "--model",
    "-m",
    type=PATH,
    metavar="DIR",
    help="The folder of the model to use, or default for the shipped one; by default the one that "
    "'leadclass use' tells.",
)


@dataclass(frozen=True)
class ChosenModel:
    """The model that a command is to use, and from where on its outputs count as shown."""

    folder: Path | None
    thresholds: dict[str, float]
    precision: float | None

    def load(self) -> Model:
        """Load it, with its thresholds moved as was asked."""
        gc.disable()  # of what is imported and loaded nothing is garbage: it need not be looked for
        try:
            from leadclass.model import load  # numpy and pyarrow, which --help does not need

            model = load(self.folder)
        finally:
            gc.freeze()
            gc.enable()
        if self.precision is not None:
            model = model.with_precision(self.precision)
        return model.with_thresholds(self.thresholds) if self.thresholds else model


def model_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that choose a `ChosenModel`, which the command is given as ``model``."""

    @wraps(command)
    def choosing(
        *args: Any,
        model: Path | None,
        threshold: tuple[str, ...],
        precision: float | None,
        **options: Any,
    ) -> None:
        thresholds = _thresholds(threshold)
        command(*args, model=ChosenModel(model, thresholds, precision), **options)

    for option in (
        click.option(
            "--precision",
            type=float,
            metavar="P",
            help="Move the thresholds of both sides so that, of what is said to be shown, at least "
            "this share is, by the model's own cross-validation.",
        ),
        click.option(
            "--threshold",
            metavar="[SIDE=]P",
            multiple=True,
            help="The probability from which a side counts as shown, such as 0.5 for both or "
            "leadership=0.4. May be repeated.",
        ),
        model_option,
    ):
        choosing = option(choosing)
    return choosing


def text_option(
    default: str | None = None,
) -> Callable[[click.decorators.FC], click.decorators.FC]:
    """The option that names the column to read, which must be given where there is no default."""
    named: dict[str, Any] = {"required": True}
    if default is not None:
        named = {"default": default, "show_default": True}
    return click.option("--text", "-t", metavar="COLUMN", help="The column to read.", **named)


def most_option(
    name: str, most: int, shown: str
) -> Callable[[click.decorators.FC], click.decorators.FC]:
    """An option that says how many of something are shown, from none on."""
    return click.option(
        name, type=click.IntRange(0), metavar="N", default=most, show_default=True, help=shown
    )


texts_option = click.option(
    "--texts",
    type=PATH,
    metavar="PATH",
    multiple=True,
    help="A table of texts that stand-off labels name by digest. May be repeated.",
)


def labelled_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say how a labelled table is to be read.

    What they say of its labels' words the command is given as ``wording``.
    """

    @wraps(command)
    def reading(
        *args: Any,
        word: tuple[str, ...],
        sides: str | None,
        yes: str,
        no: str,
        blank_is_no: bool,
        **options: Any,
    ) -> None:
        from leadclass.wording import Wording  # which --help does not need

        _check_sides(sides)
        wording = Wording(
            word, () if sides is None else _parts(sides), _parts(yes), _parts(no), blank_is_no
        )
        command(*args, wording=wording, **options)

    for option in (
        texts_option,
        click.option(
            "--no-traits",
            "traits",
            flag_value=False,
            default=True,
            help="Leave the column traits out: it holds something else.",
        ),
        click.option(
            "--blank-is-no",
            is_flag=True,
            help="Take every blank cell of --sides for a no. Otherwise it is one beside a yes "
            "alone, and refused elsewhere: that row may be one that no one has labelled.",
        ),
        *(
            click.option(
                f"--{answer}",
                metavar="WORDS",
                default=",".join(words),
                show_default=True,
                help=f"What says {answer} in the columns of --sides.",
            )
            for answer, words in (("no", NO), ("yes", YES))
        ),
        click.option(
            "--sides",
            metavar="LEAD,MAN",
            help="Two columns that say yes or no, to leadership and to management, in place of a "
            "column of labels.",
        ),
        click.option(
            "--word",
            metavar="WORD=LABEL",
            multiple=True,
            help="A word of the column of labels, and the label that it stands for, such as "
            "L=leadership. May be repeated.",
        ),
        *(
            click.option(
                f"--{name}", short, metavar="COLUMN", default=name, show_default=True, help=shown
            )
            for name, short, shown in (
                ("label", "-l", "The column of labels."),
                ("text", "-t", "The column of statements."),
            )
        ),
    ):
        reading = option(reading)
    return reading


def _check_sides(sides: str | None) -> None:
    """Refuse options that do not go with --sides, or go with nothing else."""
    from click.core import ParameterSource

    context = click.get_current_context()
    given = {
        name
        for name in ("label", "yes", "no", "blank_is_no")
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    }
    if sides is not None and "label" in given:
        raise click.UsageError("--sides and --label name the labels in two ways")
    if sides is None and given - {"label"}:
        raise click.UsageError("--yes, --no and --blank-is-no are for --sides")


def _parts(text: str) -> tuple[str, ...]:
    """What stands between commas, of which one may be in quotes."""
    import csv  # which --help does not need

    try:
        return tuple(next(csv.reader([text], skipinitialspace=True, strict=True), ()))
    except csv.Error:
        raise click.UsageError(f"{text!r} has quotes that are not closed") from None


def _thresholds(given: tuple[str, ...]) -> dict[str, float]:
    thresholds: dict[str, float] = {}
    for text in given:
        side, _, number = text.rpartition("=")
        try:
            threshold = float(number)
        except ValueError:
            threshold = -1.0
        if side not in ("", *SIDES) or not 0 < threshold < 1:
            raise click.UsageError(
                f"--threshold {text!r} is no number above 0 and below 1, nor {SIDES[0]}= or "
                f"{SIDES[1]}= and one"
            )
        thresholds |= dict.fromkeys(SIDES if not side else [side], threshold)
    return thresholds


def format_option(
    name: str, choices: tuple[str, ...], shown: str, default: str | None = None
) -> Callable[[click.decorators.FC], click.decorators.FC]:
    """The option ``--format``, passed on as `name`."""
    return click.option(
        "--format", "-f", name, type=click.Choice(choices), default=default, help=shown
    )


row_format_option = format_option(
    "row_format",
    ROW_FORMATS,
    "How rows come out: by default a table on a terminal, jsonl in a pipe.",
)
page_format_option = format_option(
    "page_format", PAGE_FORMATS, "A page to read, or JSON for machines.", PAGE_FORMATS[0]
)
encoding_option = click.option(
    "--encoding",
    metavar="NAME",
    help="The encoding of the input, such as cp1252; UTF-8 by default.",
)


def _one_character(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> str | None:
    if value is not None and (len(value) != 1 or value in '"\r\n'):
        raise click.BadParameter("is one character, no quote and no line end")
    return value


delimiter_option = click.option(
    "--delimiter",
    metavar="CHAR",
    callback=_one_character,
    help="What stands between the cells of a csv; by default what its header uses.",
)


@contextmanager
def needing(purpose: str, extra: str) -> Iterator[None]:
    """Say in one line which extra a command needs, where its import fails."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise missing_extra(error.name or extra, extra, purpose) from None
