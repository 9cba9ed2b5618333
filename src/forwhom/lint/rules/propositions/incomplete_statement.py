from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View
from forwhom.wording import listed


@rule("FW604")
def incomplete_statement(view: View) -> Iterator[Finding]:
    """The statement of a proposition lacks a part.

    ## What it checks

    Propositions with a `statement`: that it has a headline, a subheadline, the problem and
    benefits. A proposition without a statement is left alone.

    ## Why it matters

    The UNITE text on customer segments names four parts that effective statements have: a headline
    that catches, a subheadline that tells how a job gets done, an understanding of the problem, and
    clear benefits. What is missing is what readers ask first.

    ## Example

    ```yaml
    segments: [{id: parents, name: Parents}]
    propositions:
      - id: course
        name: A course in ten evenings
        segments: [parents]
        statement: {headline: Raise kids who can say no to a sale}
    ```

    ## Better

    ```yaml
    segments: [{id: parents, name: Parents}]
    propositions:
      - id: course
        name: A course in ten evenings
        segments: [parents]
        statement:
          headline: Raise kids who can say no to a sale
          subheadline: Ten evenings in which they run a budget of their own
          problem: Money is hard to explain when it is a number on a telephone
          benefits: [They plan a week, They save for a wish]
    ```
    """
    for index, proposition in enumerate(view.canvas.propositions):
        said = proposition.statement
        if said is None:
            continue
        texts = {
            name: getattr(said, name).strip() for name in ("headline", "subheadline", "problem")
        }
        missing = [name for name, text in texts.items() if not text]
        missing += [] if said.benefits else ["benefits"]
        if missing:
            yield Finding(
                ("propositions", index, "statement"),
                f"the statement of {proposition.name!r} lacks {listed(missing)}.",
                "Write it, or remove the statement until there is one.",
            )
