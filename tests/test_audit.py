"""What docs/audit.md claims that no other test backs."""

import json
import subprocess
import sys

import pytest
from conftest import EXAMPLES, ROOT

from leadclass.labels import NOT_FOR
from leadclass.model import Model

POSTING = EXAMPLES / "postings" / "ward-manager.txt"


@pytest.mark.parametrize(
    "command",
    [
        ("--help",),
        ("analyze", "--format", "table", POSTING),
        ("analyze", "--format", "table", EXAMPLES / "postings"),
        ("info",),
    ],
    ids=["help", "a document", "several documents", "the card"],
)
def test_the_terminal_says_what_it_is_not_for(command: tuple[object, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "leadclass", *map(str, command)],
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        check=True,
    )
    assert NOT_FOR in " ".join(done.stdout.split())


def test_every_surface_says_what_it_is_not_for(model: Model) -> None:
    """The page, the API and its description; of reports test_report.py has a test."""
    pytest.importorskip("starlette")
    from servers import client, serving

    with serving(model) as address, client(address) as ask:
        for page in ("/", "/api/v1/model", "/api/v1/openapi.json"):
            assert NOT_FOR in ask.get(page).text, page


def test_the_shipped_card_names_every_file_that_was_learnt_from() -> None:
    folder = ROOT / "models" / "default"
    page = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    card = (folder / "CARD.md").read_text(encoding="utf-8")
    assert page["data"]
    for source in page["data"]:
        assert f"| {source['name']} |" in card
        assert source["sha256"][:12] in card
