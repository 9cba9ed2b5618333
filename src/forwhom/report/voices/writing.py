from __future__ import annotations

from os import PathLike
from pathlib import Path

from forwhom.documents.base import expect
from forwhom.documents.results.voices import Voices
from forwhom.languages.catalog import speaking
from forwhom.report.forms import Forms, as_json
from forwhom.report.outline import outline_html, outline_markdown
from forwhom.report.voices.sections import outline_of


def voices_html(found: Voices) -> str:
    """Return what people say as one HTML page that loads nothing."""
    with speaking(found.told_in):
        return outline_html(outline_of(found), "choices/page.css")


def _markdown(found: Voices) -> str:
    with speaking(found.told_in):
        return outline_markdown(outline_of(found))


#: What it can be written as.
FORMS = Forms(
    html=lambda found, **_: voices_html(found), md=lambda found, **_: _markdown(found), json=as_json
)


def write_voices(found: Voices, path: str | PathLike[str], *, overwrite: bool = False) -> Path:
    """Write what sets segments apart in what they say, by the ending of the file.

    Parameters
    ----------
    found
        The ``voices`` of what :func:`forwhom.find_voices` returned.
    path
        Where to write: ``.html``, ``.md`` or ``.json``; its folder must exist.
    overwrite
        Whether an existing file may be replaced.

    Returns
    -------
    pathlib.Path
        The file that was written, whole.

    Raises
    ------
    OptionError
        These are no voices, or the file has another ending.
    OutputError
        The file exists and may not be replaced, or cannot be written.

    Examples
    --------
    >>> heard = find_voices("segments", "reviews.csv", text="review")  # doctest: +SKIP
    >>> write_voices(heard.voices, "voices.html")  # doctest: +SKIP
    """
    expect(found, Voices, "Voices", "forwhom.find_voices(...).voices")
    return FORMS.write(found, path, overwrite=overwrite)
