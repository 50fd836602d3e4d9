"""All that is fuzzed, by name."""

from __future__ import annotations

from fuzz.documents import DOCUMENTS
from fuzz.models import MODELS
from fuzz.server import SERVER
from fuzz.tables import TABLES
from fuzz.texts import STATEMENTS

TARGETS = {target.name: target for target in (*TABLES, *DOCUMENTS, *STATEMENTS, *MODELS, *SERVER)}
