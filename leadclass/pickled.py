"""A pickled pipeline that a user trusts in, the scikit-learn pipeline out.

No command opens one and nothing else in leadclass does: what opens a pickle runs what is in it.
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from leadclass.errors import LeadclassError, missing_extra
from leadclass.files import check_file, is_folder

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

PIPELINE_FILE = "pipeline.joblib"

_SAFE = "leadclass.load() runs nothing and gives the same probabilities"


def load_pipeline(path: str | PathLike[str], *, trusted: bool) -> Pipeline:
    """Open the scikit-learn pipeline of a model, which is a pickle: **it can run any program**.

    Whoever made the file decides what happens when it is opened, with all that you may do: it can
    read and delete your files, or send them away, and nobody can see beforehand whether it does.
    So open none but those that you made yourself and that nobody else could have changed since.
    To score, `leadclass.load` is enough, which runs nothing.

    Parameters
    ----------
    path : path-like
        The folder of a model, or its ``pipeline.joblib``.
    trusted : bool
        Whether you know who made the file, and would run any program of theirs. There is no
        default; nothing is opened unless it is True.

    Returns
    -------
    sklearn.pipeline.Pipeline

    Raises
    ------
    LeadclassError
        If it is not trusted, is missing, or cannot be opened with the versions installed here.

    Examples
    --------
    >>> pipeline = leadclass.load_pipeline("models/mine", trusted=True)  # doctest: +SKIP
    >>> pipeline.predict_proba(["Plans the weekly rota."]).shape  # doctest: +SKIP
    (1, 10)
    """
    file = Path(path) / PIPELINE_FILE if is_folder(path) else Path(path)
    if trusted is not True:
        raise LeadclassError(
            "is a pickle, which can run any program when it is opened",
            file=file,
            remedy=f"{_SAFE}; if you made the file yourself, pass trusted=True",
        )
    check_file(file)
    try:
        import joblib  # with what is in the file, scikit-learn
        from sklearn.pipeline import Pipeline
    except ModuleNotFoundError as error:
        raise missing_extra(error.name or "scikit-learn", "train", "a pipeline") from None
    try:
        pipeline = joblib.load(file)
    except Exception as error:  # what is in it can raise anything
        raise LeadclassError(
            f"cannot be opened ({type(error).__name__})",
            file=file,
            remedy="install the versions that model.json names, or train it again",
        ) from error
    if not isinstance(pipeline, Pipeline):
        raise LeadclassError("holds no pipeline", file=file, remedy="train the model again")
    return pipeline
