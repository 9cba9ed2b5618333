"""The pack of the workshop: every page opens, says what it must, and takes any text."""

from __future__ import annotations

import csv
import io
import itertools
import re
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forwhom.documents.canvas import Canvas, parse_canvas
from forwhom.documents.canvas.people import CanvasSegment
from forwhom.documents.canvas.value import Need
from forwhom.errors import DataError, OptionError, OutputError
from forwhom.report.workshop import write_workshop
from forwhom.report.workshop.agenda import agenda
from forwhom.report.workshop.pack import workshop_pdf
from forwhom.report.workshop.plan import plan_workshop
from forwhom.report.workshop.ratings import COLUMNS, answers_csv, is_untouched

NASTY = '#panic("out") $x$ *bold* @ref <label> \\ // ] } ``` #read("data.json")'
ARABIC = "ألا أحكي قصتي من جديد في كل زيارة"


def canvas(needs: list[Any] | None = None, **more: Any) -> Canvas:
    segments = [
        {"id": "families", "name": "Families far from a clinic", "buti": ["target-impact"]},
        {"id": "nurses", "name": "Nurses in small clinics", "buti": ["user"]},
        {"id": "council", "name": "District council", "buti": ["buyer"]},
        {"id": "press", "name": "Newspapers"},
    ]
    wanted = needs if needs is not None else [
        {"id": "n1", "statement": "Write down a visit at once", "segments": ["nurses"]},
        {"id": "n2", "statement": "Spend the budget of the year", "segments": ["council"]},
        {"id": "n3", "statement": "Be read by many", "segments": ["press"]},
    ]  # fmt: skip
    data = {"forwhom": 1, "kind": "canvas", "title": "Clinic Notes", "segments": segments}
    return Canvas.model_validate(data | {"needs": wanted} | more)


def texts(pages: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pages)
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


@given(st.integers(30, 90))
def test_the_agenda_adds_up_to_the_time_there_is(minutes: int) -> None:
    steps = agenda(minutes)
    assert sum(step.minutes for step in steps) == minutes
    assert min(step.minutes for step in steps) >= 1
    assert all(a.start + a.minutes == b.start for a, b in itertools.pairwise(steps))
    longest = max(steps, key=lambda step: step.minutes)
    assert longest.name == "Discuss"


@pytest.mark.parametrize("minutes", [29, 91, 0])
def test_a_workshop_is_neither_too_short_nor_too_long(minutes: int) -> None:
    with pytest.raises(OptionError, match="outside 30 to 90"):
        plan_workshop(canvas(), minutes=minutes)


def test_items_stand_with_the_segment_that_owns_them_buyers_first() -> None:
    plan = plan_workshop(canvas())
    assert [s.id for s in plan.segments] == ["council", "nurses", "families"]
    assert [(g.owner, [i.id for i in g.items]) for g in plan.groups] == [
        ("District council", ["n2"]),
        ("Nurses in small clinics", ["n1"]),
    ]
    assert [item.number for item in plan.items] == [1, 2]


def test_only_those_who_belong_to_a_segment_speak_for_it() -> None:
    people = [
        {"id": "p1", "name": "Mayor", "segments": ["council", "nurses"], "roles": ["approver"]},
        {"id": "p2", "name": "Head nurse", "segments": ["nurses"], "roles": ["user"]},
        {"id": "p3", "name": "Union", "segments": ["nurses"], "roles": ["influencer"]},
    ]
    plan = plan_workshop(canvas(participants=people))
    assert [s.speakers for s in plan.segments] == [["Mayor"], ["Head nurse"], []]
    assert "Nobody is named yet" in texts(workshop_pdf(plan))[0]


def test_chosen_items_are_rated_whoever_owns_them() -> None:
    plan = plan_workshop(canvas(alignment={"items": ["n3", "n1"]}))
    assert [(g.owner, [i.id for i in g.items]) for g in plan.groups] == [
        ("Nurses in small clinics", ["n1"]),
        ("", ["n3"]),
    ]
    rated = [{"rater": "R1", "segment": "nurses", "item": "n2", "value": 1}]
    plan = plan_workshop(canvas(alignment={"ratings": rated}))
    assert [item.id for item in plan.items] == ["n2"]


