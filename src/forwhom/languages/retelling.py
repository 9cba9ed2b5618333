"""What rooms say in English that know no language, said again to those who read another one.

A table, a study, a canvas and the linter say once what they lack, in English, to terminals, files
and logs; much of it is kept, and read later by people of several languages. Here such a text is
recognized by its words, and its message is said with the values that stand in it. Where nobody
translated it, nothing is guessed: the text stays as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache
from string import Formatter
from typing import NamedTuple

from forwhom.languages.catalog import (
    SOURCE,
    language,
    messages,
    percent_sign,
    recognized_messages,
    spelled,
    tr,
    tr_count,
    whole,
)
from forwhom.languages.codes import is_right_to_left
from forwhom.languages.units import is_ours, measured

#: Where one sentence ends and the next begins.
_BETWEEN = re.compile(r"(?<=[.?!…:;]) (?=[A-Z'“\"{(\d])")
#: A place before what is wrong there: file, line and column, or a name.
_PLACE = re.compile(r"((?:\S+?:\d+(?::\d+)?|'[^']+'|[^\s:]+|[^.:]{1,80}): )(.+)", re.DOTALL)
_FILE = re.compile(r"([^\s:]+\.\w+): (.+)", re.DOTALL)
_NUMBER = re.compile(r"[+−-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?")
_WHOLE = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")
_WORD = re.compile(r"[A-Za-z]+")
_MARK = re.compile(r"[;,] ")
_LISTED = re.compile(r"(.+) (and|or) (.+)", re.DOTALL)
_FEW = re.compile(r"[Ff]ewer than (\d+)")
_MORE = re.compile(r"(\d+) more")
_QUOTED = re.compile(r"'[^']*'|“[^”]*”|\"[^\"]*\"")
#: An amount with a sign before it, or a word or some behind it.
_AMOUNT = re.compile(
    r"([$€£¥₹]?)((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)((?: [^\W\d][\w$€£/-]*){0,3})"
)
#: What a place holds whose name says that it is a share.
_PERCENT = r"(?:(?:under|over) )?[−\d.,]+%|–"
_BRACKETS = re.compile(r"([^()]+) \(([^()]+)\)")
#: How a number is said that is large, or near a limit.
_LIMITS = ("{n} million", "{n} billion", "under {limit}", "over {limit}", "{low} to {high}")
#: Lists of ids, which hold no space, and of names in quotes.
_IDS = re.compile(r"(?:id|key)s?\d*$")
_ALL_IDS = re.compile(r"[\w.-]+(?:(?:, | and | or )[\w.-]+)+")
_SEVERAL = re.compile(r"^'.*'(?:, | and | or ).*'$", re.DOTALL)
_ALL_QUOTED = re.compile(r"'[^']*'(?:(?:, | and | or )'[^']*')+")
#: What a place is called that holds somebody's own word.
NAMED = re.compile(
    r"(name|named|column|id|key|table|path|place|file|statement|customer|variable|segment|heading"
    r"|level)s?\d*"
)
#: What no value holds: the end of a sentence; and, where few words are ours, a space at all.
_BREAK = re.compile(r"[.?!;] ")
_SPACED = re.compile(r"\S \S")
#: With so many letters of ours a text is surely the message.
_ENOUGH = 7
#: Texts within texts are followed this far.
_DEEPEST = 4
#: What is longer, or is put together of more parts, is no text of ours, but may take long to read.
_LONGEST, _MOST = 2000, 24
#: From here on a value ends where the words after it stand first, whatever comes later.
_LONG = 400


class _Known(NamedTuple):
    """How a message begins in English, or its plural; and what its catalog knows it by."""

    form: str
    message: str
    plural: str

    @property
    def pieces(self) -> tuple[str, ...]:
        """The words of ours between the values."""
        return _pieces(self.form)

    @property
    def letters(self) -> int:
        """How many letters are ours."""
        return sum(c.isalpha() for piece in self.pieces for c in piece)


def retold(text: str) -> str | None:
    """Return a text of ours in the language that is spoken; None where nobody translated it.

    Examples
    --------
    >>> from forwhom.languages.catalog import speaking
    >>> with speaking("de"):
    ...     retold("shop.csv has no rows."), retold("a text of a person")
    ('shop.csv hat keine Zeilen.', None)
    """
    if language() == SOURCE or not any(c.isalpha() for c in text):
        return text
    if len(text) > _LONGEST:
        return None
    return messages().get(text) or _retold(language(), text, 0)


def told(text: str) -> str:
    """Return a text in the language that is spoken, or as it is where nobody translated it."""
    said = retold(text)
    return text if said is None else said


@lru_cache(maxsize=4096)
def _retold(code: str, text: str, depth: int) -> str | None:
    file = _FILE.fullmatch(text)
    rest = None if file is None or depth >= _DEEPEST else _retold(code, file[2], depth + 1)
    if file is not None and rest is not None:
        return f"{apart(code, file[1])}: {rest}"
    said = _whole(code, text, depth)
    if said is not None:
        return said
    added = _whole(code, f" {text}", depth)  # a sentence that is put behind another one
    if added is not None:
        return added.lstrip(" ")
    for parted in (_sentences, _clauses):
        said = parted(code, text, depth)
        if said is not None:
            return said
    place = _PLACE.fullmatch(text)
    if place is None or depth >= _DEEPEST:
        return None
    rest = _retold(code, place[2], depth + 1)
    return None if rest is None else f"{apart(code, place[1][:-2])}: {rest}"


@lru_cache(maxsize=20_000)
def _whole(code: str, text: str, depth: int) -> str | None:
    """Return what one message says, if the text is one."""
    for known in _may_be(code, text):
        if all(piece in text for piece in known.pieces):
            found = _pattern(known.form, at_once=len(text) > _LONG).fullmatch(text)
            said = None if found is None else _filled(code, known, found.groupdict(), depth)
            if said is not None:
                return said
    return None


def _sentences(code: str, text: str, depth: int) -> str | None:
    """Return what several sentences say, each a message; a message may hold several of them."""
    parts = _BETWEEN.split(text)
    if not 1 < len(parts) <= _MOST or depth >= _DEEPEST:
        return None
    for first in range(len(parts) - 1, 0, -1):
        text = " ".join(parts[:first])
        head = _whole(code, text, depth)
        if head is None and text.endswith("."):  # it stands elsewhere without its end
            bare = _whole(code, text[:-1], depth)
            head = bare and f"{bare}."
        if head is not None:
            rest = _retold(code, " ".join(parts[first:]), depth)
            return None if rest is None else f"{head} {rest}"
    return None


def _clauses(code: str, text: str, _: int) -> str | None:
    """Return what a sentence says that was put together of parts, and begun large."""
    body = text.removesuffix(".")
    said = _joined(code, body)
    if said is None and body[:1].isupper():
        said = _joined(code, body[:1].lower() + body[1:])
        said = said and said[:1].upper() + said[1:]
    return said and said + text[len(body) :]


@lru_cache(maxsize=20_000)
def _joined(code: str, text: str) -> str | None:
    """Return what parts say between commas and semicolons, each of which is known."""
    ends = [*(found.start() for found in _MARK.finditer(text, 1)), len(text)]
    if len(ends) > _MOST:
        return None
    for end in ends:
        said = _value(code, text[:end], _DEEPEST - 1)
        if said is None:
            continue
        rest = "" if end == len(text) else _continued(code, text[end:])
        if rest is not None:
            return said + rest
    return None


def _continued(code: str, text: str) -> str | None:
    """Return how a text goes on after one of its parts, with the mark that stands before."""
    rest = _joined(code, text[2:])
    if rest is None:
        return _joined(code, text)  # some parts have the mark in their message
    pair = "{first}; {next}" if text[0] == ";" else "{first}, {next}"
    return tr(pair, first="", next=rest)


def _filled(code: str, known: _Known, values: dict[str, str], depth: int) -> str | None:
    """Return a message with its values; None where the values are no values, but other words."""
    own = _own(known.form)
    if any(_are_several(values[name]) for name in own):
        return None
    said = {
        name: _names(code, name, value) if name in own else _value(code, value, depth + 1)
        for name, value in values.items()
    }
    strange = _BREAK if known.letters >= _ENOUGH else _SPACED
    others = (
        _QUOTED.sub("", values[name])
        for name, one in said.items()
        if one is None and name not in _in_quotes(known.form)
    )
    if any(map(strange.search, others)):
        return None
    put = {n: apart(code, values[n]) if one is None else one for n, one in said.items()}
    if not known.plural:
        return tr(known.message, **put)
    put.pop("n", "")
    return _counted(known, values.get("n", ""), put)


def _are_several(value: str) -> bool:
    """Whether what was read as one name is several, with words of ours between them."""
    return _SEVERAL.search(value) is not None and not _ALL_QUOTED.fullmatch(value)


def _names(code: str, place: str, value: str) -> str | None:
    """Return names in quotes, or ids, as the language lists them; None for any other name."""
    is_list = _ALL_QUOTED.fullmatch(value) or (_IDS.match(place) and _ALL_IDS.fullmatch(value))
    return _listed(code, value, _DEEPEST) if is_list else None


def _counted(known: _Known, number: str, values: dict[str, str]) -> str | None:
    """Return what is said of a number of things; None where no number stands there."""
    few = _FEW.fullmatch(number)
    digits = few[1] if few else number
    if not _WHOLE.fullmatch(digits):
        return None
    n = int(digits.replace(",", ""))
    if few:
        values = values | {"n": tr("fewer than {n}", n=whole(n))}
    return tr_count(known.message, known.plural, n, **values)


@lru_cache(maxsize=20_000)
def _value(code: str, value: str, depth: int) -> str | None:
    """Return a number, a list, or words of ours that stand in a text; None for others' words."""
    number = _number(value)
    if number is not None:
        return number
    if depth > _DEEPEST or _QUOTED.fullmatch(value):
        return None
    if not any(c.isalpha() for c in value):
        return _quantity(code, value, depth) or _bracketed(code, value, depth)
    for way in (_word, _in_units, _whole, _small, _listed, _sentences, _bracketed, _quantity):
        said = way(code, value, depth)
        if said is not None:
            return said
    return _clauses(code, value, depth) if "; " in value and depth < _DEEPEST - 1 else None


