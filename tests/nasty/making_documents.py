"""Nasty documents, by their names."""

from __future__ import annotations

import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from making_tables import ODD_TEXTS

_PLAIN = "Leads the team with a clear direction.\n\n- Plans the weekly rota.\n"
_W = 'xmlns:w="urn:w"'


def documents() -> dict[str, bytes]:
    """The files, by their names."""
    return _texts() | _pages() | _word() | _pdf()


def _texts() -> dict[str, bytes]:
    texts = {
        "plain.txt": _PLAIN,
        "odd-texts.txt": "\n\n".join(ODD_TEXTS.values()),
        "nul.txt": _PLAIN.replace("team", "te\0am"),
        "only-nul.txt": "\0" * 100,
        "only-controls.txt": "\x1b\x07\x08" * 50,
        "no-letters.txt": "... 123 !!!\n",
        "cr.txt": _PLAIN.replace("\n", "\r"),
        "mixed-ends.txt": _PLAIN.replace("\n", "\r\n", 1) + "Leads.\rPlans.\x0bKeeps.\x85",
        "bom.txt": "\ufeff" + _PLAIN,
        "only-bom.txt": "\ufeff",
        "empty.txt": "",
        "blank.txt": " \n\t\n",
        "bullets.txt": "\u2022\n" * 200 + "- \n" * 200 + "Plans.",
        "nested-quotes.md": "> " * 400 + "Plans the rota.",
        "brackets.md": "[" * 3000 + "](" * 3000,
        "stars.md": "*" * 2000 + "Plans" + "_*`" * 2000,
        "comments.md": "<!--" * 2000 + "Plans the rota.",
        "table.md": "|" * 3000 + "\n" + "|-" * 1000 + "\n",
        "front-matter.md": "---\n" + "a: b\n" * 300 + "Plans.",
        "abbreviations.txt": "e.g. i.e. Mr. " * 300,
        "semicolons.txt": "a; " * 2000,
        "capitals.txt": "PLANS " * 1000,
        "long-word.txt": "x" * 20_000,
    }
    files = {name: text.encode() for name, text in texts.items()}
    for name in ("utf-16-le", "utf-16-be", "utf-32-le"):
        files[f"{name}.txt"] = _PLAIN.encode(name)
        files[f"{name}-bom.txt"] = ("\ufeff" + _PLAIN).encode(name)
    return files | {
        "cp1252.txt": _PLAIN.replace("team", "\u201cteam\u201d").encode("cp1252"),
        "koi8.txt": "\u0420\u0443\u043a\u043e\u0432\u043e\u0434\u0438\u0442 \u0433\u0440\u0443\u043f\u043f\u043e\u0439. ".encode(
            "koi8-r"
        )
        * 20,
        "overlong.txt": _PLAIN.encode() + b"\xc0\xaf\xe0\x80\xaf",
        "surrogates.txt": _PLAIN.encode() + b"\xed\xa0\xbd\xed\xb8\x80",
        "latin-and-utf-8.txt": ("Caf\u00e9 " * 20).encode() + "Caf\u00e9".encode("latin-1"),
        "noise.txt": bytes(range(256)) * 8,
        "picture.txt": b"\x89PNG\r\n\x1a\n" + bytes(60),
        "elf.txt": b"\x7fELF" + bytes(range(256)),
        "pdf.txt": b"%PDF-1.7\n",
        "zip.md": b"PK\x03\x04" + bytes(60),
        "unknown.xyz": b"Plans.",
        "none": b"Plans.",
    }