def test_every_page_says_what_it_must() -> None:
    pages = texts(workshop_pdf(plan_workshop(canvas(), minutes=45)))
    assert len(pages) == 5
    front, *sheets, results = pages
    for words in ("Purpose", "Materials", "Agenda", "45 minutes", "Round 1, in private", "Reveal"):
        assert words in front
    for words in ("Unwanted", "Misaligned", "gap is 6 or more", "at least 3", "forwhom align"):
        assert words in front
    names = ("Buyer", "District council"), ("User", "Nurses"), ("Target impact", "Families")
    for letter, sheet, (role, name) in zip("ABC", sheets, names, strict=True):
        assert f"Rating sheet {letter}: {role}" in sheet
        assert name in sheet
        for words in ("Rater's code", "Direct:", "Proxy:", "very undesirable", "very desirable"):
            assert words in sheet.replace("’", "'")
        # Two rounds of two items, each with the whole scale.
        assert sheet.count("−5 −4 −3 −2 −1 0 +1 +2 +3 +4 +5") == 4
        assert "Needs of Nurses in small clinics (user)" in sheet
    for words in ("Results", "Gap", "Class", "Impact", "Spend the budget of the year"):
        assert words in results


def test_the_classes_are_those_of_the_canvas() -> None:
    limits = {"strong": 2.5, "misaligned_gap": 7, "sufficient": -1}
    front = texts(workshop_pdf(plan_workshop(canvas(alignment={"thresholds": limits}))))[0]
    assert "at least 2.5" in front
    assert "gap is 7 or more" in front
    assert "at least −1" in front
    assert "Weak" not in front
    weak = canvas(alignment={"thresholds": {"sufficient": 1}})
    assert "Weak" in " ".join(texts(workshop_pdf(plan_workshop(weak))))


@pytest.mark.parametrize(("paper", "width"), [("a4", 595), ("letter", 612)])
def test_pages_have_the_size_of_the_paper(paper: Any, width: int) -> None:
    document = pypdfium2.PdfDocument(workshop_pdf(plan_workshop(canvas()), paper=paper))
    assert round(document[0].get_size()[0]) == width
    assert round(document[len(document) - 1].get_size()[1]) == width  # the results lie across


def test_forty_items_take_more_pages_and_the_facilitator_is_warned() -> None:
    many = [
        {"id": f"n{i}", "statement": f"Need number {i}", "segments": ["nurses"]} for i in range(40)
    ]
    plan = plan_workshop(canvas(many), minutes=30)
    assert plan.warnings == [
        "40 items for 3 segments are 120 lines, about 20 minutes for somebody who rates for all; "
        "round 1 has 5. Share the sheets out, so that everybody fills in one, or name fewer items "
        "under 'alignment: items' (two or three for each segment are usual)."
    ]
    pages = texts(workshop_pdf(plan))
    every = " ".join(pages)
    assert len(pages) > 8
    assert all(len(re.findall(rf"Need number {i}\b", every)) == 4 for i in range(40))
    assert "Before you start." in pages[0]
    # Every page of a sheet says whose it is.
    assert sum("sheet B, user" in page for page in pages) == 3


@pytest.mark.parametrize(
    "statement", [NASTY, ARABIC, "x" * 500, "many words " * 300, "=1+1", "\u202e\x07"]
)
def test_any_text_is_text(statement: str) -> None:
    needs = [{"id": "n1", "statement": statement, "segments": ["nurses"]}]
    odd = canvas(needs, title=statement, language="ar" if statement == ARABIC else "en")
    pages = " ".join(texts(workshop_pdf(plan_workshop(odd))))
    assert ("ورقة التقييم" if statement == ARABIC else "Rating sheet C: Target impact") in pages
    if statement == NASTY:
        assert '#panic("out") $x$ *bold* @ref <label>' in pages.replace("\u200b", "")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ("Bewertungsbogen C: Begünstigte", "sehr unerwünscht", "Runde 2", "Gegensätzlich")),
        ("de-CH", ("Bewertungsbogen B: Nutzer", "Seite 6 von 6")),
        ("fr-CA", ("Feuille de notation A : Acheteur", "très peu souhaitable", "Tour 2")),
        ("es", ("Hoja de valoración A: Comprador", "muy indeseable", "Ronda 2")),
        ("it", ("Rating sheet A: Buyer", "very undesirable")),
    ],
)
def test_the_pages_speak_the_language_of_the_canvas(language: str, words: tuple[str, ...]) -> None:
    pages = " ".join(texts(workshop_pdf(plan_workshop(canvas(language=language)))))
    assert [one for one in words if one not in pages.replace("\u202f", " ")] == []
    assert ("Rating" in pages) == (language == "it")


