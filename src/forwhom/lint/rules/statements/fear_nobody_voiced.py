from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief


@rule("FW105")
def fear_nobody_voiced(view: View) -> Iterator[Finding]:
    """A fear is listed that nobody voiced.

    ## What it checks

    Needs of kind `fear` that have neither a quote nor evidence.

    ## Why it matters

    Fears are easily invented, because they sell. The UNITE text on customer segments asks to look
    for fears that people have, and not to make some up. A fear without a voice is the team's, not
    theirs.

    ## Example

    ```yaml
    needs:
      - {id: fooled, statement: My kids will be bad with money, kind: fear}
    ```

    ## Better

    ```yaml
    needs:
      - id: fooled
        statement: My kids will be bad with money
        kind: fear
        quotes: [{text: I do not want them to end in debt as I did., source: interview 4}]
    ```
    """
    for index, need in enumerate(view.canvas.needs):
        if need.kind == "fear" and not need.quotes and not need.evidence:
            yield Finding(
                ("needs", index),
                f"nobody has voiced the fear {brief(need.statement)}: no quote, no evidence.",
                "Add what somebody said, and where; or ask, before the canvas builds on it.",
            )
