from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View


@rule("FW306", "note")
def literacy_missing(view: View) -> Iterator[Finding]:
    """Digital literacy of a segment is not mentioned.

    ## What it checks

    Segments that are not left out and have no `digital_literacy`: those with `buti`, where some
    segment is target impact or the framework has a block for it, and all, where another segment
    has one. A market of consumers of which nobody asks it is left alone.

    ## Why it matters

    A tool that the user cannot operate, or that the buyer cannot judge, fails for reasons that no
    feature mends. The texts on buyer, user and target impact segments call it vital to assess the
    level of each of them.

    ## Example

    ```yaml
    segments:
      - {id: nurses, name: Nurses, buti: [user]}
      - {id: mothers, name: Patients, buti: [target-impact], digital_literacy: {level: unknown}}
    ```

    ## Better

    ```yaml
    segments:
      - {id: nurses, name: Nurses, buti: [user], digital_literacy: {level: unknown}}
      - {id: mothers, name: Patients, buti: [target-impact], digital_literacy: {level: unknown}}
    ```
    """
    asked = any(s.digital_literacy is not None for s in view.in_play)
    for index, segment in enumerate(view.canvas.segments):
        wanted = asked or (bool(segment.buti) and view.has_target_impact)
        if wanted and segment in view.in_play and segment.digital_literacy is None:
            yield Finding(
                ("segments", index),
                f"nobody says how digital the segment {segment.id!r} is.",
                "Add 'digital_literacy'; 'level: unknown' until it is measured.",
            )
