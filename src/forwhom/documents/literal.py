"""What stands where a number or a yes is wanted, and is neither."""

import re
from collections.abc import Callable, Iterator

from pydantic import BaseModel

from forwhom.documents.mistakes import WORDS_OF_FLAGS, Mistake, path_of
from forwhom.documents.typedvalues import yes_or_no
from forwhom.documents.yamlfile import Location

_Spelled = Callable[[Location], str | None]


def guessed(
    value: object, written: object, at: Location = (), spelled: _Spelled = lambda _: None
) -> Iterator[Mistake]:
    """Yield numbers made of text or of a yes, and a yes made of anything but a yes.

    ``value`` is a model, ``written`` what it was made of, and ``spelled`` how that stands in the
    text. A schema says of a number that it is one; the reader says the same.
    """
    if isinstance(value, BaseModel) and isinstance(written, dict):
        for name, field in type(value).model_fields.items():
            key = field.alias if field.alias and field.alias in written else name
            if written.get(key) is not None and not isinstance(here := getattr(value, name), str):
                yield from guessed(here, written[key], (*at, key), spelled)
    elif isinstance(value, dict) and isinstance(written, dict):
        for key in value.keys() & written.keys():
            yield from guessed(value[key], written[key], (*at, key), spelled)
    elif isinstance(value, list | tuple) and isinstance(written, list):
        for index, (one, other) in enumerate(zip(value, written, strict=False)):
            yield from guessed(one, other, (*at, index), spelled)
    elif isinstance(value, bool):
        if not isinstance(written, bool) and written not in WORDS_OF_FLAGS:
            word = yes_or_no(written) if isinstance(written, str) else ""
            meant = f"Write {word}." if word else ""
            advice = f"Expected true or false. {meant}".strip()
            yield Mistake(at, f"{path_of(at)!r} is {written!r}.", advice)
    elif isinstance(value, int) and isinstance(written, float):
        text = spelled(at) or ""
        if re.fullmatch(r"-?[1-9]\d{0,2}\.\d{3}", text):
            problem = f"{path_of(at)!r} is {text}, which is {value} to YAML."
            yield Mistake(at, problem, f"Write {text.replace('.', '')} if thousands are meant.")
    elif isinstance(value, int | float) and isinstance(written, bool | str):
        advice = "Take the quotes away." if isinstance(written, str) else "Write the number."
        shown = repr(written) if isinstance(written, str) else str(written).lower()
        yield Mistake(at, f"{path_of(at)!r} is {shown}.", f"Expected a number. {advice}")
