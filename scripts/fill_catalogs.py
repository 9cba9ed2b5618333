"""Bring every message of the sources into the catalogs, and take out those that are gone.

Run ``python scripts/fill_catalogs.py`` after adding or changing a message. A translation that is
missing stays empty in ``src/forwhom/languages/<code>.po``; a test fails until somebody writes it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po
from recognized import MARKS, form_of, is_telling, of_file, of_layouts, of_rules
from ruamel.yaml import YAML

from forwhom.documents.canvas.keynames import topic_name
from forwhom.languages.catalog import RECOGNIZED, WHOLE

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "src" / "forwhom"
CATALOGS = SOURCES / "languages"
#: What marks a message in the markup of paper.
ON_PAPER = re.compile(r'\bsay\(\s*"((?:[^"\\]|\\.)*)"')
#: What every language must hold: what somebody reads who takes part in a workshop.
PARTICIPANTS = (
    "alignment/",
    "choices/exercise.py",
    "choices/raters.py",
    "choices/storyphrases.py",
    "report/stories/",
    "report/workshop/",
    "report/alignment/",
    "report/deck/",
    "report/needkinds.py",
    "report/templates/alignment/",
    "report/templates/frame.html.jinja",
    "report/templates/parts.html.jinja",
    "web/exercise/questions.py",
    "web/server/refusals.py",
    "web/exercise/taking_part.py",
    "web/templates/app.html.jinja",
    "web/templates/exercise/code",
    "web/templates/exercise/frame",
    "web/templates/exercise/phone",
    "web/templates/problem",
    "wording.py",
    "workspace/exercise",
    "workspace/outcomes.py",
)


#: Tables of messages that are said elsewhere and recognized.
TABLES = (
    "customers/rare.py",
    "documents/again.py",
    "documents/fairness.py",
    "documents/market.py",
    "documents/value.py",
    "evidence/value.py",
    "features/counts.py",
    "languages/phrases.py",
    "languages/units.py",
    "web/data/progress.py",
)


class Message(NamedTuple):
    """A message, its plural and its context, where it has them."""

    text: str
    plural: str = ""
    context: str = ""


class Places(list[str]):
    """In which files a message stands, and whether it is recognized by its words."""

    recognized: bool = False


def found() -> dict[Message, Places]:
    """Return every message of the sources, and in which files it stands."""
    places: dict[Message, Places] = {}
    #: The same words with other names for the values are one message.
    forms: dict[tuple[str, str], Message] = {}
    for path in sorted(SOURCES.rglob("*")):
        name = path.relative_to(SOURCES).as_posix()
        heard = [
            forms.setdefault((form_of(one), form_of(several)), Message(one, several))
            for one, several in (of_file(path, name) if path.suffix == ".py" else [])
        ]
        for message in (*_messages(path), *heard):
            at = places.setdefault(message, Places())
            at.recognized |= message in heard or (name in TABLES and is_telling(message.text))
            if name not in at:
                at.append(name)
    for name, sentence in (*of_rules(), *of_layouts(SOURCES)):
        at = places.setdefault(Message(sentence), Places())
        at.recognized = True
        if name not in at:
            at.append(name)
    return places


def _messages(path: Path) -> Iterator[Message]:
    if path.suffix == ".typ":
        for text in ON_PAPER.findall(path.read_text(encoding="utf-8")):
            yield Message(text.replace('\\"', '"'))
    elif path.parent.name == "frameworks" and path.suffix == ".yaml":
        yield from map(Message, _of_framework(YAML(typ="safe").load(path)))
    elif path.parent.name == "aid" and path.suffix == ".yaml":
        yield from map(Message, _of_codes(YAML(typ="safe").load(path)))
    elif path.suffix in (".py", ".jinja"):
        method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
        for _, said, _, context in extract_from_file(method, path, keywords=MARKS):  # type: ignore[arg-type]
            text, plural = said if isinstance(said, tuple) else (said, "")
            yield Message(text, plural, context or "")


def _of_codes(lists: dict[str, dict[str, str]]) -> Iterator[str]:
    """Yield the names of sectors and regions; Babel knows those of countries."""
    for kind in ("sectors", "regions"):
        yield from lists.get(kind, {}).values()


def _of_framework(frame: dict[str, Any]) -> Iterator[str]:
    """Yield what a framework is called, its blocks and topics, and the questions that it asks."""
    yield frame["name"]
    if frame.get("credits"):
        yield frame["credits"]
    for block in frame["blocks"]:
        yield block["name"]
        yield from map(topic_name, [*block.get("topics", []), *block.get("bears_on", [])])
        yield from block.get("questions", [])


def wanted(code: str, places: dict[Message, Places]) -> dict[Message, Places]:
    """Return the messages that the catalog of a language has to hold."""
    if code in WHOLE:
        return places
    return {m: at for m, at in places.items() if any(p.startswith(PARTICIPANTS) for p in at)}


def read(code: str) -> Catalog:
    """Return the catalog of a language as it is."""
    return read_po(io.BytesIO((CATALOGS / f"{code}.po").read_bytes()), locale=code)


def filled(code: str, places: dict[Message, Places]) -> str:
    """Return the catalog of a language with all that it has to hold, and what is translated."""
    old = read(code)
    new = Catalog(locale=code, fuzzy=False, header_comment=old.header_comment)
    for message, at in places.items():
        known = old.get(message.text, message.context or None)
        both = (message.text, message.plural) if message.plural else message.text
        new.add(
            both,
            known.string if known else None,
            locations=[(place, 0) for place in at],
            context=message.context or None,
            auto_comments=[RECOGNIZED] if at.recognized else [],
        )
    out = io.BytesIO()
    write_po(out, new, width=100, include_lineno=False, omit_header=True)
    return f"{_head(new)}\n{out.getvalue().decode()}"


def _head(catalog: Catalog) -> str:
    return (
        f'msgid ""\nmsgstr ""\n"Language: {catalog.locale_identifier}\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Plural-Forms: {catalog.plural_forms}\\n"\n'
    )


def main() -> None:
    """Write every catalog."""
    places = found()
    for path in sorted(CATALOGS.glob("*.po")):
        text = filled(path.stem, wanted(path.stem, places))
        path.write_text(text, encoding="utf-8")
        print(f"{path.stem}: {text.count('msgstr') - 1} messages")


if __name__ == "__main__":
    main()
