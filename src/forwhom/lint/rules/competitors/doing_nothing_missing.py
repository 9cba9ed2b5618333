from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View


@rule("FW1101", "note")
def doing_nothing_missing(view: View) -> Iterator[Finding]:
    """Doing nothing is missing among the competitors.

    ## What it checks

    Canvases with competitors, none of which is of the kind `nothing`.

    ## Why it matters

    Most sales are lost to nobody: people go on as before, with a spreadsheet, or not at all.
    Substitutes in the UNITE value proposition canvas (after Peter Thomson) therefore include doing
    nothing.

    ## Example

    ```yaml
    competitors: [{id: bank, name: The app of the bank}]
    ```

    ## Better

    ```yaml
    competitors:
      - {id: bank, name: The app of the bank}
      - {id: nothing, name: Kids learn it somehow, kind: nothing}
    ```
    """
    competitors = view.canvas.competitors
    if competitors and not any(one.kind == "nothing" for one in competitors):
        yield Finding(
            ("competitors",),
            "doing nothing is missing among the competitors.",
            "Add what happens when people choose none of them, as 'kind: nothing'.",
        )
