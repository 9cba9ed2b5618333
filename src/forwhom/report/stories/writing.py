from __future__ import annotations

from collections.abc import Iterator
from os import PathLike
from pathlib import Path

from forwhom.documents.base import expect
from forwhom.documents.results.stories import Cited, Stories, Story
from forwhom.languages.catalog import speaking
from forwhom.report.drawing.lettering import right_to_left
from forwhom.report.drawing.palette import accent
from forwhom.report.filling import filled
from forwhom.report.forms import Forms, as_json
from forwhom.report.outline.markdown import escaped
from forwhom.report.outline.text import bulleted
from forwhom.report.stories.sheets import stories_pdf
from forwhom.report.stories.terms import labels_of
from forwhom.wording import folded


def _summary(found: Stories) -> str:
    labels = labels_of(found)
    if not found.stories:
        return labels["nobody"]
    n, lacking = len(found.stories), len(found.lacking)
    return labels["summary"].format(n=n, whole=n - lacking, lacking=lacking)


def _title(found: Stories) -> str:
    own = labels_of(found)["stories"]
    return f"{found.title}: {own}" if found.title.strip() else own


def stories_text(found: Stories, width: int = 80) -> str:
    """Return stories as plain text, for a terminal with so many columns."""
    width = max(width, 40)
    lines = [*folded(_title(found), width), *folded(_summary(found), width)]
    for story in found.stories:
        lines += _text(story, labels_of(found), width)
    return "\n".join(lines) + "\n"


def _text(story: Story, labels: dict[str, str], width: int) -> Iterator[str]:
    yield from ("", *folded(story.name, width), *folded(story.title, width))
    for chapter in story.chapters:
        yield from ("", *folded(chapter.heading, width, "  ", "  "))
        for it in chapter.sentences:
            cites = f" [{', '.join(map(str, it.cites))}]"
            yield from folded(it.text + cites, width, "    ", "    ")
    yield from bulleted(f"  {labels['lacks']}", _lacking(story, labels), width)
    yield from ("", f"  {labels['sources']}:")
    for number, source in enumerate(story.sources, 1):
        yield from folded(_source(source, labels), width, f"  {number:>4}  ", "        ")


def _lacking(story: Story, labels: dict[str, str]) -> list[str]:
    lines = [f"{one.text} ({labels['in_canvas'].format(key=one.key)})" for one in story.lacks]
    if story.untold:
        lines.append(labels["untold"].format(n=story.untold))
    return lines or [labels["whole"]]


def _source(source: Cited, labels: dict[str, str]) -> str:
    proofs = source.evidence or [labels["no_evidence"]]
    place = f" ({source.place})" if source.place else ""
    changed = [labels["changed"]] if source.changed else []
    return f"{source.item}{place}: {' '.join([*proofs, *changed])}"


def stories_markdown(found: Stories) -> str:
    """Return stories as Markdown."""
    labels = labels_of(found)
    lines = [f"# {escaped(_title(found))}", "", f"{_summary(found)} {labels['rests']}"]
    for story in found.stories:
        lines += _markdown(story, labels)
    return "\n".join(lines) + "\n"


def _markdown(story: Story, labels: dict[str, str]) -> Iterator[str]:
    yield from ("", f"## {story.number}. {escaped(story.name)}", "", escaped(story.title))
    for chapter in story.chapters:
        yield from ("", f"### {escaped(chapter.heading)}", "")
        for it in chapter.sentences:
            yield f"- {escaped(it.text)} \\[{', '.join(map(str, it.cites))}\\]"
    yield from ("", f"### {labels['lacks']}", "")
    yield from (f"- {escaped(line)}" for line in _lacking(story, labels))
    yield from ("", f"### {labels['sources']}", "")
    for number, source in enumerate(story.sources, 1):
        yield f"{number}. {escaped(_source(source, labels))}"


def stories_html(found: Stories) -> str:
    """Return stories as one HTML page that loads nothing; printed, each has a page of its own."""
    with speaking(found.told_in):
        labels = labels_of(found)
        return filled(
            "stories/page.html.jinja",
            "stories/page.css",
            found=found,
            title=_title(found),
            summary=_summary(found),
            labels=labels,
            accent=accent,
            direction="rtl" if found.right_to_left else "ltr",
            side=lambda text: "rtl" if right_to_left(text, found.right_to_left) else "ltr",
        )


#: What they can be written as.
FORMS = Forms(
    html=lambda found, **_: stories_html(found),
    md=lambda found, **_: stories_markdown(found),
    pdf=lambda found, **_: stories_pdf(found),
    json=as_json,
)


def write_stories(found: Stories, path: str | PathLike[str], *, overwrite: bool = False) -> Path:
    """Write stories as a page, text, sheets of paper or data, by the ending of the file.

    Parameters
    ----------
    found
        What `tell_stories` returned.
    path
        Where to write: ``.html``, ``.md``, ``.pdf`` (a page for each story) or ``.json``; its
        folder must exist.
    overwrite
        Whether an existing file may be replaced.

    Returns
    -------
    pathlib.Path
        The file that was written, whole.

    Raises
    ------
    OptionError
        These are no stories, or the file has another ending.
    OutputError
        The file exists and may not be replaced, or cannot be written.
    DriverMissing
        PDF without typst.
    DocumentError
        There is no segment to tell of, so no page of a PDF.
    """
    expect(found, Stories, "Stories", "forwhom.tell_stories")
    return FORMS.write(found, path, overwrite=overwrite)
