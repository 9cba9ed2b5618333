"""What stands where a number or a yes is wanted, and is neither."""

from collections.abc import Iterator

from pydantic import BaseModel

from forwhom.documents.mistakes import WORDS_OF_FLAGS, Mistake, path_of
from forwhom.documents.yamlfile import Location


def guessed(value: object, written: object, at: Location = ()) -> Iterator[Mistake]:
    """Yield numbers made of text or of a yes, and a yes made of anything but a yes.

    ``value`` is a model, ``written`` what it was made of. A schema says of a number that it is one;
    the reader says the same.
    """
    if isinstance(value, BaseModel) and isinstance(written, dict):
        for name, field in type(value).model_fields.items():
            key = field.alias if field.alias and field.alias in written else name
            if key in written:
                yield from guessed(getattr(value, name), written[key], (*at, key))
    elif isinstance(value, dict) and isinstance(written, dict):
        for key in value.keys() & written.keys():
            yield from guessed(value[key], written[key], (*at, key))
    elif isinstance(value, list | tuple) and isinstance(written, list):
        for index, (one, other) in enumerate(zip(value, written, strict=False)):
            yield from guessed(one, other, (*at, index))
    elif isinstance(value, bool):
        if not isinstance(written, bool) and written not in WORDS_OF_FLAGS:
            yield Mistake(at, f"{path_of(at)!r} is {written!r}.", "Expected true or false.")
    elif isinstance(value, int | float) and isinstance(written, bool | str):
        advice = "Take the quotes away." if isinstance(written, str) else "Write the number."
        shown = repr(written) if isinstance(written, str) else str(written).lower()
        yield Mistake(at, f"{path_of(at)!r} is {shown}.", f"Expected a number. {advice}")