def test_another_language_than_that_of_the_canvas_is_asked_for() -> None:
    plan = plan_workshop(canvas(language="ar"), language="fr")
    assert (plan.language, plan.right_to_left) == ("fr", False)
    assert plan.agenda[0].name == "Accueil"
    assert plan.items[0].kind == "tâche"
    with pytest.raises(OptionError, match=r"does not say this in 'it'.*ar, de, en, es, fr"):
        plan_workshop(canvas(), language="it")


def test_arabic_pages_are_read_from_the_right_and_signs_stay_before_numbers() -> None:
    needs = [{"id": "n1", "statement": "ثق في Clinic Notes 2.0", "segments": ["nurses"]}]
    limits = {"sufficient": -1.5}
    plan = plan_workshop(canvas(needs, language="ar", alignment={"thresholds": limits}))
    document = pypdfium2.PdfDocument(workshop_pdf(plan))
    page = document[2].get_textpage()
    signs = [(page.get_text_range(i, 1), page.get_charbox(i)) for i in range(page.count_chars())]
    ends = {sign: [box[0] for one, box in signs if one == sign] for sign in "−5"}
    # The scale begins on the right; in each number the sign is left of the digit.
    minus, fives = ends["−"][0], ends["5"]
    assert any(0 < five - minus < 15 for five in fives)
    assert max(fives) > max(box[0] for one, box in signs if one == "+")
    # A Latin name inside Arabic is read from the left.
    latin = [box[0] for one, box in signs if one in "CN2"]
    assert latin[:3] == sorted(latin[:3])
    assert "−1.5" in " ".join(texts(workshop_pdf(plan)))


def test_long_words_stay_in_their_column() -> None:
    needs = [{"id": "n1", "statement": "x" * 300, "segments": ["nurses"]}]
    document = pypdfium2.PdfDocument(workshop_pdf(plan_workshop(canvas(needs))))
    page = document[1].get_textpage()
    signs = [(page.get_text_range(i, 1), page.get_charbox(i)) for i in range(page.count_chars())]
    word = [box for sign, box in signs if sign == "x"]
    numbers = [box for sign, box in signs if sign == "−"]
    assert len(word) >= 300
    assert max(right for _, _, right, _ in word) < min(left for left, *_ in numbers)


def test_a_missing_role_is_said() -> None:
    two = canvas()
    without = [s for s in two.segments if s.id != "families"]
    warnings = plan_workshop(two.model_copy(update={"segments": without})).warnings
    assert warnings == [
        "No segment has the role target impact, so the exercise cannot show whether it is aligned "
        "with the others."
    ]


def test_a_canvas_without_roles_is_refused_with_what_to_add(tmp_path: Path) -> None:
    text = (
        "forwhom: 1\nkind: canvas\nsegments: [{id: a, name: A}, {id: b, name: B, buti: [user]}]\n"
    )
    with pytest.raises(DataError, match=r"c.yaml:3:1: only the segment 'b'.*'buti: \[buyer\]'"):
        plan_workshop(parse_canvas(text, "c.yaml"))
    with pytest.raises(DataError, match="no segment has a role"):
        plan_workshop(parse_canvas("forwhom: 1\nkind: canvas\n"))
    ignored = CanvasSegment(id="c", name="C", buti=["buyer"], status="ignore")
    left = canvas().model_copy(update={"segments": [ignored, canvas().segments[1]]})
    with pytest.raises(DataError, match="only the segment 'nurses'"):
        plan_workshop(left)


