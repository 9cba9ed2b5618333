"""What to type where a document says something in a form that its reader does not know."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from forwhom.documents.base import DAY_PATTERN, ID_PATTERN, LANGUAGE_PATTERN
from forwhom.documents.ids import slug
from forwhom.documents.repairs import quoted
from forwhom.documents.typedvalues import day_in, number_in, yes_or_no
from forwhom.documents.yamlfile import Location, YamlText
from forwhom.languages.codes import code_by_name

#: Keys of a canvas, as other people call them.
_KEYS = {
    "segments": "segment kunden kundensegmente segmente zielgruppen clients segmentos customers "
    "customer_segments target_groups",
    "needs": "need jobs pains gains wants bedürfnisse besoins necesidades jobs_to_be_done",
    "propositions": "value_propositions offers value_proposition angebote offres propuestas",
    "kpis": "kpi metrics key_metrics kennzahlen",
    "hypotheses": "hypothesis assumptions hypothesen annahmen hypothèses hipótesis",
    "competitors": "competition rivals wettbewerber konkurrenten concurrents competidores",
    "questions": "question fragen open_questions",
    "not_for": "not-for notfor excluded nicht_für",
    "title": "titel titre título name",
    "statement": "text title titel name aussage",
    "name": "title titel nom nombre label called text",
    "text": "note notiz title name statement texte texto",
    "description": "beschreibung desc describe descripción",
}  # fmt: skip


def right_key(key: str, keys: Sequence[str]) -> str:
    """Return the key that is meant, of those that can stand there; empty where nobody can say."""
    plain = re.sub(r"[\s-]+", "_", key.strip().casefold())
    if plain in keys:
        return plain
    meant = (k for k, words in _KEYS.items() if k in keys and plain in words.split())
    return next(meant, "")


#: A longer text is not said again in a message.
_MOST_SHOWN = 400


def to_type(kind: str, value: object, key: str | int, schema: dict[str, Any]) -> str:
    """Return what to type where only the form is wrong; empty where nobody can say.

    ``schema`` is what may stand there, and for a list what its items are.
    """
    if isinstance(value, str) and len(value) > _MOST_SHOWN:
        return ""
    if kind == "string_type" and isinstance(value, bool):
        return "Put it in quotes."
    if kind == "string_type" and isinstance(value, list) and all(isinstance(v, str) for v in value):
        return f"Write: {key}: {quoted(', '.join(value))}" if value else ""
    if kind == "list_type":
        return _list(value, key, schema)
    if kind == "model_type" and isinstance(value, str):
        return _item(value, schema) if isinstance(key, int) else _keys_below(schema)
    if kind == "dict_type" and isinstance(value, list):
        return f"Take the '- ' before the keys below {str(key)!r} away."
    if kind.startswith("bool") and isinstance(value, str):
        return _write(yes_or_no(value))
    if isinstance(value, str) and kind.startswith(("float", "int")):
        return _write(number_in(value, kind.startswith("int")))
    if kind == "less_than_equal" and schema.get("maximum") == 1 and isinstance(value, int | float):
        return f"Write {value / 100:g} for {value:g} %." if 1 < value <= 100 else ""
    if kind == "string_pattern_mismatch" and isinstance(value, str):
        pattern = schema.get("pattern")
        return _write(_FORMS[pattern](value) if pattern in _FORMS else "")
    return ""


#: How a text is written that should have a pattern.
_FORMS: dict[object, Callable[[str], str]] = {
    ID_PATTERN: slug,
    DAY_PATTERN: day_in,
    LANGUAGE_PATTERN: code_by_name,
}


def _write(meant: str) -> str:
    return f"Write {meant}." if meant else ""


def _list(value: object, key: str | int, schema: dict[str, Any]) -> str:
    if isinstance(value, dict):
        if "text" in schema.get("items", {}).get("required", ()) and value:
            first, said = next(iter(value.items()))
            if not isinstance(said, dict | list):
                return f"Write '- text: \"{first}: {said}\"' for '{first}: {said}'."
        if value and all(isinstance(one, dict) for one in value.values()):
            first = next(iter(value))
            return f"Write '- id: {first}' for '{first}:', and its keys below 'id'."
        return (
            f"Put '- ' before the first key below {str(key)!r}, and two spaces before the others."
        )
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    said, items = str(value), schema.get("items", {})
    bullet = re.match(r"[-•*·–]", said)
    if bullet:
        parts = re.split(rf"(?:^|\s){re.escape(bullet[0])}\s*", said)
        form = "- text: " if "text" in items.get("required", ()) else "- "
        return f"Begin each with '- ', a space after the sign: '{form}{parts[1] or '…'}'."
    if "properties" in items:
        return _item(said, items).replace("'.", "' below it.")
    if len(said.split()) == 1 or re.search(r"[,;]", said):
        words = [one for one in re.split(r"[,;]\s*", said) if one]
        return f"Write [{', '.join(words)}]."
    return f"Write '- {said}' below it."


#: Keys of which the value may be all that somebody wrote.
_SAID = ("text", "name", "statement", "feature", "reason", "file")


def _item(text: str, schema: dict[str, Any]) -> str:
    """How an item of a list is written of which only the text is there."""
    needed = list(schema.get("required", ()))
    words = [key for key in needed if key in _SAID]
    if not text or not words or set(needed) - {"id", words[0]}:
        return ""
    said = quoted(text) if re.search(r"[:#,{}\[\]]", text) else text
    if "id" in needed:
        return f"Write '- {{id: {slug(text) or 'one'}, {words[0]}: {said}}}'."
    return f"Write '- {words[0]}: {said}'."


def _keys_below(schema: dict[str, Any]) -> str:
    keys = list(schema.get("properties", ()))
    return f"Write keys below it, such as '{keys[0]}:'." if keys else ""


def swallowed(source: object, location: Location) -> str:
    """Return what to type where a '#' or '&' made a text vanish; empty where none did."""
    if not isinstance(source, YamlText) or not location:
        return ""
    line = int(source.place(location).rsplit(":", 2)[1]) - 1
    found = re.fullmatch(r"\s*(?:-\s+)*([^\s:]+:)\s+([#&].*)", source.text.split("\n")[line])
    if found is None or found[1] != f"{location[-1]}:":
        return ""
    why = "What follows a '#' is a comment. " if found[2][0] == "#" else ""
    return f"{why}Write: {found[1]} {quoted(found[2].rstrip())}"


def split_at_commas(
    data: Any, source: object, location: Location, unknown: Sequence[str]
) -> tuple[str, str] | None:
    """Return the key in braces whose text was cut at a comma, and what to write.

    ``unknown`` are keys of the mapping at a location that nothing knows and that have no value.
    """
    if not isinstance(source, YamlText) or not unknown or not source.in_braces(location):
        return None
    holder = data
    for step in location:
        holder = holder[step]
    known = list(holder)
    first = known.index(unknown[0])
    if first == 0 or not isinstance(holder[known[first - 1]], str | int | float):
        return None
    before = known[first - 1]
    run = [key for key in known[first:] if key in unknown]
    text = source.written((*location, before)) or str(holder[before])
    if len(run) == 1 and text.isdecimal() and run[0].isdecimal():
        return before, f"Write the number with a point: {before}: {text}.{run[0]}"
    whole = quoted(", ".join([text, *run]))
    return before, f"In {{ }}, a text with a comma needs quotes. Write: {before}: {whole}"
