from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View


@rule("FW206")
def segment_without_channel(view: View) -> Iterator[Finding]:
    """A segment is served, and no channel reaches it.

    ## What it checks

    Segments with the status `serve`: that a note of the topic `channels` is for them or for a
    proposition of theirs, or that a proposition of theirs says its `outreach`. A note that names
    nobody is for all.

    ## Why it matters

    A segment must be accessible to be one (Kotler), and a channel of its own is one of the five
    criteria that separate segments (Osterwalder and Pigneur, "Business Model Generation", 2010).

    ## Example

    ```yaml
    segments: [{id: parents, name: Parents, status: serve}]
    ```

    ## Better

    ```yaml
    segments: [{id: parents, name: Parents, status: serve}]
    blocks:
      channels: [{text: Parents' evenings at schools, segments: [parents]}]
    ```
    """
    reached = view.reached("channels")
    for index, segment in view.served:
        told = any(p.outreach.strip() for p in view.propositions_of[segment.id])
        if segment.id not in reached and not told:
            yield Finding(
                ("segments", index),
                f"the segment {segment.id!r} is served, and no channel reaches it.",
                "Add a note under 'blocks: channels:' with this segment, or say the 'outreach' of "
                "its proposition.",
            )
