from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief


@rule("FW801", words=True)
def leading_question(view: View) -> Iterator[Finding]:
    """An interview question leads to its answer.

    ## What it checks

    Questions that begin or end so that one answer is the polite one ("don't you …", "…, right?"),
    that presume a feeling ("how frustrating is …"), or that lean on others ("most people …").

    ## Why it matters

    People want to be nice. A question that shows what is hoped for gets it, and nothing is learned.
    Source: Fitzpatrick, "The Mom Test" (2013).

    ## Example

    ```yaml
    questions:
      - {id: q1, text: "Don't you find it hard to talk with your kids about money?"}
    ```

    ## Better

    ```yaml
    questions:
      - {id: q1, text: "When did you last talk with your kids about money? What happened?"}
    ```
    """
    for index, question in enumerate(view.canvas.questions):
        found = view.words.find("leading", question.text)
        if found:
            yield Finding(
                ("questions", index, "text"),
                f'{brief(question.text)} leads to its answer: "{found.strip(" ,")}".',
                "Ask what they did and how it was, without a hint at the answer.",
            )
