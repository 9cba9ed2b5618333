from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View


@rule("FW506")
def size_without_source(view: View) -> Iterator[Finding]:
    """A segment has a size, and nobody says from where it is known.

    ## What it checks

    Segments whose `size` gives customers or a share, and has neither a `source` nor evidence.

    ## Why it matters

    The size decides whether a segment is worth serving (Kotler: measurable, substantial). A number
    without a source is usually a wish, and the first thing that an investor or a donor asks for.

    ## Example

    ```yaml
    segments: [{id: parents, name: Parents, size: {share: 0.4}}]
    ```

    ## Better

    ```yaml
    segments: [{id: parents, name: Parents, size: {share: 0.4, source: "Panel of households"}}]
    ```
    """
    for index, segment in enumerate(view.canvas.segments):
        size = segment.size
        if size is None or (size.customers is None and size.share is None):
            continue
        if not size.source.strip() and not size.evidence:
            yield Finding(
                ("segments", index, "size"),
                f"nobody says from where the size of {segment.id!r} is known.",
                "Add 'source' or evidence.",
            )