def value_told(value: str) -> str | None:
    """Return a number, a list, or words of ours as they stand in a text; None for others' words."""
    return _value(language(), value, 0)


def _number(value: str) -> str | None:
    """Return a number as the language spells it: a share, millions, or near a limit, too."""
    if _NUMBER.fullmatch(value):
        number = spelled(value.removesuffix("%"))
        return number + percent_sign() if value.endswith("%") else number
    for message in _LIMITS:
        found = pattern_of(message).fullmatch(value)
        said = {} if found is None else {k: _number(v) for k, v in found.groupdict().items()}
        if said and None not in said.values():
            return tr(message, **said)
    return None


def _quantity(_: str, value: str, __: int) -> str | None:
    """Return an amount whose unit is a sign or somebody's own word: ``€1,200``, ``3.5 trips``."""
    found = _AMOUNT.fullmatch(value)
    if not found:
        return None
    number = spelled(found[2])
    return measured(number, found[3][1:]) if found[3] else f"{found[1]}{number}"


def _in_units(_: str, value: str, __: int) -> str | None:
    """Return an amount in a unit of ours: ``15 days``, ``2.5 orders per month``."""
    found = _AMOUNT.fullmatch(value)
    known = found and is_ours(found[3][1:])
    return measured(spelled(found[2]), found[3][1:]) if found and known else None