def _pages() -> dict[str, bytes]:
    page = "<!doctype html><html><body><p>Plans the rota.</p></body></html>"
    texts = {
        "plain.html": page,
        "odd-texts.html": "".join(f"<p>{text}</p>" for text in ODD_TEXTS.values()),
        "deep.html": "<div>" * 3000 + "Plans the rota.",
        "deep-inline.html": "<b><i>" * 3000 + "Plans the rota.",
        "deep-lists.html": "<ul><li>" * 1500 + "Plans the rota.",
        "deep-tables.html": "<table><tr><td>" * 1000 + "Plans the rota.",
        "unclosed.html": "<p>Plans the rota.<a href='" + "x" * 500,
        "unclosed-comment.html": "<p>Plans the rota.<!-- " + "<!-- " * 500,
        "unclosed-script.html": "<p>Plans.<script>" + "if (a<b) " * 500,
        "many-attributes.html": "<p " + " ".join(f"a{n}=1" for n in range(2000)) + ">Plans.</p>",
        "same-attributes.html": "<p " + "class=x " * 2000 + ">Plans.</p>",
        "quotes.html": '<p title="' + "'" * 2000 + ">Plans the rota.",
        "only-less.html": "<" * 5000,
        "only-tags.html": "<p>" * 3000,
        "script-only.html": "<script>" + "x" * 5000 + "</script>",
        "entities.html": "<p>"
        + "&amp;" * 1000
        + "&notanentity;&#0;&#x110000;&#xD800;&#99999999;Plans.",
        "huge-entity.html": "<p>Plans &#" + "9" * 6000 + "; &#x" + "f" * 6000 + ";.</p>",
        "nul.html": page.replace("rota", "ro\0ta"),
        "charset-lies.html": page.replace("<body>", "<meta charset='utf-16'><body>"),
        "charset-unknown.html": page.replace("<body>", "<meta charset='klingon'><body>"),
        "charset-bytes.html": page.replace("<body>", "<meta charset='hex'><body>").replace(
            "a.", "é."
        ),
        "charset-utf-7.html": page.replace("<body>", "<meta charset='utf-7'><body>"),
        "charset-idna.html": page.replace("<body>", "<meta charset='idna'><body>"),
        "charset-escape.html": page.replace(
            "<body>", "<meta charset='unicode_escape'><body>"
        ).replace("rota", r"\x"),
        "empty.html": "",
        "no-text.html": "<html><body><img src=x></body></html>",
        "list-start.html": f"<ol start={'9' * 5000}><li>Plans the rota.</ol>",
        "list-start-odd.html": "<ol start=²><li>Plans the rota.</ol>",
        "heading-level.html": "<div role=heading aria-level=123>Plans the rota</div>",
        "heading-odd.html": "<div role=heading aria-level=12>Plans</div><h9>Leads</h9>",
        "deep-json.html": '<script type="application/ld+json">' + "[" * 5000 + "</script><p>Plans.",
        "big-json.html": '<script type="application/ld+json">{"@type":"JobPosting","title":'
        + "9" * 6000
        + ',"description":{"a":[null]}}</script><p>Plans.',
        "frames.html": "<frameset><frame src=x></frameset>",
        "xml.html": '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><p>&a; Plans.</p>',
    }
    files = {name: text.encode() for name, text in texts.items()}
    return files | {
        "utf-16.html": page.encode("utf-16"),
        "shift-jis.html": "<meta charset=shift_jis><p>\u7ba1\u7406 Plans.</p>".encode("shift_jis"),
        "torn.html": page.encode() + b"\xc3",
    }


