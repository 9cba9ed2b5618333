from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief


@rule("FW210")
def undefined_segment(view: View) -> Iterator[Finding]:
    """A segment is only a name.

    ## What it checks

    Segments that have no description, no bases, no claims and no needs, and that no segmentation
    found.

    ## Why it matters

    A segment is a group that can be told from others; if two people sort the same customer
    differently, it cannot be measured, reached or served (Kotler: measurable, accessible,
    differentiable).

    ## Example

    ```yaml
    segments:
      - {id: pro, name: Professionals}
    ```

    ## Better

    ```yaml
    segments:
      - {id: pro, name: Professionals, description: They cook for guests who pay.}
    ```
    """
    for index, segment in enumerate(view.canvas.segments):
        said = segment.description.strip() or segment.bases or segment.claims
        if not said and segment.discovered is None and not view.needs_of[segment.id]:
            yield Finding(
                ("segments", index),
                f"the segment {brief(segment.name)} is only a name.",
                "Describe who belongs to it, name its 'bases', or its needs.",
            )
