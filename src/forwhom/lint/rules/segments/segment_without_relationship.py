from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View

_TOPICS = ("customer_relationships", "customer_engagement", "service_model")


@rule("FW207")
def segment_without_relationship(view: View) -> Iterator[Finding]:
    """A segment is served, and no relationship with it is described.

    ## What it checks

    Segments with the status `serve`: that a note of the topic `customer_relationships`,
    `customer_engagement` or `service_model` is for them or for a proposition of theirs. A note that
    names nobody is for all. Frameworks without such a block are left alone.

    ## Why it matters

    The relationship that a segment expects, from self-service to a personal adviser, decides much
    of what serving it costs, and is one of the five criteria that separate segments (Osterwalder
    and Pigneur, "Business Model Generation", 2010).

    ## Example

    ```yaml
    segments: [{id: parents, name: Parents, status: serve}]
    ```

    ## Better

    ```yaml
    segments: [{id: parents, name: Parents, status: serve}]
    blocks:
      customer_relationships: [{text: A community of parents, segments: [parents]}]
    ```
    """
    topics = [block.topics[0] for block in view.framework.blocks]
    if not set(topics) & set(_TOPICS):
        return
    reached = view.reached(*_TOPICS)
    for index, segment in view.served:
        if segment.id not in reached:
            yield Finding(
                ("segments", index),
                f"the segment {segment.id!r} is served, and no relationship with it is described.",
                "Add a note under 'blocks: customer_relationships:' with this segment.",
            )
