"""The Word and PDF files that the tests read: ``python tests/documents/make.py`` makes them anew.

The texts that they should give stand beside them, written by hand. Web pages and text files are
written by hand themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from PIL import Image, ImageDraw
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import cm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    FrameBreak,
    ListFlowable,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

HERE = Path(__file__).parent
POSTINGS = HERE.parent.parent / "examples" / "postings"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)

W = nsdecls("w")
UNDERLINED = '<w:u w:val="single"/>'
PAGE_HEIGHT = A4[1]


def save(document: Document, path: Path) -> None:
    """Save a Word file whose bytes do not tell when."""
    written = BytesIO()
    document.save(written)
    with ZipFile(written) as old, ZipFile(path, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(ZipInfo(name, _LONG_AGO), old.read(name), ZIP_DEFLATED)


def add(document: Document, xml: str) -> None:
    """Add a piece of markup at the end of the body."""
    body = document.element.body
    body.insert(len(body) - 1, parse_xml(xml))


def paragraph(inner: str) -> str:
    return f"<w:p {W}>{inner}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def styles_docx() -> None:
    """A posting as Word's own styles make it: titles, lists, a link, a header and a footer."""
    document = docx.Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = "Brackwater Lido Trust - people team"
    section.footer.paragraphs[0].text = "Page 1 of 2 - printed copies are not controlled"
    document.add_heading("Duty Manager, Brackwater Lido", 0)
    document.add_paragraph("Full time, 40 hours over five days", style="Subtitle")
    document.add_heading("About the lido", 1)
    text = document.add_paragraph("Brackwater has swum outdoors since 1931. ")
    text.add_run("We never close in winter.").italic = True
    document.add_heading("What you will do", 1)
    for item in (
        "Open and close the site on your shifts.",
        "Give lifeguards feedback after every drill, and praise where it is due.",
        "Keep the rota two weeks ahead.",
    ):
        document.add_paragraph(item, style="List Bullet")
    document.add_paragraph("Check that the pump log is filled in.", style="List Bullet 2")
    document.add_heading("How to apply", 2)
    for item in ("Read the pack.", "Write one page.", "Send it by noon on 4 May."):
        document.add_paragraph(item, style="List Number")
    contact = document.add_paragraph("Questions? Ring the office on 0113 496 0000,")
    contact.add_run().add_break()
    contact.add_run("or come for a swim.")
    add(
        document,
        paragraph(
            run("See ")
            + f"<w:hyperlink w:anchor='x'>{run('our page', UNDERLINED)}</w:hyperlink>"
            + run(" for the pay scale.")
        ),
    )
    bold = document.add_paragraph()
    bold.add_run("The small print").bold = True
    document.add_paragraph("Checks are made before anyone starts work.")
    save(document, HERE / "styles.docx")


def changes_docx() -> None:
    """A draft with tracked changes, hidden text, fields, controls that were and were not filled."""
    document = docx.Document()
    by = 'w:id="7" w:author="A" w:date="2024-01-01T00:00:00Z"'
    add(
        document,
        paragraph(
            run("You will lead a team of ")
            + f"<w:del {by}><w:r><w:delText>six</w:delText></w:r></w:del>"
            + f"<w:ins {by}>{run('nine')}</w:ins>"
            + run(" gardeners.")
        ),
    )
    add(document, paragraph(run("Nobody sees this. ", "<w:vanish/>") + run("Everybody sees this.")))
    add(
        document,
        paragraph(
            run("The post is for ")
            + '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            + '<w:r><w:instrText xml:space="preserve"> MERGEFIELD term </w:instrText></w:r>'
            + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            + run("two years")
            + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
            + run(" and well")
            + "<w:r><w:noBreakHyphen/></w:r>"
            + run("funded.")
        ),
    )
    add(
        document,
        f"<w:sdt {W}><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
        f"<w:p>{run('Click here to enter the manager.')}</w:p></w:sdtContent></w:sdt>",
    )
    add(
        document,
        f"<w:sdt {W}><w:sdtPr/><w:sdtContent><w:p>{run('Reports to the head gardener.')}</w:p>"
        "</w:sdtContent></w:sdt>",
    )
    add(
        document,
        paragraph(
            f"<w:moveFrom {by}>{run('This sentence has moved.')}</w:moveFrom>" + run("Plain text.")
        ),
    )
    add(document, paragraph(f"<w:moveTo {by}>{run('This sentence has moved.')}</w:moveTo>"))
    for item in ("Prunes the roses.", "Trains the apprentices."):
        add(
            document,
            paragraph(
                '<w:r><w:sym w:font="Symbol" w:char="F0B7"/></w:r><w:r><w:tab/></w:r>' + run(item)
            ),
        )
    add(
        document,
        f"<w:p {W}><w:pPr><w:outlineLvl w:val='1'/></w:pPr>{run('A heading by its level')}</w:p>",
    )
    add(document, paragraph(run("It has a soft hy") + "<w:r><w:softHyphen/></w:r>" + run("phen.")))
    save(document, HERE / "changes.docx")


