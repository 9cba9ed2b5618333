from collections.abc import Iterator

from forwhom.documents.canvas.people import CanvasSegment
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View
from forwhom.wording import listed


@rule("FW202", words=True)
def demographics_alone(view: View) -> Iterator[Finding]:
    """A segment is defined by demographics alone.

    ## What it checks

    Segments whose `bases` are only `demographic`, or whose other bases no word of name and
    description is about. Where no bases are given: segments whose name
    speaks of age, sex, income or the like, and that have no need, no claim and no other
    description.

    ## Why it matters

    People of one age, sex and income have different problems, and people with one problem are of
    any age. The text on customer segments of CANVAS-13 says that demographic criteria alone are
    often not enough; that of the UNITE canvas calls them the least useful for design.

    ## Example

    ```yaml
    segments:
      - {id: women, name: "Women aged 30 to 40 with two children"}
    ```

    ## Better

    ```yaml
    segments:
      - id: planners
        name: Parents who plan the week's meals
        bases: [behavioral, demographic]
    ```
    """
    for index, segment in enumerate(view.canvas.segments):
        found = _demographics(view, segment)
        if found:
            yield Finding(
                ("segments", index, "bases" if segment.bases else "name"),
                f"the segment {segment.id!r} is defined by demographics alone ({found}).",
                "Add what they do or think: a behavioral or psychographic basis, and their needs.",
            )


def _demographics(view: View, segment: CanvasSegment) -> str:
    if set(segment.bases) == {"demographic"}:
        return "its only basis"
    if segment.bases:
        return _claimed_alone(view, segment)
    if view.needs_of[segment.id] or segment.claims:
        return ""
    if segment.description and not view.words.find("demographic", segment.description):
        return ""
    found = view.words.find("demographic", segment.name)
    return f'"{found}"' if found else ""


def _claimed_alone(view: View, segment: CanvasSegment) -> str:
    """Return the demographic words of a segment whose other bases stand in no word of it."""
    said = (segment.name, segment.description)
    found = view.words.find("demographic", segment.name)
    act = any(view.words.find("acts", text) for text in said)
    only = view.words.find("demographic", segment.description) or not segment.description
    if not (found and only and view.words.acts) or act or segment.claims:
        return ""
    others = [basis for basis in segment.bases if basis != "demographic"]
    return f'"{found}"; nothing in its words is {listed(others, last="or")}'
