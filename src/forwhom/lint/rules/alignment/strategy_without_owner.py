from collections.abc import Iterator

from forwhom.languages.catalog import later
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View
from forwhom.wording import listed


@rule("FW902")
def strategy_without_owner(view: View) -> Iterator[Finding]:
    """A strategy has no action, no owner or no date.

    ## What it checks

    Strategies that are `open` or `doing`: that they have an `action`, an `owner` and a date `due`.

    ## Why it matters

    What is everybody's task by someday is done by nobody. The texts on buyer, user and target
    impact segments ask to note where in the business model a misalignment is addressed; who does
    it, and by when, is the other half.

    ## Example

    ```yaml
    needs: [{id: faces, statement: See characters that look like us}]
    alignment:
      strategies: [{id: s1, item: faces, action: Show pupils' results to donors}]
    ```

    ## Better

    ```yaml
    needs: [{id: faces, statement: See characters that look like us}]
    alignment:
      strategies:
        - {id: s1, item: faces, action: Show pupils' results, owner: Ada, due: "2026-09-01"}
    ```
    """
    for index, strategy in enumerate(view.canvas.strategies):
        if strategy.status not in ("open", "doing"):
            continue
        fields = {
            later("action"): strategy.action,
            later("owner"): strategy.owner,
            later("due date"): strategy.due or "",
        }
        missing = [name for name, text in fields.items() if not text.strip()]
        if missing:
            yield Finding(
                ("alignment", "strategies", index),
                f"the strategy {strategy.id!r} lacks {listed(missing)}.",
                "Say what is done, by whom and until when.",
            )