def tables_docx() -> None:
    """Tables of facts, tables for the layout, a table in a table, cells that are merged."""
    document = docx.Document()
    facts = document.add_table(3, 2)
    for row, (name, value) in enumerate(
        (("Post", "Archive assistant"), ("Pay", "£24,300"), ("Based at", "Tolland House"))
    ):
        facts.cell(row, 0).text, facts.cell(row, 1).text = name, value
    document.add_heading("Duties", 1)
    layout = document.add_table(1, 2)
    left, right = layout.rows[0].cells
    left.text = "The archive"
    left.add_paragraph("Two miles of shelves.")
    right.text = "You will"
    right.add_paragraph("Fetch and return boxes.", style="List Bullet")
    right.add_paragraph("Answer letters within five days.", style="List Bullet")
    inner = right.add_table(2, 2)
    for i, text in enumerate(("Monday", "Reading room", "Friday", "Cold store")):
        inner.cell(i // 2, i % 2).text = text
    document.add_paragraph("Who we look for")
    wanted = document.add_table(4, 3)
    cells = (
        ("Criterion", "Essential", "Desirable"),
        ("Skills", "Reads old hands", "Some Latin"),
        ("", "Lifts 12 kg", ""),
        ("Anything else", "", ""),
    )
    for row, texts in enumerate(cells):
        for column, text in enumerate(texts):
            wanted.cell(row, column).text = text
    wanted.cell(1, 0).merge(wanted.cell(2, 0))
    wanted.cell(3, 0).merge(wanted.cell(3, 2))
    save(document, HERE / "tables.docx")


def boxes_docx() -> None:
    """A leaflet: a text box that is there twice, contents, numbering of two levels, typed lists."""
    document = docx.Document()
    add(
        document,
        f"<w:sdt {W}><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/>"
        f"</w:docPartObj></w:sdtPr><w:sdtContent><w:p>{run('Contents')}</w:p>"
        f"<w:p>{run('Your week ...... 2')}</w:p></w:sdtContent></w:sdt>",
    )
    box = f"<w:txbxContent><w:p>{run('Closing date: 9 June')}</w:p></w:txbxContent>"
    add(
        document,
        f"<w:p {W} {nsdecls('wp', 'a')} "
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        'xmlns:v="urn:schemas-microsoft-com:vml">'
        f"{run('Come and bake with us.')}"
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:inline><a:graphic>"
        f"<a:graphicData uri='x'><wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp></a:graphicData>"
        "</a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>"
        f"{box}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>",
    )
    for text in ("Your week", "•\tMix the sponge at 4 a.m.", "•\tHand over to the shop at noon."):
        document.add_paragraph(text)
    numbering = document.part.numbering_part.element
    numbering.insert(
        0,
        parse_xml(
            f"<w:abstractNum {W} w:abstractNumId='90'>"
            "<w:lvl w:ilvl='0'><w:start w:val='3'/><w:numFmt w:val='decimal'/>"
            "<w:lvlText w:val='%1.'/></w:lvl>"
            "<w:lvl w:ilvl='1'><w:numFmt w:val='decimal'/><w:lvlText w:val='%1.%2'/></w:lvl>"
            "<w:lvl w:ilvl='2'><w:numFmt w:val='lowerLetter'/><w:lvlText w:val='(%3)'/></w:lvl>"
            "</w:abstractNum>"
        ),
    )
    numbering.append(parse_xml(f"<w:num {W} w:numId='90'><w:abstractNumId w:val='90'/></w:num>"))
    for depth, text in (
        (0, "Safety"),
        (1, "Hair is tied back."),
        (1, "Ovens are two-person work."),
        (2, "One opens."),
        (2, "One lifts."),
        (0, "Hygiene"),
        (1, "Hands are washed."),
    ):
        add(
            document,
            f"<w:p {W}><w:pPr><w:numPr><w:ilvl w:val='{depth}'/><w:numId w:val='90'/></w:numPr>"
            f"</w:pPr>{run(text)}</w:p>",
        )
    save(document, HERE / "boxes.docx")


_SHEET = getSampleStyleSheet()
_TEXT = ParagraphStyle("text", _SHEET["BodyText"], fontSize=10, leading=12.5)
_JUSTIFIED = ParagraphStyle("justified", _TEXT, alignment=TA_JUSTIFY)


def bullets(*items: str) -> ListFlowable:
    return ListFlowable([Paragraph(item, _TEXT) for item in items], bulletType="bullet")


def build(path: Path, frames: list[Frame], on_page: Callable[..., None], story: list) -> None:
    template = BaseDocTemplate(str(path), pagesize=A4, invariant=1)
    template.addPageTemplates([PageTemplate(frames=frames, onPage=on_page)])
    template.build(story)


def pages_pdf() -> None:
    """Three pages with running headers, page numbers, hyphens, a paragraph over two pages."""

    def decorate(canvas: Canvas, template: BaseDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(2 * cm, PAGE_HEIGHT - 1.2 * cm, "Orrin Ferries Ltd")
        canvas.drawRightString(19 * cm, PAGE_HEIGHT - 1.2 * cm, "Vacancy 88/B")
        canvas.drawCentredString(10.5 * cm, 1 * cm, f"Page {template.page} of 3")

    heading = _SHEET["Heading2"]
    story = [
        Paragraph("Mate, Inter-Island Routes", _SHEET["Title"]),
        Paragraph("The boats", heading),
        Paragraph(
            "Orrin runs four boats between seven islands, in weather that does not read time-"
            "<br/>tables. The mate stands in for the master, and the crew look to the mate for an "
            "ex-<br/>ample when the swell gets up. We carry mail, sheep and school-<br/>"
            "children, often together.",
            _TEXT,
        ),
        Paragraph("Your part", heading),
        bullets(
            "Take the bridge for half of every watch, and hand over in writing so that whoever "
            "follows knows what you know",
            "Plan the loading of vehicles",
            "Talk a nervous deckhand through a first winter",
        ),
        Spacer(1, 16.2 * cm),
        Paragraph(
            "Nobody learns the sound between the islands from a chart. You will sail with each of "
            "the masters for a month before you stand a watch alone, and every one of them will "
            "tell you that the other three do it wrong, which is "
            "part of the training and meant kindly. After that the boat is yours from six in the "
            "morning until two, with a crew of five who have mostly known one another since they "
            "were at school and who will know within a day whether you listen.",
            _TEXT,
        ),
        Paragraph("What we need from you", heading),
        Paragraph("1. A mate's ticket, or one within reach.", _TEXT),
        Paragraph("2. Two winters at sea.", _TEXT),
        PageBreak(),
        Paragraph("Pay and leave", heading),
        Paragraph("Pay is £41,200, with a month on and a month off.", _TEXT),
    ]
    build(HERE / "pages.pdf", [Frame(2 * cm, 2 * cm, 17 * cm, 25 * cm)], decorate, story)


def columns_pdf() -> None:
    """A title over two columns, a table of facts, a list that goes on in the next column."""
    width = 8.1 * cm
    frames = [
        Frame(2 * cm, 21.5 * cm, 17 * cm, 6.5 * cm),
        Frame(2 * cm, 10 * cm, width, 11 * cm),
        Frame(2 * cm + width + 0.8 * cm, 10 * cm, width, 11 * cm),
    ]
    heading = _SHEET["Heading3"]
    story = [
        Paragraph("Head Beekeeper", _SHEET["Title"]),
        Paragraph(
            "Quillmoor Estate keeps two hundred hives on heather and lime, and sells what the bees "
            "can spare. We want somebody who can win people over to a slower way of keeping them.",
            _TEXT,
        ),
        Spacer(1, 8),
        Table(
            [
                ["Pay", "£29,750"],
                ["Hours", "37, with early starts"],
                ["Reports to", "Estate manager"],
            ],
            hAlign="LEFT",
            colWidths=[3 * cm, 7 * cm],
        ),
        FrameBreak(),
        Paragraph("The year", heading),
        Paragraph(
            "In spring the hives are opened one by one and the weak are joined to the strong. "
            "You decide which, and you explain it to the four keepers who raised them, because a "
            "keeper who understands a loss will not repeat it.",
            _JUSTIFIED,
        ),
        Paragraph(
            "In summer the work is heavy and the days are long. You set the order in which the "
            "stands are visited and see to it that nobody lifts alone.",
            _JUSTIFIED,
        ),
        Paragraph("You will", heading),
        bullets(
            "Keep the hive book, so that any keeper can find what was done and when",
            "Order jars, lids and sugar before they run out",
        ),
        FrameBreak(),
        bullets(
            "Run the open days, and bring on those keepers who would rather hide in the shed",
            "Count the stores in October",
        ),
        Paragraph("Who suits us", heading),
        Paragraph(
            "We do not mind where you learnt. We do mind whether you can stand in a field in the "
            "rain and still be civil to a walker who has let the gate swing open for the third "
            "time that week.",
            _JUSTIFIED,
        ),
    ]
    build(HERE / "columns.pdf", frames, lambda canvas, template: None, story)


def odd_pdf() -> None:
    """Words in any order, letters set apart, a stamp aslant, a page on its side, drawn dots."""
    canvas = Canvas(str(HERE / "odd.pdf"), pagesize=A4, invariant=1)
    canvas.setFont("Helvetica", 10)
    canvas.drawString(72, 600, "The clerk keeps the diary of three consultants.")
    canvas.setFont("Helvetica-Bold", 10)
    canvas.drawString(72, 630, "What the clerk does")
    canvas.setFont("Helvetica", 10)
    canvas.drawString(72, 570, "\u2022")
    canvas.drawString(90, 570, "Sorts the post before nine.")
    canvas.drawString(90, 555, "Opens no letter marked private.")
    canvas.drawString(72, 555, "\u2022")
    for i, letter in enumerate("CLERK"):
        canvas.setFont("Helvetica-Bold", 16)
        canvas.drawString(72 + 22 * i, 700, letter)
    canvas.saveState()
    canvas.translate(200, 300)
    canvas.rotate(45)
    canvas.setFont("Helvetica", 60)
    canvas.drawString(0, 0, "DRAFT")
    canvas.restoreState()
    canvas.setFont("Helvetica", 10)
    canvas.drawString(72, 520, "Pay:")
    canvas.drawString(180, 520, "£22,900")
    canvas.drawString(-300, 500, "What stands outside of the page")
    canvas.showPage()
    canvas.translate(0, PAGE_HEIGHT)
    canvas.rotate(-90)
    canvas.setFont("Helvetica", 10)
    canvas.drawString(72, 300, "This page was printed sideways.")
    canvas.drawString(72, 270, "It is read all the same.")
    canvas.showPage()
    canvas.setFont("Helvetica", 8)
    canvas.drawString(30, 820, "3/14/25, 9:26 AM")
    canvas.drawString(250, 820, "Clerk - Jobs")
    canvas.drawString(30, 20, "https://jobs.example.org/clerk?id=7")
    canvas.drawRightString(560, 20, "1/1")
    canvas.setFont("Helvetica", 10)
    for i, item in enumerate(("types minutes", "books the small hall", "makes the tea")):
        canvas.circle(80, 700 - 14 * i + 3.2, 1.7, stroke=0, fill=1)
        canvas.drawString(90, 700 - 14 * i, item)
    canvas.showPage()
    canvas.save()


def refused_pdfs() -> None:
    """A PDF with a password, and one that is a picture of a text."""
    locked = Canvas(
        str(HERE / "refused" / "locked.pdf"),
        invariant=1,
        encrypt=StandardEncryption("only-for-a-test", canPrint=0),
    )
    locked.drawString(72, 700, "Nobody reads this.")
    locked.save()
    picture = Image.new("1", (240, 80), 1)
    ImageDraw.Draw(picture).text((10, 30), "A picture of a text", fill=0)
    scan = Canvas(str(HERE / "refused" / "scan.pdf"), invariant=1)
    scan.drawImage(ImageReader(picture), 72, 600, 400, 130)
    scan.save()


def library_docx() -> None:
    """The example posting for a library: Word's own styles, a table of facts, two lists."""
    document = docx.Document()
    document.add_heading("Community Library Manager", 0)
    document.add_paragraph("Pellam Borough Council, Libraries and Culture")
    facts = document.add_table(5, 2, style="Table Grid")
    for row, (name, value) in enumerate(
        (
            ("Grade", "PO2, £38,626 to £41,511 a year"),
            ("Hours", "36 a week, with one late evening and every third Saturday"),
            ("Based at", "Fennick Road Library, with two smaller branches"),
            ("Reports to", "Head of Libraries"),
            ("Closing date", "Sunday 12 October, midnight"),
        )
    ):
        facts.cell(row, 0).text, facts.cell(row, 1).text = name, value
    document.add_heading("About Fennick Road", 1)
    document.add_paragraph(
        "Fennick Road was nearly closed six years ago. It now lends more books than any other "
        "branch in the borough, and on a wet Tuesday you will find a chess club, a benefits clinic "
        "and thirty toddlers in the same room. The building leaks. The people who use it would "
        "chain themselves to it."
    )
    document.add_paragraph(
        "The last manager gave staff and volunteers the confidence to try things without asking "
        "first. We want someone who will keep that alive and who has a picture of what a branch "
        "library should be ten years from now."
    )
    document.add_heading("What you will do", 1)
    for item in (
        "Plan the staffing of three branches so that every advertised hour is covered.",
        "Hold a budget of £412,000 and report on it to the Head of Libraries each quarter.",
        "Help each of eleven library assistants to find the part of the job they are good at, and "
        "make room for more of it.",
        "Agree targets for loans, visits and events, and follow up where a branch falls behind.",
        "Bring the three branch teams to see themselves as one service.",
        "Let the contracts for cleaning and repairs, and see that the roof is mended this time.",
        "Listen to readers who are angry about changes, and change your mind when they are right.",
        "Keep the rooms safe: risk assessments, fire drills, the accident book.",
        "Deputise for the Head of Libraries at ward meetings.",
    ):
        document.add_paragraph(item, style="List Bullet")
    document.add_heading("Who we are looking for", 1)
    for item in (
        "You have run a service that is open to the public, whatever it was.",
        "You have brought a team through a change that it did not ask for.",
        "You can read a spreadsheet of loans and say what to do next.",
        "People tell you things before they become problems.",
        "A library qualification is welcome but not needed.",
    ):
        document.add_paragraph(item, style="List Bullet")
    document.add_heading("What we offer", 1)
    document.add_paragraph(
        "Twenty-eight days of leave, rising to thirty-three after five years; the local government "
        "pension; a season-ticket loan; and first sight of the new novels."
    )
    document.add_heading("How to apply", 1)
    for item in (
        "Read the job profile on the council's website.",
        "Tell us, in no more than two pages, about a service that is better because of you.",
        "Name two referees. We will not write to them before we have spoken to you.",
    ):
        document.add_paragraph(item, style="List Number")
    document.add_paragraph(
        "Pellam is a borough of many languages and so is its library service. If you need this "
        "posting in large print, ring Fennick Road and somebody will sort it out the same day."
    )
    save(document, POSTINGS / "library-manager.docx")


def depot_pdf() -> None:
    """The example posting for a bus depot: two pages with headers and footers, facts, lists."""

    def decorate(canvas: Canvas, template: BaseDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(2.2 * cm, PAGE_HEIGHT - 1.3 * cm, "Calder & Wharfe Buses")
        canvas.drawRightString(18.8 * cm, PAGE_HEIGHT - 1.3 * cm, "Ref. DPT/0417")
        canvas.drawCentredString(10.5 * cm, 1.1 * cm, f"Page {template.page} of 2")

    text = ParagraphStyle("posting", _TEXT, fontSize=11, leading=15, spaceAfter=6)
    heading = _SHEET["Heading2"]
    story = [
        Paragraph("Depot Operations Manager", _SHEET["Title"]),
        Table(
            [
                ["Depot", "Skelby Lane"],
                ["Salary", "£46,300 and free travel"],
                ["Hours", "40, early and late weeks in turn"],
                ["Reports to", "Area Director"],
            ],
            hAlign="LEFT",
            colWidths=[3.2 * cm, 9 * cm],
        ),
        Paragraph("The depot", heading),
        Paragraph(
            "Skelby Lane sends out seventy-four buses before most people are awake. It has 190 "
            "drivers, 22 engineers and a canteen that is better than it looks. The first electric "
            "buses arrive in March, and by the end of next year there will be no others.",
            text,
        ),
        Paragraph("What the job is", heading),
        bullets(
            "Make sure that every duty on the board has a driver and every driver has a bus, from "
            "the first departure at 04.10 to the last one home.",
            "Draw up the weekly rota with the allocations clerk and keep overtime below four per "
            "cent of hours.",
            "Track lost mileage daily, find the causes and agree with engineering what is done "
            "about them.",
            "Lead the change to electric buses at this depot: tell people honestly what it means "
            "for them, and take the doubters along.",
            "Hold return-to-work and disciplinary meetings, on time and by the book.",
            "Spend two mornings a week in the yard and the canteen, and hear what drivers have to "
            "say about their routes.",
            "Keep the operator's licence safe: drivers' hours, defect cards, tachograph checks.",
            "Manage the depot's budget for wages, fuel and agency cover.",
            "Pick out drivers who could be supervisors, and coach them until they are.",
        ),
        Paragraph("What you need", heading),
        bullets(
            "A certificate of professional competence in passenger transport, or the will to gain "
            "one within a year.",
            "Experience of running shifts where the public notices at once when something goes "
            "wrong.",
            "A level head at five in the morning with three drivers missing and snow on the tops.",
            "A bus licence is useful, and we will pay for the training.",
        ),
        Paragraph("What sort of manager does well here", heading),
        Paragraph(
            "Drivers at Skelby Lane have seen nine managers in twelve years. Those they remember "
            "kept their word, explained decisions that nobody liked, and stood up for the depot at "
            "head office. Those they have forgotten stayed in the office. We would like you to "
            "give this depot a reason to be proud of itself, and to stay long enough to see it.",
            text,
        ),
        Paragraph("Applying", heading),
        Paragraph(
            "Send a CV and a letter of one page by 30 November. Interviews are held at the depot, "
            "after a morning spent with an inspector on the road. We answer everyone who writes.",
            text,
        ),
    ]
    frame = Frame(2.2 * cm, 5.5 * cm, 16.6 * cm, 21 * cm)
    build(POSTINGS / "depot-operations-manager.pdf", [frame], decorate, story)


if __name__ == "__main__":
    for make in (
        styles_docx,
        changes_docx,
        tables_docx,
        boxes_docx,
        pages_pdf,
        columns_pdf,
        odd_pdf,
        refused_pdfs,
        library_docx,
        depot_pdf,
    ):
        make()
