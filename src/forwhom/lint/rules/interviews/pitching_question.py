from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief


@rule("FW803", words=True)
def pitching_question(view: View) -> Iterator[Finding]:
    """An interview question pitches our product.

    ## What it checks

    Questions that hold a name of ours (`names: ours, brands, features`) or speak of "our app",
    "this idea", "we are building" and the like.

    ## Why it matters

    As soon as the idea is on the table, the talk is about the idea and about not hurting you.
    Source: Fitzpatrick, "The Mom Test" (2013): talk about their life instead of your idea.

    ## Example

    ```yaml
    names: {ours: [Penny Path]}
    questions:
      - {id: q1, text: What do you like about Penny Path?}
    ```

    ## Better

    ```yaml
    names: {ours: [Penny Path]}
    questions:
      - {id: q1, text: How do your kids learn about money today?}
    ```
    """
    names = view.canvas.names
    ours = [name.strip() for name in (*names.ours, *names.brands) if name.strip()]
    for index, question in enumerate(view.canvas.questions):
        named = next((name for name in ours if name.lower() in question.text.lower()), "")
        found = named or view.words.find("pitching", question.text)
        if found:
            yield Finding(
                ("questions", index, "text"),
                f'{brief(question.text)} brings in the product: "{found}".',
                "Ask about their life; keep the product for the end of the talk, or for a test.",
            )