def _bracketed(code: str, value: str, depth: int) -> str | None:
    """Return words of ours that say more in brackets, which may be somebody's own."""
    found = _BRACKETS.fullmatch(value)
    said = found and _value(code, found[1], depth + 1)
    if not found or said is None:
        return None
    inside = _value(code, found[2], depth + 1)
    return f"{said} ({apart(code, found[2]) if inside is None else inside})"


def _word(code: str, value: str, depth: int) -> str | None:
    """Return a word of ours, or a text that begins large, or ends, where it stands."""
    known = messages()
    changed = [value[:1].upper() + value[1:]]
    if value[:1].isupper():
        small = value[:1].lower() + value[1:]
        said = known.get(small) or _whole(code, small, depth)
        if said:
            return said[:1].upper() + said[1:]
    if not value.endswith("."):
        changed.append(f"{value}.")
    found = next((known[one] for one in (value, *changed) if one in known), None)
    return found and (found if found[-1:] == value[-1:] else found.removesuffix("."))


def _small(code: str, value: str, depth: int) -> str | None:
    """Return a text that begins large, such as a label, where it goes on in a sentence."""
    large = value[:1].upper() + value[1:]
    return None if large == value or depth >= _DEEPEST else _whole(code, large, depth + 1)


def _listed(code: str, value: str, depth: int) -> str | None:
    """Return a list as the language writes it, where it is one: ``'a', 'b' and 2 more``."""
    found = _LISTED.fullmatch(value)
    parts = [] if found is None else [_entry(code, one, depth) for one in found[1].split(", ")]
    last = None if found is None else _entry(code, found[3], depth)
    if found is None or last is None or None in parts:
        return None
    first = tr("{first}, {next}", first="", next="").join(filter(None, parts))
    if found[2] == "or":
        return tr("{first} or {last}", first=first, last=last)
    return tr("{first} and {last}", first=first, last=last)


