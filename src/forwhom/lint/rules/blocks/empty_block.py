from collections.abc import Iterator

from forwhom.documents.canvas.frameworks import Block
from forwhom.documents.canvas.model import Canvas
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View
from forwhom.wording import listed

_BUTI = {"buyers": "buyer", "users": "user", "target_impact": "target-impact"}


@rule("FW1301", "note")
def empty_block(view: View) -> Iterator[Finding]:
    """A block of the framework is empty.

    ## What it checks

    Blocks of the canvas's framework that show no note and none of the other things that they can
    show (segments, propositions, needs, KPIs, strategies, funding); one finding for the whole
    canvas.

    ## Why it matters

    A business model works as a whole: the block that nobody filled is mostly the one that nobody
    likes, costs or channels. A block can be empty on purpose; then a note says so. Source:
    Osterwalder and Pigneur, "Business Model Generation" (2010).

    ## Example

    ```yaml
    blocks:
      channels: [{text: Parents' evenings at schools}]
    ```

    ## Better

    ```yaml
    segments: [{id: parents, name: Parents}]
    propositions: [{id: course, name: A course in ten evenings, segments: [parents]}]
    blocks:
      channels: [{text: Parents' evenings at schools}]
      customer_relationships: [{text: A community of parents}]
      revenue_streams: [{text: A fee for each family}]
      key_resources: [{text: Teachers}]
      key_activities: [{text: Ten evenings}]
      key_partners: [{text: Schools}]
      cost_structure: [{text: Rooms}]
    ```
    """
    blocks = view.framework.blocks
    empty = [block.name for block in blocks if not _filled(view.canvas, block)]
    if empty:
        yield Finding(
            ("blocks",) if view.canvas.blocks else ("framework",),
            f"{len(empty)} of {len(blocks)} blocks {'is' if len(empty) == 1 else 'are'} empty: "
            f"{listed(empty, 8)}.",
            "Fill them, or write a note that says why one is empty on purpose.",
        )


def _filled(canvas: Canvas, block: Block) -> bool:
    if any(canvas.blocks.get(topic) for topic in block.topics):
        return True
    return any(_shown(canvas, part) for part in block.shows)


def _shown(canvas: Canvas, part: str) -> bool:
    if part in _BUTI:
        return any(_BUTI[part] in segment.buti for segment in canvas.segments)
    if part == "other_segments":
        # Where all segments are buyer, user or target impact, there is no other one to show.
        return bool(canvas.segments)
    if part == "strategies":
        return bool(canvas.strategies)
    return bool(getattr(canvas, part))
