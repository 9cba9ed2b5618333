"""What rooms say in English is recognized, and said again to those who read another language."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from tests.lint.test_rules import case_list, found

from forwhom.customers.drafting import draft_study
from forwhom.languages.catalog import recognized_messages, speaking, tr, tr_count
from forwhom.languages.retelling import retold, told
from forwhom.web.server.worker import _seen
from forwhom.wording import percent

LANGUAGES = ("de", "ar")


def plain(text: str | None) -> str | None:
    return text if text is None else re.sub("[\u2068\u2069]", "", text)


def places(message: str) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(message) if name]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_recognized_with_its_values(language: str) -> None:
    """No other message takes its words, whatever stands in its places."""
    known = recognized_messages(language)
    assert len(known) > 1500
    lost = []
    with speaking(language):
        for message, plural in known:
            values = {name: f"'{name}~'" for name in places(plural or message)}
            shares = [name for name in values if name.startswith("percent")]
            there, here = (
                values | dict.fromkeys(shares, share) for share in ("12%", percent(0.12))
            )
            if plural:
                there.pop("n", None)
                here.pop("n", None)
                said, wanted = plural.format(n=7, **there), tr_count(message, plural, 7, **here)
            else:
                said, wanted = message.format(**there), tr(message, **here)
            if plain(retold(said)) != plain(wanted):
                lost.append((said, retold(said), wanted))
    assert lost == []


ROWS = "id,visits,spend,plan,gender,note,mail,joined,score,stars,channel\n" + "".join(
    f"c{i},{i * i % 17},{(i * 37) % 301 + i % 7 / 4},{'abc'[i % 3]},{'mf'[i % 2]},"
    f"said {i * 7919},p{i}@example.org,2024-0{i % 9 + 1}-1{i % 9},{i % 5 + 1},{i % 6},"
    f"{['web', 'shop'][i % 2]}\n"
    for i in range(120)
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_of_a_table_is_told(language: str, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(ROWS, encoding="utf-8")
    seen = _seen(draft_study([str(tmp_path / "people.csv")]))
    columns = [one for table in seen["tables"] for one in table["columns"]]
    said = [*seen["notes"], *(one["why"] for one in columns)]
    said += [table["headline"] for table in seen["tables"]]
    assert len({one["why"] for one in columns}) > 7
    with speaking(language):
        assert [one for one in said if retold(one) in (None, one)] == []


def test_names_of_people_stay_and_numbers_are_spelled() -> None:
    with speaking("de"):
        assert retold("'Purpose' has no rows.") == "'Purpose' hat keine Zeilen."
        assert told("day, month and Purpose take no part") == "day, month and Purpose take no part"
        said = "shop.csv: day and month take no part. Every row has the same value."
        wanted = "shop.csv: day and month sind nicht beteiligt. Jede Zeile hat denselben Wert."
        assert retold(said) == wanted
        assert retold("1,234 customers") == "1.234 Kunden"
        unknown = "shop.csv: the rows look like purchases, but no column says who the customer is"
        assert (
            retold(f"{unknown}. Check its rights.")
            == f"{told(unknown)}. Die Zugriffsrechte prüfen."
        )
        assert retold("fewer than 10 customers") == "weniger als 10 Kunden"


def test_words_that_nobody_translated_stay_as_they_are() -> None:
    with speaking("de"):
        for text in ("Something of a person.", "12", "", "Nothing. shop.csv has no rows."):
            assert told(text) == text
    with speaking("fr"):
        assert retold("shop.csv has no rows.") is None
    assert retold("shop.csv has no rows.") == "shop.csv has no rows."


@pytest.mark.parametrize(
    "text",
    [
        "4.5% customers", "−5 customers", "+5 rows", "1,2,3 rows", "' of '" * 300,
        "x of y and z; " * 2000, "There is no file " + "a of b, is not. " * 120,
        "a, " * 600 + "and b", "'" * 1999, "{x} of {y}" * 150,
    ],
)  # fmt: skip
def test_whatever_people_write_is_read_at_once(text: str) -> None:
    """Nothing breaks on it, and nothing looks at it again and again."""
    with speaking("de"):
        assert told(text) == text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_of_the_linter_is_told(language: str) -> None:
    findings = [one for rule, _, _, text in case_list() for one in found(rule, text)]
    said = {words for one in findings for words in (one.message, one.advice) if words}
    assert len(said) > 300
    with speaking(language):
        assert [one for one in sorted(said) if retold(one) in (None, one)] == []
