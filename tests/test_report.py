from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import EXAMPLES, Run, assert_one_clear_line
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadclass.documents import read_document
from leadclass.labels import NOT_FOR, TRAITS, sides_of
from leadclass.model import Model
from leadclass.profile import Profile
from leadclass.views.layout import lay_out
from leadclass.views.names import short_names
from leadclass.views.report import fragment, report, stylesheet

POSTINGS = sorted((EXAMPLES / "postings").iterdir())

HOSTILE = (
    'Plan <script>alert(1)</script> the rota & "quote" it\'s <img src=x onerror=alert(2)>.\n\n'
    "- Lead the team </mark></div></li></ul></article></style><script>x</script> {{ 7*7 }}\n"
    "- Manage budgets <style>*{display:none}</style> {% raw %} &lt;b&gt; and inspire people\n"
    "1. [Coach](javascript:alert(1)) every nurse and [plan](https://example.test/) the work.\n\n"
    '"><svg/onload=alert(1)> Sets the vision \u202e of the firm \x00\x07\x1b[31m and plans it.\n'
)

_VOID = {"meta", "br", "link", "img", "input", "hr"}
_SVG = {"line", "rect", "circle"}
_BREAKS = {"p", "li", "h4", "div", "tr", "td", "th", "br"}


@dataclass
class Page(HTMLParser):
    """A page taken to pieces: its elements, the words of the documents, whether it is balanced."""

    source: str
    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    unbalanced: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, str]] = []
        self.feed(self.source)
        self.close()
        self.unbalanced += [tag for tag, _ in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self._open.append((tag, dict(attrs).get("class") or ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _SVG:
            self.unbalanced.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop()[0] != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if any("words" in names.split() for _, names in self._open):
            self.words.append(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def shown(self) -> str:
        return " ".join(" ".join(self.text).split())


def letters(text: str) -> str:
    """The letters and figures of a text, in order."""
    return "".join(character for character in text if character.isalnum())


def pages_of(model: Model, *paths: Path) -> list[tuple[Profile, str]]:
    documents = [read_document(path) for path in paths]
    return [(model.analyze(document), document.text) for document in documents]


@pytest.fixture(scope="module")
def ward(model: Model) -> tuple[Profile, str]:
    return pages_of(model, EXAMPLES / "postings" / "ward-manager.txt")[0]


@pytest.mark.parametrize("path", POSTINGS, ids=lambda path: path.name)
def test_every_letter_of_a_document_is_in_its_report_once_and_in_order(
    model: Model, path: Path
) -> None:
    page = Page(report(model, pages_of(model, path)))
    assert letters("".join(page.words)) == letters(read_document(path).text)
    assert page.unbalanced == []


def test_every_statement_stands_where_the_profile_says(
    model: Model, ward: tuple[Profile, str]
) -> None:
    profile, text = ward
    page = Page(fragment(model, profile, text))
    placed = [attributes for _, attributes in page.elements if "data-start" in attributes]
    assert [(int(a["data-start"] or ""), a["data-label"]) for a in placed] == [
        (s.start, s.label) for s in profile.statements
    ]
    assert [a["id"] for a in placed] == [f"s{n}" for n in range(len(profile.statements))]


def test_a_mark_can_be_focused_and_has_a_note(model: Model, ward: tuple[Profile, str]) -> None:
    page = Page(fragment(model, *ward))
    ids = {attributes.get("id") for _, attributes in page.elements}
    marks = page.of("mark")
    assert len(marks) == sum(s.label != "neither" for s in ward[0].statements) > 10
    for mark in marks:
        assert mark["tabindex"] == "0"
        assert mark["aria-describedby"] in ids
    assert "“inspiring”, “leader”" in page.shown
    assert "leadership over 99%, management 3%" in page.shown


def test_notes_are_printed(ward: tuple[Profile, str]) -> None:
    printed = stylesheet().split("@media print", 1)[1]
    assert re.search(r"\.notes \{ display: block", printed)
    assert "counter(page)" in printed


def test_words_of_a_note_are_in_its_statement(model: Model, ward: tuple[Profile, str]) -> None:
    page = fragment(model, *ward)
    for number, statement in enumerate(ward[0].statements):
        note = re.search(rf'id="s{number}-note">(.*?)</p>', page, re.DOTALL)
        assert (note is not None) == bool(sides_of(statement.label))
        for word in re.findall("“(.*?)”", note[1] if note else ""):
            assert word in statement.text.lower()


def test_a_report_asks_for_nothing_and_runs_nothing(model: Model) -> None:
    whole = report(model, pages_of(model, *POSTINGS))
    page = Page(whole)
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    for _, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        for name in ("href", "src", "action"):
            assert (attributes.get(name) or "#").startswith("#")
    assert not re.search(r"url\(|@import|https?:", stylesheet())
    policy = next(a["content"] for a in page.of("meta") if "http-equiv" in a) or ""
    assert "default-src 'none'" in policy and "unsafe" not in policy


def test_ids_are_unique_and_links_lead_somewhere(model: Model) -> None:
    page = Page(report(model, pages_of(model, *POSTINGS)))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for link in page.of("a"):
        assert (link["href"] or "")[1:] in ids
    for _, attributes in page.elements:
        for name in ("aria-labelledby", "aria-describedby"):
            assert attributes.get(name, ids[0]) in ids


def test_headings_are_in_order_and_tables_have_captions(model: Model) -> None:
    for paths in (POSTINGS[:1], POSTINGS):
        page = Page(report(model, pages_of(model, *paths)))
        levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))
        assert len(page.of("caption")) == len(page.of("table"))
        assert all(cell.get("scope") in ("col", "row") for cell in page.of("th"))
        assert page.of("html") == [{"lang": "en"}]
        assert len(page.of("main")) == 1


def test_hostile_text_is_text(model: Model) -> None:
    profile = model.analyze(HOSTILE)
    profile = Profile("<script>name</script>\x1b\u202e.txt", profile.statements)
    page = Page(report(model, [(profile, HOSTILE)]))
    assert not {tag for tag, _ in page.elements} & {"script", "img", "b"}
    assert page.unbalanced == []
    assert letters("".join(page.words)) == letters(HOSTILE)
    assert "<script>alert(1)</script>" in page.shown and "{{ 7*7 }}" in page.shown
    assert not set(page.source) & set("\x00\x07\x1b\u202e")


_ODD = st.sampled_from(
    [
        *(
            "<",
            ">",
            "&",
            '"',
            "'",
            "\n",
            "\n\n",
            "\r\n",
            "\u2028",
            "\x0c",
            "\x00",
            "\x1b",
            "\u202e",
        ),
        *("- ", "* ", "1. ", "a) ", "# ", "> ", "• ", "| ", "**", "__", "`", "[x](y)", "; ", ": "),
        *("</style>", "</mark>", "<script>", "]]>", "<!--", "{{", "{%", "\ud800", "\uffff", "𝒫"),
        *("Plans the rota. ", "Inspires people to follow", "Coaches and plans the work", "Free. "),
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(_ODD | st.text(max_size=6), max_size=25).map("".join))
def test_no_text_breaks_out_or_gets_lost(model: Model, text: str) -> None:
    text = text.encode("utf-8", "replace").decode()  # what a file can hold
    profile = model.analyze(text)
    page = Page(fragment(model, profile, text))
    assert page.unbalanced == []
    assert {tag for tag, _ in page.elements} <= (
        set("article div h2 h3 h4 p ul li dl dt dd q a section span strong code mark br".split())
        | set("table caption thead tbody tr th td svg line rect circle figure figcaption".split())
    )
    assert letters("".join(page.words)) == letters(text)
    assert not set(page.source) & set("\x00\x1b\u202e\uffff")


@given(st.text(max_size=40))
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_report_can_always_be_written(model: Model, text: str) -> None:
    profile = Profile(f"{text}\ud800", model.analyze(text).statements)
    report(model, [(profile, f"{text}\ud800")]).encode()


def test_paragraphs_lists_and_headings_are_kept(model: Model) -> None:
    text = (
        "WHAT YOU WILL DO\n- Plan the rota.\n- Lead\n  the team.\n2) Coach people.\n\n"
        "Pay: £30,000\nPlace: Leeds\n\nThe **first** line. [Apply](https://example.test)"
    )
    blocks = lay_out(text, model.analyze(text).statements)
    assert [block.form for block in blocks] == ["heading", *["bullet"] * 3, *["sentence"] * 2]
    assert [block.marker for block in blocks[1:4]] == ["", "", "2)"]
    styles = [run.style for block in blocks for piece in block.pieces for run in piece.runs]
    assert {style: styles.count(style) for style in ("break", "strong", "address")} == {
        "break": 1,
        "strong": 1,
        "address": 1,
    }


def test_lines_without_a_statement_keep_their_form() -> None:
    blocks = lay_out("## Benefits\n- Free parking\n£20 a day\nand more", [])
    assert [block.form for block in blocks] == ["heading", "bullet", "sentence"]
    assert [piece.runs[0].text for piece in blocks[0].pieces] == ["Benefits"]


def test_a_wrapped_paragraph_is_one(model: Model) -> None:
    text = (
        "We want somebody who gives the ward a clear direction and who wins\n"
        "the trust of its staff. The rota is planned six weeks ahead by the\n"
        "sister in charge. Parking is free. The canteen is open all through\n"
        "Christmas.\n"
    )
    (block,) = lay_out(text, model.analyze(text).statements)
    assert not [run for piece in block.pieces for run in piece.runs if run.style == "break"]


@pytest.mark.parametrize(
    ("names", "short"),
    [
        (["jobs/a.txt", "jobs/b/a.txt"], ["a.txt", "b/a.txt"]),
        (["a.txt", "jobs/a.txt"], ["a.txt", "jobs/a.txt"]),
        (["/x/jobs/a.txt"], ["a.txt"]),
        (["-", ""], ["standard input", "text"]),
    ],
)
def test_names_are_said_without_the_folders_they_share(names: list[str], short: list[str]) -> None:
    assert [Path(name) for name in short_names(names)] == [Path(name) for name in short]


def test_several_documents_are_compared_and_linked_to_and_fro(model: Model) -> None:
    pages = pages_of(model, *POSTINGS)
    page = Page(report(model, pages))
    names = [path.name for path in POSTINGS]
    assert all(page.shown.count(name) >= 2 for name in names)
    assert "documents, two speak more of leadership, six more of management" in page.shown
    links = [link["href"] for link in page.of("a")]
    assert links.count("#comparison") == len(pages)
    assert all(f"#d{n}-title" in links for n in range(1, len(pages) + 1))
    balances = re.findall(r"<td>([+−]\d\.\d\d)</td>", page.source)
    assert balances == sorted(balances, key=lambda b: -float(b.replace("−", "-")))


def test_a_report_says_what_made_it_and_what_it_is_not_for(
    model: Model, ward: tuple[Profile, str]
) -> None:
    page = Page(report(model, [ward], made_on=date(2030, 2, 3)))
    assert NOT_FOR in page.shown
    assert "3 February 2030" in page.shown
    assert model.weights.digest in page.shown and len(model.weights.digest) == 64
    point = next(p for p in model.about["operating_points"]["leadership"] if p["threshold"] == 0.35)
    assert f"marks as leadership {100 * point['precision']:.0f} were" in page.shown


def test_what_is_drawn_is_said(model: Model) -> None:
    text = (
        "Plans the rota. Free parking. Coaches nurses. Inspires people. Listens to people. Apply."
    )
    (drawn,) = [
        a for a in Page(fragment(model, model.analyze(text), text)).of("svg") if "role" in a
    ]
    assert drawn["aria-label"] == (
        "The numbers of the statements that show leadership: 3 to 5; management: 1."
    )


def test_figures_follow_the_thresholds(model: Model, ward: tuple[Profile, str]) -> None:
    moved = model.with_thresholds({"leadership": 0.9})
    page = Page(report(moved, [(moved.analyze(ward[1]), ward[1])]))
    point = next(p for p in model.about["operating_points"]["leadership"] if p["threshold"] == 0.9)
    assert f"marks as leadership {100 * point['precision']:.0f} were" in page.shown
    assert "Leadership counts as shown from 90% on, management from 35%." in page.shown


@pytest.mark.parametrize("points", [None, {}, {"leadership": []}, {"leadership": 1}, [1]])
def test_without_figures_none_are_said(
    model: Model, ward: tuple[Profile, str], points: object
) -> None:
    about = {"operating_points": points} if points is not None else {}
    other = Model(replace(model.weights, about=about, name="", digest=""))
    page = Page(report(other, [ward]))
    assert "has not been measured" in page.shown
    assert "SHA-256" not in page.shown


@pytest.mark.parametrize("text", ["We offer free parking.", "123 ---"])
def test_a_text_with_neither_has_a_report(model: Model, text: str) -> None:
    page = Page(report(model, [(model.analyze(text), text)]))
    assert "neither leadership nor management" in page.shown
    assert page.shown.count("not named") == len(TRAITS)
    assert page.of("mark") == []


def test_colours_can_be_read_in_light_in_the_dark_and_in_print() -> None:
    themes = re.findall(r":root \{([^}]*)\}", stylesheet())
    colours = [dict(re.findall(r"--([\w-]+): (#\w+);", theme)) for theme in themes]
    light, *others = [theme for theme in colours if theme]
    assert len(others) == 2
    labels = ("leadership", "management", "both")
    for theme in (light, *(light | other for other in others)):
        for text in ("ink", "quiet", *labels):
            assert contrast(theme[text], theme["paper"]) >= 4.5
        for label in labels:
            assert contrast(theme["ink"], theme[f"{label}-tint"]) >= 4.5
            assert contrast(theme[label], theme[f"{label}-tint"]) >= 4.5


def contrast(one: str, other: str) -> float:
    """The ratio of two colours, after WCAG 2.2."""
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_analyze_writes_a_report_beside_what_it_prints(run: Run, tmp_path: Path) -> None:
    (tmp_path / "posting.txt").write_text("Coaches new nurses. Keeps the ward budget.")
    plain = run("analyze", "posting.txt")
    done = run("analyze", "posting.txt", "--html", "report.html")
    assert (done.returncode, done.stdout) == (0, plain.stdout)
    assert "posting.txt" in (tmp_path / "report.html").read_text(encoding="utf-8")
    piped = run("analyze", "-f", "jsonl", "--html", "piped.html", stdin="Coaches new nurses.")
    assert piped.stdout.count("\n") == 1
    assert "standard input" in (tmp_path / "piped.html").read_text(encoding="utf-8")


def test_a_report_in_the_folder_is_made_anew_and_not_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "posting.txt").write_text("Coaches new nurses.")
    first, second = (run("analyze", ".", "--html", "report.html") for _ in "ab")
    assert first.stdout == second.stdout and second.returncode == 0


def test_no_document_is_overwritten_by_a_report(run: Run, tmp_path: Path) -> None:
    page = "<html><body><p>Coaches new nurses.</p></body></html>"
    for name in ("posting.html", "other.html"):
        (tmp_path / name).write_text(page)
    for read in ("posting.html", "."):
        done = run("analyze", read, "--html", "posting.html")
        assert_one_clear_line(done, "posting.html", "overwrite")
    assert (tmp_path / "posting.html").read_text() == page
    assert_one_clear_line(run("analyze", ".", "--html", "-"), "--html")
    assert_one_clear_line(run("analyze", ".", "--html", "no/report.html"), "no/report.html")
