"""leadclass: whether text about work speaks of leadership, of management, of both or of neither.

Examples
--------
>>> import leadclass
>>> profile = leadclass.analyze("Coaches new nurses. Keeps the ward budget.")
>>> [statement.label for statement in profile.statements]
['leadership', 'management']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from leadclass.version import __version__

if TYPE_CHECKING:
    from leadclass.documents import Document, read_document
    from leadclass.errors import LeadclassError
    from leadclass.explanation import Explanation
    from leadclass.model import Model, analyze, load
    from leadclass.pickled import load_pipeline
    from leadclass.profile import Profile

__all__ = [
    "Document",
    "Explanation",
    "LeadclassError",
    "Model",
    "Profile",
    "__version__",
    "analyze",
    "load",
    "load_pipeline",
    "read_document",
]

# Names are fetched when they are first used, so that the command line can show its help without
# loading numpy and pyarrow.
_HOMES = {
    "Document": "documents",
    "Explanation": "explanation",
    "LeadclassError": "errors",
    "Model": "model",
    "Profile": "profile",
    "analyze": "model",
    "load": "model",
    "load_pipeline": "pickled",
    "read_document": "documents",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
