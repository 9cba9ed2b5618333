"""The report of a segmentation speaks German and Arabic, whole; what a run noted stays apart."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pypdfium2
import pytest
from pptx import Presentation
from tests.documents.test_refresh import move
from tests.documents.test_refresh import told as later_period
from tests.report.conftest import BUILDERS
from tests.report.test_kept import EXAMPLES
from tests.report.test_one_language import LETTERS, lines_of
from tests.report.test_stability import replicated

from forwhom.documents import read_segmentation
from forwhom.documents.segmentation import LeftOut, Segmentation
from forwhom.errors import OptionError
from forwhom.languages.catalog import speaking
from forwhom.report.segmentation import FORMS, report_html, summarize, summary_text
from forwhom.report.segmentation.charts import share_bar

#: Words that no English sentence does without.
ENGLISH = re.compile(
    r"\b(the|of|or|is|are|were|with|from|which|that|this|these|those|each|every|than|not|by|"
    r"how|what|who|where|their|they|them|its|it|has|have|be|as|on|to|for|more|less|most|only|"
    r"nothing|nobody|we|customers?|(?-i:segments)|groups?|bands?|cuts?|open|share|all)\b",
    re.IGNORECASE,
)
#: Names that other people gave, and commands to type.
NAMES = re.compile(r"forwhom(?: [a-z-]+)*|--[a-z]+")
FORMS_OF_TEXT = ("html", "md", "csv")


def by_method(method: str) -> Segmentation:
    found = BUILDERS["typical"]()
    return found.model_copy(update={"fit": found.fit.model_copy(update={"method": method})})


def held_against_later() -> Segmentation:
    moves = {
        "transitions": {
            "segments": [1, 2, 0], "both": 90, "table": [[30, 10, None], [5, 40, 0], [0, 0, 0]],
            "new": [10, 0, 0], "left": [0, 10, 0], "stayed": 0.8,
        },
        "moves": [move(0.9, 0.1)],
        "notes": ["A note of the run."],
    }  # fmt: skip
    return BUILDERS["clear"]().model_copy(update={"refreshed": later_period(**moves)})


MADE: dict[str, Callable[[], Segmentation]] = {
    **{name: made for name, made in BUILDERS.items() if "worst" not in name},
    **{f"replicated {name}": partial(replicated, name) for name in ("scale", "clear")},
    **{method: partial(by_method, method) for method in ("kmeans", "rfm", "rules")},
    "groceries": lambda: read_segmentation(EXAMPLES / "complete-journey" / "segmentation.json"),
    "later": held_against_later,
}


def in_letters(value: Any) -> Any:
    """Return what people and runs wrote in other letters, so that only what we say is Latin."""
    if isinstance(value, dict):
        return {k: one if k == "continuum" else in_letters(one) for k, one in value.items()}
    if isinstance(value, list):
        return [in_letters(one) for one in value]
    return value.translate(LETTERS) if isinstance(value, str) and " " in value else value


def strange(name: str) -> Segmentation:
    return Segmentation.model_validate(in_letters(MADE[name]().model_dump(mode="json")))


def english(made: str) -> set[str]:
    ours = re.sub(r'<bdi lang="en".*?</bdi>', "", made, flags=re.DOTALL)
    lines = (NAMES.sub("", line) for line in lines_of(ours))
    return {line.strip() for line in lines if ENGLISH.search(line)}


@pytest.mark.parametrize("language", ["de", "ar"])
@pytest.mark.parametrize("name", MADE)
def test_the_report_says_nothing_of_ours_in_english(name: str, language: str) -> None:
    segmentation = strange(name)
    told = {form: str(FORMS.made(segmentation, form, language=language)) for form in FORMS_OF_TEXT}
    told["txt"] = summary_text(segmentation, language=language)
    assert {form: found for form, made in told.items() if (found := english(made))} == {}


@pytest.mark.parametrize(("language", "opens"), [
    (None, '<html lang="en">'), ("en", '<html lang="en">'), ("de", '<html lang="de" dir="ltr">'),
    ("ar", '<html lang="ar" dir="rtl">'),
])  # fmt: skip
def test_the_page_says_in_which_language_it_is(language: str | None, opens: str) -> None:
    assert opens in report_html(BUILDERS["typical"](), language=language)


def test_a_language_that_is_not_whole_is_refused() -> None:
    with pytest.raises(OptionError, match="does not say this in 'fr'"):
        report_html(BUILDERS["typical"](), language="fr")


@pytest.mark.parametrize(("name", "language", "words"), [
    ("clear", "de", ("Was die Gruppen abhebt", "Jeder Punkt ist eine Gruppe")),
    ("scale", "de", ("Die Abschnitte, der Reihe nach", "Jeder Punkt ist ein Abschnitt")),
    ("scales", "de", ("Warum diese Zahl von Teilen",)),
    ("typical", "de", ("in dasselbe Segment wie alle Variablen zusammen", "2.469 Kunden")),
    ("clear", "ar", ("ما يميز المجموعات", "كل نقطة هي مجموعة")),
    ("typical", "ar", ("في الشريحة نفسها كما تضعهم كل المتغيّرات معا", "845 عميلا على الأرجح هنا")),
])  # fmt: skip
def test_a_segment_is_called_what_it_may_be_called(
    name: str, language: str, words: tuple[str, ...]
) -> None:
    page = report_html(BUILDERS[name](), language=language).replace("\u00a0", " ")
    assert [one for one in words if one not in page] == []


def test_what_a_run_noted_is_said_again_and_what_others_wrote_stays() -> None:
    found = BUILDERS["typical"]()
    noted = html.escape(found.segments[0].distinctions[0].statement)  # in words of no run
    assert f"<bdi>{noted}</bdi>" in report_html(found, language="ar")
    assert f"<bdi>{noted}</bdi>" in report_html(found)
    found.quality.left_out[0] = LeftOut(name="visits", why="it has the same value for everyone")
    assert "hat für alle denselben Wert" in report_html(found, language="de")


def test_charts_begin_where_the_language_begins() -> None:
    card = summarize(BUILDERS["typical"]()).cards[0]
    ends = {}
    for language in ("en", "ar"):
        with speaking(language):
            bar = str(share_bar(card, 0.5))
        x, width = re.findall(r'<rect x="([\d.]+)%?"[^>]* width="([\d.]+)%"', bar)[0]
        ends[language] = (float(x), float(x) + float(width))
    left, right = ends["en"]
    assert left == 0
    assert ends["ar"] == (pytest.approx(100 - right, abs=0.01), pytest.approx(100, abs=0.01))


def test_print_and_slides_are_in_the_language() -> None:
    found = BUILDERS["typical"]()
    pages = pypdfium2.PdfDocument(FORMS.made(found, "pdf", language="de"))
    printed = "".join(page.get_textpage().get_text_range() for page in pages)
    assert "Wie groß die Segmente sind" in printed
    slides = Presentation(io.BytesIO(FORMS.made(found, "pptx", language="ar"))).slides  # type: ignore[arg-type]
    titles = [one.shapes.title.text_frame.text for one in slides if one.shapes.title is not None]
    assert "أحجام الشرائح" in titles
    table = str(FORMS.made(found, "csv", language="de"))
    assert table.lstrip("\ufeff").startswith("Segment,Anteil,")


def test_the_text_is_in_the_language() -> None:
    text = summary_text(BUILDERS["scale"](), language="de").replace("\u00a0", " ")
    assert "Zahl der Abschnitte nach BIC (niedriger ist besser)" in text
    assert "34 % (31–37 %), 845 Kunden am wahrscheinlichsten hier" in text
    assert "34% (31–37%)، 845 عميلا على الأرجح هنا" in summary_text(
        BUILDERS["scale"](), language="ar"
    )
