from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View


@rule("FW001", last=True)
def silence_without_reason(view: View) -> Iterator[Finding]:
    """A comment silences a finding and does not say why.

    ## What it checks

    Comments of the form `# lint: ignore[FW203] the reason`: that they name rules, and that a reason
    follows.

    ## Why it matters

    Whoever reads the canvas next year cannot tell a considered exception from a finding that
    somebody wanted to be rid of. The reason is what makes the exception one.

    ## Example

    ```yaml
    segments:  # lint: ignore[FW203]
      - {id: parents, name: Parents who teach their kids about money}
    ```

    ## Better

    ```yaml
    segments:  # lint: ignore[FW203] a pilot in one school, everybody there takes part
      - {id: parents, name: Parents who teach their kids about money}
    ```
    """
    for silence in view.silences:
        at = (silence.line, silence.column)
        if not silence.rules:
            yield Finding(
                (),
                "this comment names no rule, so it silences nothing.",
                "Name the rules in brackets: # lint: ignore[FW203] the reason.",
                at,
            )
        elif not silence.reason:
            yield Finding(
                (),
                f"this comment silences {', '.join(silence.rules)} without a reason.",
                "Say after the bracket why the finding may stay.",
                at,
            )
