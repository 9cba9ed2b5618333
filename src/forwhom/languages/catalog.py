"""What we say, in the language that is being spoken.

Whoever makes something for readers does so inside ``with speaking(language)``: everything said in
there is looked up in the catalog of that language, by its English words. What a catalog lacks is
said in English. Words that people wrote are never looked up.
"""

import gettext
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import resources
from typing import Any

from forwhom.errors import OptionError

#: What the sources are written in; it has no catalog.
SOURCE = "en"
#: Languages whose catalogs hold every message; the others have what is read in a workshop.
WHOLE = frozenset({"ar", "de"})
#: What stands in a catalog beside a message that rooms say without it (`retelling`).
RECOGNIZED = "recognized"
_spoken: ContextVar[str] = ContextVar("spoken", default=SOURCE)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say everything inside in a language; a variant such as ``de-AT`` has its language's words."""
    token = _spoken.set(spoken_as(language))
    try:
        yield
    finally:
        _spoken.reset(token)


@contextmanager
def speaking_all(language: str) -> Iterator[None]:
    """Say everything inside in a language whose catalog holds everything, or else in English.

    Where a catalog has only what is read in a workshop, two languages would stand side by side.
    """
    with speaking(chosen(None, language, whole=True)):
        yield


@contextmanager
def speaking_asked(language: str | None) -> Iterator[None]:
    """Say everything inside in the language that is asked for, whole; left out: in English."""
    with speaking(chosen(language, SOURCE, whole=True)):
        yield


def language() -> str:
    """Return the code of the language that is being spoken."""
    return _spoken.get()


@cache
def catalogs() -> tuple[str, ...]:
    """Return the languages that have a catalog."""
    names = (path.name for path in resources.files("forwhom.languages").iterdir())
    return tuple(sorted(n.removesuffix(".po") for n in names if n.endswith(".po")))


def spoken_as(language: str) -> str:
    """Return the language in which we speak to readers of a language: theirs, or English."""
    code = language.lower().replace("_", "-").split("-")[0]
    return code if code in catalogs() else SOURCE


def chosen(language: str | None, otherwise: str, *, whole: bool = False) -> str:
    """Return the language to speak: the one that is asked for, which must have a catalog.

    Where a catalog must hold everything, a drawing never mixes two languages of ours.
    """
    known = sorted({SOURCE, *(WHOLE if whole else catalogs())})
    code = spoken_as(otherwise if language is None else language)
    if language is None:
        return code if code in known else SOURCE
    if code not in known or (code == SOURCE and not language.lower().startswith(SOURCE)):
        said = ", ".join(known)
        raise OptionError(
            f"forwhom does not say this in {language!r}.", f"Expected one of: {said}."
        )
    return code


def tr(message: str, **values: object) -> str:
    """Return a message in the language that is spoken, with the values in its places.

    Examples
    --------
    >>> with speaking("de"):
    ...     tr("Round {number}", number=2)
    'Runde 2'
    """
    known = _words(_spoken.get())
    return _filled(message if known is None else known.gettext(message), values)


def tr_in(context: str, message: str, **values: object) -> str:
    """Return a message whose words mean something else elsewhere."""
    known = _words(_spoken.get())
    return _filled(message if known is None else known.pgettext(context, message), values)


def tr_count(one: str, several: str, n: int, /, **values: object) -> str:
    """Return what is said of a number of things, in the plural that the language has for it.

    Another ``n`` among the values is said in its place, such as "fewer than 10".

    Examples
    --------
    >>> tr_count("{n} item", "{n} items", 1200)
    '1,200 items'
    """
    known = _words(_spoken.get())
    said = (one if n == 1 else several) if known is None else known.ngettext(one, several, n)
    return _filled(said, {"n": whole(n), **values})


