"""What bears on a block: funding, and notes of models that zoom in on another part."""

from collections.abc import Iterator

from forwhom.documents.canvas import Block, Canvas, Framework, framework_names, read_framework
from forwhom.documents.canvas.keynames import topic_name
from forwhom.languages.catalog import tr
from forwhom.report.canvas.cards import Card, Clues, card
from forwhom.wording import listed, lowered


def bears_on(block: Block) -> str:
    """Say on which topics of the business model a block bears."""
    topics = listed([lowered(topic_name(topic)) for topic in block.bears_on])
    return tr("It bears on {topics}.", topics=topics)


def bearing(block: Block) -> list[Card]:
    """Return the card that says on what the notes of a block bear."""
    return [card("bearing", [("quiet", bears_on(block))])] if block.bears_on else []


def zooming(topic: str, frame: Framework) -> Block | None:
    """Return the block of another framework that says on what the notes of a topic bear."""
    if frame.block_of(topic) is not None:
        return None
    others = (read_framework(name).block_of(topic) for name in framework_names())
    return next((block for block in others if block is not None and block.bears_on), None)


def borne_on(canvas: Canvas, frame: Framework, block: Block, clues: Clues) -> Iterator[Card]:
    """Yield what bears on a block: how money is given, and notes that this framework lacks."""
    for index, feature in enumerate(canvas.funding_features):
        if feature.block in (block.id, *block.topics):
            doubt = clues.doubt("funding_features", index)
            answer = tr("Because of the money: {feature}", feature=feature.feature)
            yield card("bearing", [("plain", feature.means), ("quiet", answer), *doubt])
    for topic in canvas.blocks:
        other = zooming(topic, frame)
        if other is not None and set(other.bears_on) & set(block.topics):
            for note in canvas.blocks[topic]:
                parts = tr("{block} bears on this: {note}", block=tr(other.name), note=note.text)
                yield card("bearing", [("quiet", parts)], clues.marks(note.segments))
