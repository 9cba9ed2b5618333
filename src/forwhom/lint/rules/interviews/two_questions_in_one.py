import re
from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief

#: More than one follow-up makes an interview a form.
_MOST = 2
_MARK = re.compile(r"[?？؟]+")


@rule("FW804", "note")
def two_questions_in_one(view: View) -> Iterator[Finding]:
    """An interview question is three or more questions.

    ## What it checks

    Questions with more than two question marks; a question and one follow-up ("What happened?") are
    well.

    ## Why it matters

    People answer the last question, or the easiest; which of them, the notes do not tell. Source:
    any textbook on surveys, such as Bradburn, Sudman and Wansink, "Asking Questions" (2004).

    ## Example

    ```yaml
    questions:
      - {id: q1, text: Do you save? How much? Where? And for what?}
    ```

    ## Better

    ```yaml
    questions:
      - {id: q1, text: When did you last put money aside? What for?}
    ```
    """
    for index, question in enumerate(view.canvas.questions):
        number = len(_MARK.findall(question.text))
        if number > _MOST:
            yield Finding(
                ("questions", index, "text"),
                f"{brief(question.text)} is {number} questions.",
                "Make several of it, and ask them one after the other.",
            )