def tr_count_in(context: str, one: str, several: str, n: int, /, **values: object) -> str:
    """Return what is said of a number of things whose words mean something else elsewhere."""
    known = _words(_spoken.get())
    said = (
        (one if n == 1 else several) if known is None else known.npgettext(context, one, several, n)
    )
    return _filled(said, {"n": whole(n)} | values)


def later(message: str) -> str:
    """Mark words of a table that `tr` looks up when they are said."""
    return message


def later_in(context: str, message: str) -> str:  # noqa: ARG001
    """Mark words of a table that `tr_in` looks up when they are said."""
    return message


def later_count_in(context: str, one: str, several: str) -> tuple[str, str]:  # noqa: ARG001
    """Mark what a table says of a number of things, which `tr_count_in` looks up."""
    return one, several


def later_count(one: str, several: str) -> tuple[str, str]:
    """Mark what a table says of a number of things, which `tr_count` looks up."""
    return one, several


def whole(n: int) -> str:
    """Return a whole number with the separators of the language that is spoken."""
    return spelled(f"{n:,}")


def spelled(number: str) -> str:
    """Return a number that is written as in English with the signs of the language."""
    spoken = _spoken.get()
    return number if spoken == SOURCE else number.translate(_signs(spoken))


def percent_sign() -> str:
    """Return the sign of percent, with the space that the language puts before it."""
    spoken = _spoken.get()
    return "%" if spoken == SOURCE else _percent_sign(spoken)


def messages() -> Mapping[str, str]:
    """Return every message of the language that is spoken, by its English words."""
    known = _words(_spoken.get())
    return {} if known is None else _texts(_spoken.get())


def recognized_messages(code: str) -> list[tuple[str, str]]:
    """Return the messages of a language that are recognized by their words, with their plurals."""
    found = [m for m in _catalog(code) if m.id and m.string and RECOGNIZED in m.auto_comments]
    return [m.id if isinstance(m.id, tuple) else (m.id, "") for m in found if not m.context]


@cache
def messages_of(code: str, place: str) -> tuple[str, ...]:
    """Return the messages of a language that a file says, those with the most words first."""
    found = [
        m.id
        for m in _catalog(code)
        if isinstance(m.id, str) and m.id and m.string and place in dict(m.locations)
    ]
    return tuple(sorted(found, key=lambda message: (-len(message), message)))


def _filled(message: str, values: Mapping[str, object]) -> str:
    return message.format(**values) if values else message


@cache
def _words(code: str) -> gettext.GNUTranslations | None:
    """Return the catalog of a language; nothing for the one that the sources are written in."""
    if code == SOURCE:
        return None
    # Only whoever needs another language waits for Babel.
    from babel.messages.mofile import write_mo

    compiled = io.BytesIO()
    write_mo(compiled, _catalog(code))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


#: Contexts whose words are never meant elsewhere: parts of names, units, ends of sentences.
_APART = frozenset({"phrase", "unit", "whether"})


@cache
def _texts(code: str) -> dict[str, str]:
    known = [m for m in _catalog(code) if isinstance(m.id, str) and m.id and m.string]
    known = [m for m in known if m.context not in _APART]
    # Words that stand without a context are those that are meant without one.
    known.sort(key=lambda m: m.context is None)
    return {m.id: m.string for m in known}


@cache
def _catalog(code: str) -> Any:
    from babel.messages.pofile import read_po

    text = resources.files("forwhom.languages").joinpath(f"{code}.po").read_bytes()
    return read_po(io.BytesIO(text), locale=code, abort_invalid=True)


@cache
def _signs(code: str) -> dict[int, str]:
    from babel.numbers import get_decimal_symbol, get_group_symbol

    signs = {
        ",": get_group_symbol(code, numbering_system="latn"),
        ".": get_decimal_symbol(code, numbering_system="latn"),
    }
    return str.maketrans(signs)


@cache
def _percent_sign(code: str) -> str:
    from babel import Locale

    pattern = Locale.parse(code).percent_formats[None].pattern
    return "".join(c for c in pattern.rpartition("0")[2] if c == "%" or c.isspace())
