from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View


@rule("FW211", "note")
def segment_without_need(view: View) -> Iterator[Finding]:
    """A segment is served or may be, and no need is said of it.

    ## What it checks

    Segments that are not left out: that some need names them. A need that names nobody may be
    theirs, so while there is one, it is asked about first.

    ## Why it matters

    Value is created for a need, so a segment without one cannot be offered anything but a guess.
    Source: the UNITE text on customer segments: understand jobs, pains and gains before solutions.

    ## Example

    ```yaml
    segments:
      - {id: parents, name: Parents of school children}
      - {id: schools, name: Primary schools}
    needs: [{id: debt, statement: Keep my kids out of debt, segments: [parents]}]
    ```

    ## Better

    ```yaml
    segments:
      - {id: parents, name: Parents of school children}
      - {id: schools, name: Primary schools}
    needs:
      - {id: debt, statement: Keep my kids out of debt, segments: [parents]}
      - {id: lesson, statement: Fill a lesson about money, segments: [schools]}
    ```
    """
    if any(not need.segments for need in view.canvas.needs):
        return
    for index, segment in enumerate(view.canvas.segments):
        if segment.status in ("serve", "candidate") and not view.needs_of[segment.id]:
            yield Finding(
                ("segments", index),
                f"nobody says what the segment {segment.id!r} needs.",
                "Name it in the 'segments' of a need, or leave it out on purpose.",
            )