def _word() -> dict[str, bytes]:
    def body(inner: str) -> str:
        return f"<w:document {_W}><w:body>{inner}</w:body></w:document>"

    said = "<w:p><w:r><w:t>Plans the rota.</w:t></w:r></w:p>"
    deep = "<w:tbl><w:tr><w:tc>"
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    circle = (
        f'<w:styles {_W}><w:style w:styleId="a"><w:basedOn w:val="b"/></w:style>'
        '<w:style w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>'
    )
    chain = (
        f"<w:styles {_W}>"
        + "".join(
            f'<w:style w:styleId="s{n}"><w:basedOn w:val="s{n + 1}"/></w:style>'
            for n in range(3000)
        )
        + "</w:styles>"
    )
    styled = said.replace("<w:p>", '<w:p><w:pPr><w:pStyle w:val="{}"/></w:pPr>')
    huge_list = (
        f'<w:numbering {_W}><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0">'
        f'<w:start w:val="{"9" * 6000}"/><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )
    deep_list = (
        huge_list.replace("9" * 6000, "1")
        .replace("</w:lvl>", '<w:lvlText w:val="%1.%2"/></w:lvl>')
        .replace('w:ilvl="0"', 'w:ilvl="999999999"')
    )
    numbered = said.replace(
        "<w:p>",
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="{}"/><w:numId w:val="1"/></w:numPr></w:pPr>',
    )
    odd = "".join(
        said.replace("Plans the rota.", f"<![CDATA[{_for_xml(text)}]]>")
        for text in ODD_TEXTS.values()
    )
    whole = _docx(body(said))
    return {
        "plain.docx": whole,
        "odd-texts.docx": _docx(body(odd)),
        "no-document.docx": _docx(None),
        "laughs.docx": _docx(f"<!DOCTYPE x [{laughs}]>" + body(said.replace("rota", "&a9;"))),
        "outside.docx": _docx(
            '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
            + body(said.replace("rota", "&x;"))
        ),
        "deep-tables.docx": _docx(body(deep * 3000 + said + "</w:tc></w:tr></w:tbl>" * 3000)),
        "deep.docx": _docx(body("<w:ins>" * 3000 + said + "</w:ins>" * 3000)),
        "deep-allowed.docx": _docx(body(deep * 60 + said + "</w:tc></w:tr></w:tbl>" * 60)),
        "style-circle.docx": _docx(body(styled.format("a")), **{"word/styles.xml": circle}),
        "style-chain.docx": _docx(body(styled.format("s0")), **{"word/styles.xml": chain}),
        "style-unknown.docx": _docx(body(styled.format("none"))),
        "list-huge.docx": _docx(body(numbered.format(0)), **{"word/numbering.xml": huge_list}),
        "list-deep.docx": _docx(
            body(numbered.format("999999999")), **{"word/numbering.xml": deep_list}
        ),
        "list-odd.docx": _docx(body(numbered.format("\u00b2"))),
        "outline-odd.docx": _docx(
            body(
                said.replace(
                    "<w:p>", '<w:p><w:pPr><w:outlineLvl w:val="' + "9" * 6000 + '"/></w:pPr>'
                )
            )
        ),
        "symbol-odd.docx": _docx(
            body(
                '<w:p><w:r><w:sym w:char="110000"/><w:sym w:char="d800"/><w:t>Plans.</w:t></w:r></w:p>'
            )
        ),
        "text-in-text.docx": _docx(
            body(said.replace("Plans", "<w:r><w:t>Leads</w:t></w:r> Plans"))
        ),
        "no-body.docx": _docx(f"<w:document {_W}/>"),
        "empty-document.docx": _docx(""),
        "cut-off.docx": whole[: len(whole) // 2],
        "cut-xml.docx": _docx(body(said)[:60]),
        "two-mains.docx": _docx(
            body(said),
            **{
                "_rels/.rels": '<Relationships><Relationship Type="x/officeDocument" '
                'Target="../../../../etc/passwd"/></Relationships>'
            },
        ),
        "zip-lies.docx": _lying(whole),
        "empty-zip.docx": b"PK\x05\x06" + bytes(18),
        "empty.docx": b"",
        "utf-16.docx": _docx(
            ('<?xml version="1.0" encoding="utf-16"?>' + body(said)).encode("utf-16")
        ),
        "encoding-unknown.docx": _docx('<?xml version="1.0" encoding="klingon"?>' + body(said)),
    }


def _for_xml(text: str) -> str:
    return "".join(c for c in text if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff"))


def _docx(document: str | bytes | None, **parts: str) -> bytes:
    files: dict[str, str | bytes] = dict(parts)
    if document is not None:
        files["word/document.xml"] = document
    files.setdefault("word/settings.xml", "<x/>")
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        for name, part in files.items():
            entry = ZipInfo(name)
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, part)
    return stream.getvalue()


def _lying(whole: bytes) -> bytes:
    """The archive with another size of its first part in both its lists."""
    content = bytearray(whole)
    content[22:26] = (5).to_bytes(4, "little")
    place = content.index(b"PK\x01\x02")
    content[place + 24 : place + 28] = (5).to_bytes(4, "little")
    return bytes(content)


_SAYS = b"BT /F 12 Tf 72 700 Td (Plans the weekly rota.) Tj ET"


def pdf(
    objects: dict[int, bytes], *, root: int = 1, trailer: bytes = b"", size: int | None = None
) -> bytes:
    """A PDF of these objects."""
    content = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, inner in objects.items():
        places[number] = len(content)
        content += b"%d 0 obj\n%s\nendobj\n" % (number, inner)
    start = len(content)
    most = max(objects) + 1
    content += b"xref\n0 %d\n0000000000 65535 f \n" % most
    for number in range(1, most):
        place = places.get(number)
        content += b"%010d 00000 n \n" % place if place else b"0000000000 65535 f \n"
    content += b"trailer\n<< /Size %d /Root %d 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        size or most,
        root,
        trailer,
        start,
    )
    return bytes(content)


def stream(inner: bytes, keys: bytes = b"") -> bytes:
    """A stream object."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(inner), keys, inner)


def page_objects(content: bytes, keys: bytes = b"") -> dict[int, bytes]:
    """The objects of a PDF with one page."""
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    return {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F 5 0 R >> /XObject << /X 6 0 R >> >> >>",
        4: stream(content, keys),
        5: font,
    }


def _pdf() -> dict[str, bytes]:
    plain = page_objects(_SAYS)
    whole = pdf(plain)
    bomb = zlib.compress(zlib.compress(b" " * 5_000_000))
    itself = stream(
        b"/X Do",
        b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>",
    )
    return {
        "plain.pdf": whole,
        "no-pages.pdf": pdf(plain | {2: b"<< /Type /Pages /Kids [] /Count 0 >>"}),
        "count-lies.pdf": pdf(plain | {2: b"<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>"}),
        "count-negative.pdf": pdf(plain | {2: b"<< /Type /Pages /Kids [3 0 R] /Count -1 >>"}),
        "pages-circle.pdf": pdf(plain | {2: b"<< /Type /Pages /Kids [2 0 R] /Count 2 >>"}),
        "many-of-one.pdf": pdf(
            plain | {2: b"<< /Type /Pages /Kids [" + b"3 0 R " * 2000 + b"] /Count 2000 >>"}
        ),
        "form-circle.pdf": pdf(page_objects(_SAYS + b" /X Do") | {6: itself}),
        "cut-off.pdf": whole[: len(whole) // 2],
        "no-xref.pdf": whole[: whole.index(b"xref")],
        "bad-startxref.pdf": whole.replace(b"startxref\n", b"startxref\n99999999"),
        "only-header.pdf": b"%PDF-1.7\n",
        "bad-root.pdf": pdf(plain, root=99),
        "locked-oddly.pdf": pdf(plain, trailer=b"/Encrypt << /Filter /Nope /V 9 /R 9 >>"),
        "bomb.pdf": pdf(page_objects(bomb, b"/Filter [/FlateDecode /FlateDecode]")),
        "length-lies.pdf": whole.replace(b"/Length %d" % len(_SAYS), b"/Length 9999999"),
        "deep-arrays.pdf": pdf(plain | {3: b"[" * 5000}),
        "huge-box.pdf": pdf(
            plain | {3: plain[3].replace(b"0 0 612 792", b"-1e30 -1e30 1e30 1e30")}
        ),
        "nan-box.pdf": pdf(plain | {3: plain[3].replace(b"0 0 612 792", b"nan 0 inf 0")}),
        "huge-matrix.pdf": pdf(page_objects(b"1e30 0 0 1e30 1e30 1e30 cm " + _SAYS)),
        "zero-matrix.pdf": pdf(page_objects(b"0 0 0 0 0 0 cm " + _SAYS)),
        "no-size.pdf": pdf(page_objects(_SAYS.replace(b" 12 ", b" 0 "))),
        "huge-size.pdf": pdf(page_objects(_SAYS.replace(b" 12 ", b" 1e20 "))),
        "operators.pdf": pdf(page_objects(b"q " * 5000 + _SAYS)),
        "script.pdf": pdf(
            plain
            | {
                1: plain[1].replace(
                    b">>", b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>"
                )
            }
        ),
        "controls.pdf": pdf(page_objects(_SAYS.replace(b"weekly", b"\\033[31m\\000\\007"))),
        "html.pdf": b"<!doctype html><p>Plans.",
        "noise.pdf": b"%PDF-1.7\n" + bytes(range(256)) * 8,
    }
