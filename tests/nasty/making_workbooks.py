"""Nasty workbooks of Excel, written part by part, by their names."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_MACROS = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_HEAD = (
    "<row>"
    + "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in ("text", "label"))
    + "</row>"
)


def text(words: str) -> str:
    """A cell of text."""
    return f'<c t="inlineStr"><is><t>{words}</t></is></c>'


def row(*cells: str) -> str:
    """A row of cells."""
    return f"<row>{''.join(cells)}</row>"


_PLAIN = row(text("Plans the rota."), text("management"))


def workbook(
    rows: str,
    *,
    main: str = _MAIN,
    before: str = "",
    after: str = "",
    kind: str = f"{_TYPE}.sheet.main+xml",
    prolog: str = "",
    sheet: str | None = None,
    **parts: str,
) -> bytes:
    """A workbook whose first sheet has these rows; further parts have ``__`` for ``/``."""
    strings_kind = strings_link = ""
    if "xl__sharedStrings.xml" in parts:
        strings_kind = (
            f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPE}.sharedStrings+xml"/>'
        )
        strings_link = (
            f'<Relationship Id="r2" Type="{_REL}/sharedStrings" Target="sharedStrings.xml"/>'
        )
    files = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
            f"{strings_kind}</Types>"
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{main}" xmlns:r="{_REL}"><sheets>'
            '<sheet name="one" sheetId="1" r:id="r1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/>'
            f"{strings_link}</Relationships>"
        ),
        "xl/worksheets/sheet1.xml": sheet
        or (
            f'{prolog}<worksheet xmlns="{main}">{before}<sheetData>{rows}</sheetData>{after}'
            "</worksheet>"
        ),
        **{name.replace("__", "/"): part for name, part in parts.items()},
    }
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        for name, part in files.items():
            entry = ZipInfo(name)
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, part)
    return stream.getvalue()


def _strings(inner: str) -> dict[str, str]:
    return {"xl__sharedStrings.xml": f'<sst xmlns="{_MAIN}">{inner}</sst>'}


def workbooks() -> dict[str, bytes]:
    """The files, by their names."""
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    formula = '<c><f>HYPERLINK("http://x.invalid","Leads")</f><v>Leads the team.</v></c>'
    string_formula = '<c t="str"><f>A1&amp;"x"</f><v>Leads the team.</v></c>'
    whole = workbook(_HEAD + _PLAIN)
    return {
        "plain.xlsx": whole,
        "formulas.xlsx": workbook(_HEAD + row(string_formula, text("both"))),
        "formula-not-text.xlsx": workbook(_HEAD + row(formula, text("both"))),
        "formula-no-value.xlsx": workbook(_HEAD + row("<c><f>1+1</f></c>", text("both"))),
        "text-like-formula.xlsx": workbook(
            _HEAD + row(text("=1+1 plans the rota"), text("both")) + row(text("@x"), text("both"))
        ),
        "error-cell.xlsx": workbook(_HEAD + row('<c t="e"><v>#REF!</v></c>', text("both"))),
        "dates.xlsx": workbook(
            _HEAD.replace("</row>", text("when") + "</row>")
            + row(text("Plans."), text("both"), '<c t="d"><v>2024-02-30T99:00:00</v></c>')
        ),
        "far-dates.xlsx": workbook(
            _HEAD.replace("</row>", text("when") + "</row>")
            + row(text("Plans."), text("both"), '<c t="d"><v>9999-12-31T23:59:59</v></c>')
        ),
        "not-a-number.xlsx": workbook(_HEAD + row("<c><v>abc</v></c>", text("both"))),
        "huge-number.xlsx": workbook(_HEAD + row(f"<c><v>{'9' * 5000}</v></c>", text("both"))),
        "bool-odd.xlsx": workbook(_HEAD + row('<c t="b"><v>7</v></c>', text("both"))),
        "merged.xlsx": workbook(
            _HEAD + _PLAIN + row('<c r="A3"/>', text("both")),
            after='<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>',
        ),
        "dimension-lies.xlsx": workbook(_HEAD + _PLAIN, before='<dimension ref="A1:XFD1048576"/>'),
        "dimension-nonsense.xlsx": workbook(_HEAD + _PLAIN, before='<dimension ref="hello"/>'),
        "far-row.xlsx": workbook(
            _HEAD + '<row r="1048576"><c r="A1048576" t="inlineStr"><is><t>Plans.</t></is></c>'
            '<c r="B1048576" t="inlineStr"><is><t>both</t></is></c></row>'
        ),
        "beyond-rows.xlsx": workbook(
            _HEAD + '<row r="999999999"><c r="A999999999" t="inlineStr"><is><t>Plans.</t></is></c>'
            "</row>"
        ),
        "far-column.xlsx": workbook(
            _HEAD + '<row r="2"><c r="XFD2" t="inlineStr"><is><t>Plans.</t></is></c></row>'
        ),
        "rows-backwards.xlsx": workbook(_HEAD + '<row r="5"/><row r="2"/>' + _PLAIN),
        "bad-reference.xlsx": workbook(_HEAD + '<row r="2"><c r="!!"><v>1</v></c></row>'),
        "bad-row.xlsx": workbook(_HEAD + '<row r="x"><c><v>1</v></c></row>'),
        "string-missing.xlsx": workbook(
            _HEAD + row('<c t="s"><v>99</v></c>', text("both")), **_strings("<si><t>a</t></si>")
        ),
        "string-negative.xlsx": workbook(
            _HEAD + row('<c t="s"><v>-1</v></c>', text("both")), **_strings("<si><t>a</t></si>")
        ),
        "no-strings.xlsx": workbook(_HEAD + row('<c t="s"><v>0</v></c>', text("both"))),
        "rich-strings.xlsx": workbook(
            _HEAD + row('<c t="s"><v>0</v></c>', text("both")),
            **_strings(
                '<si><r><t>Plans </t></r><r><t>it.</t></r><rPh sb="0" eb="1"><t>x</t></rPh></si>'
            ),
        ),
        "laughs.xlsx": workbook(
            _HEAD + row(text("&a9;"), text("both")),
            prolog=f"<!DOCTYPE x [{laughs}]>",
        ),
        "laughs-in-strings.xlsx": workbook(
            _HEAD + row('<c t="s"><v>0</v></c>', text("both")),
            **{
                "xl__sharedStrings.xml": f"<!DOCTYPE x [{laughs}]>"
                f'<sst xmlns="{_MAIN}"><si><t>&a9;</t></si></sst>'
            },
        ),
        "outside.xlsx": workbook(
            _HEAD + row(text("&x;"), text("both")),
            prolog='<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        ),
        "external-link.xlsx": workbook(
            _HEAD + _PLAIN,
            **{
                "xl__externalLinks__externalLink1.xml": f'<externalLink xmlns="{_MAIN}"/>',
            },
        ),
        "no-sheet.xlsx": workbook("", sheet=" "),
        "cut-sheet.xlsx": workbook("", sheet=f'<worksheet xmlns="{_MAIN}"><sheetData>{_HEAD}<row>'),
        "empty-sheet.xlsx": workbook(""),
        "header-only.xlsx": workbook(_HEAD),
        "no-header.xlsx": workbook(row("<c/>", "<c/>") + _PLAIN),
        "same-names.xlsx": workbook(
            row(text("text"), text("text"), text("label"))
            + row(text("Plans."), text("Leads."), text("both"))
        ),
        "hole-in-header.xlsx": workbook(
            row(text("text"), "<c/>", text("label")) + row(text("Plans."), "<c/>", text("both"))
        ),
        "number-names.xlsx": workbook(
            row("<c><v>1</v></c>", text("text"), text("label"))
            + row("<c><v>5</v></c>", text("Leads."), text("both"))
        ),
        "wider.xlsx": workbook(_HEAD + row(text("a"), text("both"), text("more"))),
        "macro.xlsx": workbook(_HEAD + _PLAIN, kind=_MACROS),
        "strict.xlsx": workbook(_HEAD + _PLAIN, main=_STRICT),
        "chart-only.xlsx": workbook(_HEAD + _PLAIN).replace(b"worksheets/", b"chartshets/"),
        "locked.xlsx": OLE + bytes(512) + "EncryptedPackage".encode("utf-16-le") + bytes(512),
        "old.xlsx": OLE + bytes(512) + "Workbook".encode("utf-16-le") + bytes(512),
        "cut-off.xlsx": whole[: len(whole) // 2],
        "not-a-zip.xlsx": b"text,label\nPlans.,both\n",
        "empty.xlsx": b"",
        "empty-zip.xlsx": b"PK\x05\x06" + bytes(18),
        "word.xlsx": _zip({"word/document.xml": "<x/>"}),
        "damaged-part.xlsx": _damaged(whole),
        "controls.xlsx": workbook(
            _HEAD + row(text("Plans _x001B_[31m the rota._x0007_"), text("both"))
        ),
    }


def _zip(parts: dict[str, str]) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        for name, part in parts.items():
            archive.writestr(ZipInfo(name), part)
    return stream.getvalue()


def _damaged(whole: bytes) -> bytes:
    """A bit of the sheet turned over."""
    place = whole.index(b"xl/worksheets/sheet1.xml") + 60
    return whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
