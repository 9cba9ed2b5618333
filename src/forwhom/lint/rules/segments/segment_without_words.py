from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View


@rule("FW215", "note")
def segment_without_words(view: View) -> Iterator[Finding]:
    """A segment is served, and nobody of it is quoted.

    ## What it checks

    Segments with the status `serve` that have needs: that one of these needs, or a persona of the
    segment, has a quote.

    ## Why it matters

    A product is shown to people in a story of their own: how somebody like them would use it, told
    with their needs in their words. Without a word of theirs, the story is ours. Source: the text
    on customer segments of CANVAS-13, on stories for each kind of user. `forwhom canvas stories`
    tells them and says what each lacks.

    ## Example

    ```yaml
    segments: [{id: shops, name: Shops without a bookkeeper, status: serve}]
    needs: [{id: close, statement: Close the books of a month, segments: [shops]}]
    ```

    ## Better

    ```yaml
    segments: [{id: shops, name: Shops without a bookkeeper, status: serve}]
    needs:
      - id: close
        statement: Close the books of a month
        segments: [shops]
        quotes: [{text: I do it at night., source: Interview 4}]
    ```
    """
    quoted = {persona.segment for persona in view.canvas.personas if persona.quotes}
    for index, segment in view.served:
        needs = view.needs_of[segment.id]
        if needs and segment.id not in quoted and not any(need.quotes for need in needs):
            yield Finding(
                ("segments", index),
                f"nobody of the segment {segment.id!r} is quoted.",
                "Add 'quotes' to its needs or its persona: what somebody said, and where.",
            )
