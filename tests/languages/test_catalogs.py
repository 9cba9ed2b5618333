"""The catalogs hold every message, with the same places for values and every plural."""

from __future__ import annotations

import ast
import importlib.util
import re
import string
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from babel import Locale

from forwhom.documents.canvas import parse_canvas
from forwhom.errors import DocumentError, OptionError
from forwhom.languages.catalog import catalogs, chosen, messages, speaking, tr, tr_count, tr_in
from forwhom.languages.codes import code_by_name, is_right_to_left, written_code
from forwhom.wording import decimal, listed, number, percent, percent_range

ROOT = Path(__file__).parents[2]
CATALOGS = ROOT / "src" / "forwhom" / "languages"
LANGUAGES = ("ar", "de", "es", "fr")
MARKS = ("tr", "tr_in", "tr_count", "tr_counted")


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fill", ROOT / "scripts" / "fill_catalogs.py")
    assert spec is not None
    assert spec.loader is not None
    sys.path.insert(0, str(ROOT / "scripts"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def sources(script: ModuleType) -> Any:
    return script.found()


def places(message: str) -> list[str]:
    """The places of a message; in which case a language has the word for a segment is its own."""
    names = (name for _, name, _, _ in string.Formatter().parse(message) if name)
    return sorted(re.sub(r"^\w+_(nouns?)$", r"\1", name) for name in names)


def test_these_are_the_languages() -> None:
    assert catalogs() == LANGUAGES


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_catalog_holds_what_the_sources_say(code: str, script: ModuleType, sources: Any) -> None:
    text = (CATALOGS / f"{code}.po").read_text(encoding="utf-8")
    wanted = script.wanted(code, sources)
    assert len(wanted) > 100
    assert script.filled(code, wanted) == text, "run: python scripts/fill_catalogs.py"


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_message_is_translated_with_its_values(
    code: str, script: ModuleType, sources: Any
) -> None:
    known = script.read(code)
    missing, changed = [], []
    for message in script.wanted(code, sources):
        entry = known.get(message.text, message.context or None)
        said = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        if len(said) != (known.num_plurals if message.plural else 1) or not all(said):
            missing.append(message.text)
        own = {tuple(places(one)) for one in (message.text, message.plural) if one}
        if message.plural:  # a number that the word itself says need not stand beside it
            own |= {tuple(p for p in one if p != "n") for one in own}
        changed += [one for one in said if one and tuple(places(one)) not in own]
    assert missing == []
    assert changed == []


def test_no_message_hides_inside_a_formatted_string() -> None:
    """Nothing that extracts messages looks there, and no catalog would have it."""
    hidden = []
    for path in (ROOT / "src" / "forwhom").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        formatted = (n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.JoinedStr))
        calls = (n for one in formatted for n in ast.walk(one) if isinstance(n, ast.Call))
        for call in calls:
            named = isinstance(call.func, ast.Name) and call.func.id in MARKS
            if named and call.args and isinstance(call.args[0], ast.Constant):
                hidden.append((path.name, ast.unparse(call)))
    assert hidden == []


def test_marks_of_typing_are_those_of_the_source(script: ModuleType) -> None:
    """What is bold or typed as it stands in a message has a pair of marks in every language."""
    for code in LANGUAGES:
        with speaking(code):
            odd = {m for m, said in messages().items() if m.count("*") != said.count("*")}
            odd |= {m for m, said in messages().items() if "`" not in m and "`" in said}
            odd |= {m for m, said in messages().items() if said.count("`") % 2}
        assert odd == set()


def test_messages_for_a_template_are_whole_texts_and_their_translations() -> None:
    with speaking("de"):
        known = messages()
    assert known["Purpose"] == "Zweck"
    assert "" not in known  # the heading of the catalog
    assert all(isinstance(text, str) and text for pair in known.items() for text in pair)
    assert messages() == {}


def test_what_a_catalog_lacks_is_said_in_english() -> None:
    with speaking("de"):
        assert tr("no catalog has this {n}", n=1) == "no catalog has this 1"
        assert tr_in("low", "L") == "g"
        with speaking("it"):
            assert tr("Purpose") == "Purpose"
        assert tr("Purpose") == "Zweck"
    assert tr("Purpose") == "Purpose"


@pytest.mark.parametrize(
    ("code", "n", "said"),
    [
        ("de", 1, "1 Punkt"), ("de", 1200, "1.200 Punkte"), ("fr", 0, "0 point"),
        ("fr", 2, "2 points"), ("es", 1, "1 punto"), ("ar", 1, "بند واحد"), ("ar", 2, "بندان"),
        ("ar", 3, "3 بنود"), ("ar", 11, "11 بندا"), ("ar", 100, "100 بند"), ("en", 1, "1 item"),
    ],
)  # fmt: skip
def test_plurals_are_those_of_the_language(code: str, n: int, said: str) -> None:
    with speaking(code):
        assert tr_count("{n} item", "{n} items", n) == said


def test_numbers_shares_and_lists_are_spelled_as_the_language_does() -> None:
    with speaking("de"):
        assert number(1234567.0) == "1,23 Millionen"
        assert (number(1234.5), decimal(-0.5)) == ("1.234", "−0,50")
        assert percent(0.342) == "34\u00a0%"
        assert percent(0.0002) == "unter 0,1\u00a0%"
        assert percent_range(0.31, 0.37) == "31–37\u00a0%"
        assert listed(["A", "B", "C"]) == "A, B und C"
    with speaking("ar"):
        assert listed(["أ", "ب", "ج"]) == "أ، ب وج"
        assert (percent(0.5), decimal(1234.5, 1)) == ("50%", "1,234.5")
    assert percent(-0.0002) == "above −0.1%"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("de", "de"), ("DE", "de"), ("pt_br", "pt-BR"), ("ger", "de"), ("zh-Hans", "zh-Hans"),
        ("", "en"),
    ],
)  # fmt: skip
def test_codes_are_written_one_way(said: str, code: str) -> None:
    assert written_code(said) == code


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("English", "en"), ("german", "de"), ("Deutsch", "de"), ("العربية", "ar"),
        ("FRANÇAIS", "fr"), ("Runic", ""),
    ],
)  # fmt: skip
def test_a_canvas_gives_its_language_as_a_code(said: str, code: str) -> None:
    with pytest.raises(DocumentError) as refused:
        parse_canvas(f"forwhom: 1\nkind: canvas\nlanguage: {said}\n", "c.yaml")
    assert code_by_name(said) == code
    assert refused.value.problem == f"c.yaml:3:1: 'language' is {said!r}."
    assert refused.value.advice.endswith(f"Write {code}." if code else "such as en, de or pt-BR.")


def test_what_is_no_language_is_answered_in_english() -> None:
    with speaking("everybody's"):
        assert tr("Purpose") == "Purpose"


def test_sides() -> None:
    codes = ("ar-EG", "he", "fa", "ur", "az-Arab", "ku-Latn", "de", "ku")
    sides = [is_right_to_left(code) for code in codes]
    assert sides == [True, True, True, True, True, False, False, True]
    assert Locale("ar").text_direction == "rtl"


def test_what_says_everything_never_mixes_two_languages() -> None:
    assert chosen(None, "de-AT", whole=True) == "de"
    assert chosen(None, "ar", whole=True) == "ar"
    assert chosen(None, "fr", whole=True) == "en"
    assert chosen(None, "fr") == "fr"
    assert chosen("en-GB", "de", whole=True) == "en"
    with pytest.raises(OptionError, match="Expected one of: ar, de, en"):
        chosen("fr", "de", whole=True)
