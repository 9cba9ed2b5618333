from collections.abc import Iterator

from forwhom.documents.canvas.frameworks import Framework
from forwhom.errors import nearest
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief


@rule("FW904")
def strategy_without_block(view: View) -> Iterator[Finding]:
    """A strategy names no block of the business model, or one that is not there.

    ## What it checks

    Strategies that are `open` or `doing`: that `block` names a block of the framework, by its id,
    its name or one of its topics.

    ## Why it matters

    A misalignment is resolved by changing something: the proposition, the channel, who pays. The
    texts on buyer, user and target impact segments ask to note where in the business model that
    is; without it a strategy is an intention.

    ## Example

    ```yaml
    needs: [{id: faces, statement: See characters that look like us}]
    alignment:
      strategies:
        - {id: s1, item: faces, action: Show pupils' results, owner: Ada, due: "2026-09-01"}
    ```

    ## Better

    ```yaml
    needs: [{id: faces, statement: See characters that look like us}]
    alignment:
      strategies:
        - id: s1
          item: faces
          block: value_propositions
          action: Show pupils' results
          owner: Ada
          due: "2026-09-01"
    ```
    """
    known = _names(view.framework)
    for index, strategy in enumerate(view.canvas.strategies):
        block = strategy.block.strip()
        if strategy.status not in ("open", "doing") or block.lower() in known:
            continue
        place = ("alignment", "strategies", index)
        first = ", ".join(b.topics[0] for b in view.framework.blocks)
        topics = f"Name where something changes; the blocks are: {first}."
        if not block:
            said = f"the strategy {strategy.id!r} names no block of the business model."
            yield Finding(place, said, topics)
        else:
            where = (
                f"the strategy {strategy.id!r} names the block {brief(block)}, which "
                f"{view.framework.name} does not have."
            )
            yield Finding((*place, "block"), where, nearest(block, known) or topics)


def _names(framework: Framework) -> list[str]:
    """What a block may be called, in small letters."""
    said = [name for b in framework.blocks for name in (*b.topics, b.id, b.name)]
    return list(dict.fromkeys(name.lower() for name in said))
