"""What a thing can be written as: its forms, who makes each, and the error that names them."""

from collections.abc import Callable, Iterator
from os import PathLike
from pathlib import Path
from typing import Any

from forwhom.documents.base import Document
from forwhom.documents.files import check_output, write_bytes_atomically
from forwhom.report.pictures import picture_of
from forwhom.suffixes import suffix_of, unknown_form

#: What makes a form of a thing: text, or bytes.
Maker = Callable[..., str | bytes]


class Forms:
    """The forms of one kind of thing, by the suffix of their files, in the order of help."""

    def __init__(self, **makers: Maker) -> None:
        self._makers = makers

    def __iter__(self) -> Iterator[str]:
        """Go through the suffixes, without dots."""
        return iter(self._makers)

    def made(self, thing: Any, form: str, **how: Any) -> str | bytes:
        """Return a thing in a form; a form that it does not have is refused."""
        if form not in self._makers:
            raise unknown_form(form, tuple(self))
        return self._makers[form](thing, **how)

    def write(self, thing: Any, path: str | PathLike[str], *, overwrite: bool, **how: Any) -> Path:
        """Write a thing in the form that the suffix of a file stands for, whole or not at all."""
        form = suffix_of(path, tuple(self))
        check_output(path, overwrite=overwrite)
        made = self.made(thing, form, **how)
        content = made if isinstance(made, bytes) else made.encode()
        return write_bytes_atomically(path, content, overwrite=overwrite)


def drawn(svg: Callable[..., str]) -> dict[str, Maker]:
    """Return the forms of a drawing: itself, a picture of it, a page of its size."""
    return {
        "svg": svg,
        "png": lambda thing, **how: picture_of(svg(thing, **how), "png"),
        "pdf": lambda thing, **how: picture_of(svg(thing, **how), "pdf"),
    }


def as_json(thing: Document, **_: Any) -> str:
    """Return a thing as data, with everything that it holds."""
    return thing.model_dump_json(indent=2) + "\n"
