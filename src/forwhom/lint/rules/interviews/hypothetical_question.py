from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief


@rule("FW802", words=True)
def hypothetical_question(view: View) -> Iterator[Finding]:
    """An interview question asks what somebody would do.

    ## What it checks

    Questions with "would you", "imagine", "if there were", "how likely" and the like. Polite forms
    ("would you tell me …") are not found.

    ## Why it matters

    People do not know what they would do, and are optimists about it. What they did last week, what
    they paid and what they tried before are facts. Source: Fitzpatrick, "The Mom Test" (2013):
    specifics of the past, not opinions about the future.

    ## Example

    ```yaml
    questions:
      - {id: q1, text: Would you pay ten euros a month for lessons about money?}
    ```

    ## Better

    ```yaml
    questions:
      - {id: q1, text: What have you paid for to teach your kids about money?}
    ```
    """
    for index, question in enumerate(view.canvas.questions):
        text = view.words.patterns["polite"].sub("", question.text.lower())
        found = view.words.find("hypothetical", text)
        if found:
            yield Finding(
                ("questions", index, "text"),
                f'{brief(question.text)} asks what would be: "{found}".',
                "Ask for the last time it happened: what they did, tried and paid.",
            )