def test_more_than_people_can_rate_is_refused() -> None:
    needs = [{"id": f"n{i}", "statement": "N", "segments": ["nurses"]} for i in range(334)]
    assert len(plan_workshop(canvas(needs[:333])).items) == 333
    with pytest.raises(DataError, match=r"1,002 numbers to circle; more than 1,000 are no"):
        plan_workshop(canvas(needs))


def test_a_canvas_with_nothing_to_rate_is_refused() -> None:
    with pytest.raises(DataError, match=r"nothing to rate.*'segments: \[council\]'"):
        plan_workshop(canvas([{"id": "n", "statement": "N", "segments": ["press"]}]))


@pytest.mark.parametrize("raters", [0, 31])
def test_the_number_of_raters_has_ends(raters: int) -> None:
    with pytest.raises(OptionError, match="outside 1 to 30"):
        plan_workshop(canvas(), raters=raters)


def test_the_template_has_a_line_for_every_number_on_paper() -> None:
    plan = plan_workshop(canvas(), raters=2)
    rows = list(csv.DictReader(io.StringIO(answers_csv(plan))))
    assert list(rows[0]) == list(COLUMNS)
    assert set(COLUMNS) > {"rater", "mode", "segment", "item", "value", "round"}
    first = {row["sheet"]: row["segment"] for row in rows}
    assert list(first) == ["A", "B", "C"]
    assert list(first.values()) == [segment.id for segment in plan.segments]
    assert {(row["no"], row["statement"]) for row in rows} == {
        (str(item.number), item.text) for item in plan.items
    }
    assert len(rows) == 2 * 3 * 2 * 2
    assert len({tuple(row.values()) for row in rows}) == len(rows)
    assert {row["value"] for row in rows} == {""}
    assert {row["item"] for row in rows} == {"n1", "n2"}


def test_no_cell_of_the_template_is_a_formula() -> None:
    # A document that was checked cannot have such an id; one made without checks can.
    segment = canvas().segments[1].model_copy(update={"id": "=cmd()"})
    need = Need.model_construct(id="@sum", statement="S", segments=["=cmd()"], job=None, kind="job")
    odd = canvas().model_copy(update={"segments": [segment, canvas().segments[2]], "needs": [need]})
    rows = list(csv.reader(io.StringIO(answers_csv(plan_workshop(odd)))))
    assert {row[-2] for row in rows} == {"segment", "'=cmd()", "council"}
    assert {row[-1] for row in rows} == {"item", "'@sum"}


def test_nothing_is_overwritten_and_nothing_half_written(tmp_path: Path) -> None:
    pdf, template = tmp_path / "workshop.pdf", tmp_path / "ratings-template.csv"
    template.write_text("typed in already")
    with pytest.raises(OutputError, match=r"ratings-template\.csv exists already"):
        write_workshop(canvas(), pdf)
    assert not pdf.exists()
    assert template.read_text() == "typed in already"
    with pytest.raises(OutputError, match=r"ratings-template\.csv was filled in or changed"):
        write_workshop(canvas(), pdf, overwrite=True)
    template.unlink()
    pack = write_workshop(canvas(), pdf, overwrite=True)
    assert pack.pdf == str(pdf)
    assert template.read_text().startswith("round,rater,mode,sheet,no,statement,value,")
    with pytest.raises(OptionError, match="has no suffix, so nothing says its form"):
        write_workshop(canvas(), tmp_path / "workshop")


def test_the_same_canvas_gives_the_same_pages() -> None:
    assert workshop_pdf(plan_workshop(canvas())) == workshop_pdf(plan_workshop(canvas()))


def test_a_fear_is_rated_by_how_good_it_is_to_be_spared_it() -> None:
    fear = Need(id="f", statement="My tools come back broken", kind="fear", segments=["nurses"])
    changed = canvas()
    owner = plan_workshop(changed).segments[0].id
    changed = changed.model_copy(update={"needs": [fear.model_copy(update={"segments": [owner]})]})
    assert [i.text for i in plan_workshop(changed).items] == [
        "To be spared: My tools come back broken"
    ]


def test_an_hour_and_a_sheet_that_nobody_filled() -> None:
    assert [step.minutes for step in agenda(60)] == [5, 7, 10, 8, 14, 6, 8, 2]
    assert is_untouched(",".join(COLUMNS))
    assert not is_untouched("my,own,notes")
