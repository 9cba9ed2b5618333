"""Whatever is made of an Arabic canvas says nothing of ours in Latin letters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

import forwhom as fw
from forwhom.documents.canvas import Canvas
from forwhom.errors import ForwhomError

from .test_kept import CANVASES, CHOSEN, DRAWN, QUESTIONS, TEXTS, canvas_called, of_alignment

#: Latin letters as Arabic ones, so that what people wrote cannot be taken for what we say.
LETTERS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "ابجدهفغحيجكلمنوبقرستوفوكيز" * 2
)
#: Two words of Latin letters beside each other are a phrase; one alone may be a key or a unit.
PHRASE = re.compile(r"[A-Za-z]{2,}(?: [A-Za-z]{2,})+")
#: Names that other people gave, and commands to type.
NAMES = re.compile(
    r"Business Model (?:Sustainability )?(?:Canvas|Toolkit|Markup Language|Generation)|"
    r"Lean Canvas|Value Proposition Canvas|UNITE[\w ]*|CC BY|Strategyzer AG|Ash Maurya|"
    r"Digital Leadership AG|Principles for Digital Development|Ian Gray|Alexander Osterwalder|"
    r"Patrick Stähler|forwhom(?: [a-z-]+)+|canvas (?:accept|separate)|"
    r"(?:This canvas has no file|relative paths)[^<\n]*"
)
#: Codes that name a part of the canvas, such as a need that a story cites.
CODES = re.compile(r"\b(?:[a-z_-]+: ?)+[a-z-]+(?: [a-z_-]+)*")


def in_arabic(value: Any) -> Any:
    """Return what people wrote in Arabic letters; a word alone may be an id."""
    if isinstance(value, dict):
        return {in_arabic(key): in_arabic(one) for key, one in value.items()}
    if isinstance(value, list):
        return [in_arabic(one) for one in value]
    return value.translate(LETTERS) if isinstance(value, str) and " " in value else value


def arabic(name: str) -> Canvas:
    written = canvas_called(name).model_dump(by_alias=True, exclude_defaults=True, mode="json")
    return Canvas.model_validate(in_arabic(written) | {"language": "ar"})


def all_made(canvas: Canvas) -> Iterator[tuple[str, str]]:
    for form in ("svg", "html", "md"):
        yield f"board.{form}", str(fw.draw_canvas(canvas, form))  # type: ignore[arg-type]
    if canvas.alignment is not None and canvas.alignment.ratings:
        made = of_alignment(fw.align(canvas, replicates=40))
        yield from ((what, text) for what, text in made if not what.endswith("json"))
    for piece, ask in QUESTIONS.items():
        try:
            found = ask(canvas)
            for form, drawn in DRAWN.get(piece, CHOSEN).items():
                yield f"{piece}.{form}", str(drawn(found))
        except ForwhomError:  # there is nothing to say or to draw
            continue


def lines_of(made: str) -> Iterator[str]:
    """Yield what people read or hear."""
    text = re.sub(r"<style.*?</style>", "\n", made, flags=re.DOTALL)
    yield from re.findall(r'(?:aria-label|title|alt)="([^"]*)"', text)
    yield from re.sub(r"<[^>]*>", "\n", text).splitlines()


@pytest.mark.parametrize("name", [*CANVASES, *TEXTS])
def test_an_arabic_canvas_is_answered_in_arabic(name: str) -> None:
    english = {
        f"{what}: {phrase}"
        for what, made in all_made(arabic(name))
        for line in lines_of(made)
        for phrase in PHRASE.findall(CODES.sub("", NAMES.sub("", line)))
    }
    assert english == set()


@pytest.mark.parametrize("piece", ["next", "needs", "separate", "jobs", "purchase"])
def test_two_languages_of_ours_never_stand_side_by_side(piece: str) -> None:
    """French has the words of a workshop alone, so that all else is said in English."""
    known = canvas_called("clinic-notes/canvas")
    told = DRAWN.get(piece, CHOSEN)["txt"]
    english, french = (
        told(QUESTIONS[piece](known.model_copy(update={"language": code}))) for code in ("en", "fr")
    )
    # What could not be looked at in French stands at the end.
    assert french.startswith(english.rstrip())
