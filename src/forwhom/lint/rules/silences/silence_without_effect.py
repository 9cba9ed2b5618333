from collections.abc import Iterator

from forwhom.errors import OptionError
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import find_rules, rule
from forwhom.lint.view import View


@rule("FW002", last=True)
def silence_without_effect(view: View) -> Iterator[Finding]:
    """A comment silences a finding that is not there.

    ## What it checks

    Comments of the form `# lint: ignore[FW203] the reason`: that each rule they name exists, and
    has a finding on that line. A rule that did not run is left alone.

    ## Why it matters

    A comment that silences nothing is either a typing error, so that somebody believes in an
    exception that does not hold, or a leftover that will one day hide a new finding.

    ## Example

    ```yaml
    segments:  # lint: ignore[FW203] a pilot
      - {id: parents, name: Parents who teach their kids about money}
    not_for: [Schools]
    ```

    ## Better

    ```yaml
    segments:
      - {id: parents, name: Parents who teach their kids about money}
    not_for: [Schools]
    ```
    """
    for silence in view.silences:
        for word in silence.rules:
            try:
                find_rules(word)
            except OptionError as error:
                advice = error.advice if error.advice.startswith("Did") else ""
                message = f"this comment silences {word!r}, which is no rule."
                yield Finding(
                    (), message, advice or "'forwhom lint --list' shows all rules.",
                    (silence.line, silence.column),
                )  # fmt: skip
                continue
            if word not in silence.used:
                yield Finding(
                    (),
                    f"this comment silences {word}, which finds nothing in line {silence.target}.",
                    "Remove it, or move it to the line that it is meant for.",
                    (silence.line, silence.column),
                )