def _entry(code: str, text: str, depth: int) -> str | None:
    """Return one part of a list; None where it is no name, number or text of ours."""
    if more := _MORE.fullmatch(text):
        return tr("{n} more", n=spelled(more[1]))
    said = _value(code, text, depth + 1)
    if said is None and (_QUOTED.fullmatch(text) or not _SPACED.search(text)):
        return apart(code, text)
    return said


def apart(code: str, value: str) -> str:
    """Return somebody's own word so that it stands apart where people read from the right."""
    return f"\u2068{value}\u2069" if value and is_right_to_left(code) else value


def _may_be(code: str, text: str) -> list[_Known]:
    """Return the messages that have a word of the text; the most words of ours come first."""
    by_word = _by_word(code)
    found = [at for word in {"", *_WORD.findall(text)} for at in by_word.get(word, ())]
    return [known for _, known in sorted(found)]


@cache
def _by_word(code: str) -> dict[str, list[tuple[int, _Known]]]:
    """Return every message that is recognized and its rank, by the rarest of its words."""
    known = [
        _Known(form, message, plural)
        for message, plural in recognized_messages(code)
        for form in (message, *([plural] if plural else []))
    ]
    known.sort(key=lambda one: (-one.letters, -len(one.pieces)))
    often = Counter(word for one in known for word in set(_words(one.form)))
    found: dict[str, list[tuple[int, _Known]]] = {}
    for rank, one in enumerate(known):
        rarest = min(_words(one.form), key=lambda word: (often[word], word), default="")
        found.setdefault(rarest, []).append((rank, one))
    return found


def _words(form: str) -> list[str]:
    """Return the words of a message that no value can make longer."""
    return _WORD.findall(re.sub(r"[A-Za-z]*\{\w+\}[A-Za-z]*", " ", _braces(form)))


def _braces(form: str) -> str:
    return form.replace("{{", " ").replace("}}", " ")


@cache
def _pieces(form: str) -> tuple[str, ...]:
    return tuple(words for words, _ in _parts(form) if words)


def pattern_of(form: str) -> re.Pattern[str]:
    """Return what reads the values of a message from a short text."""
    return _pattern(form, at_once=False)


@cache
def _pattern(form: str, *, at_once: bool) -> re.Pattern[str]:
    """Return what reads the values of a message; ``at_once`` never looks twice at a long text."""
    parts = _parts(form)
    made, seen = "", set[str]()
    for at, (words, name) in enumerate(parts):
        before, value = re.escape(words), ""
        if name in seen:
            value = f"(?P={name})"
        elif name:
            seen.add(name)
            # People's own words stand in quotes: they are taken whole where they can be.
            what = _PERCENT if name.startswith("percent") else f"{_QUOTED.pattern}|.*?"
            value = f"(?P<{name}>{what})"
        ahead = re.escape(parts[at + 1][0]) if at + 1 < len(parts) else ""
        if at_once and value and ahead and at + 2 < len(parts):
            value = f"(?>{value}(?={ahead}))"
        made += before + value
    return re.compile(made, re.DOTALL)


@cache
def _in_quotes(form: str) -> frozenset[str]:
    return frozenset(re.findall(r"[\"'“]\{(\w+)\}[\"'”]", form))


@cache
def _own(form: str) -> frozenset[str]:
    """Return the places of a message with names and words of people, which are never translated."""
    quoted = _in_quotes(form)
    return frozenset(name for _, name in _parts(form) if name and NAMED.fullmatch(name)).union(
        quoted
    )


def _parts(form: str) -> list[tuple[str, str | None]]:
    return [(words, name) for words, name, _, _ in Formatter().parse(form)]
