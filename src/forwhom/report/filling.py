import base64
import functools
import hashlib
import re
from importlib import resources

import jinja2
from markupsafe import Markup, escape

from forwhom.languages.catalog import language, tr, tr_count, tr_in
from forwhom.languages.codes import is_right_to_left
from forwhom.languages.retelling import retold
from forwhom.report.drawing.lettering import right_to_left
from forwhom.wording import apart, clean, count, listed, percent

#: A page that holds photos shows those inside it, and none from elsewhere.
_PICTURES = "img-src data:; "


def filled(
    template: str,
    *styles: str,
    more_style: str = "",
    pictures: bool = False,
    **values: object,
) -> str:
    """Return a page: a template filled with values, its style inside, its policy strict."""
    style = _style(("palette.css", "style.css", "print.css", *styles)) + more_style
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        _environment()
        .get_template(template)
        .render(
            # Our own files, and the hash in the policy is of exactly this text.
            style=Markup(style),
            spoken=language(),
            policy=f"default-src 'none'; {_PICTURES if pictures else ''}"
            f"style-src 'sha256-{digest}'; base-uri 'none'; "
            "form-action 'none'",
            **values,
        )
    )


def direction(language: str) -> str:
    """Return from which side a page in a language is read, as HTML says it."""
    return "rtl" if is_right_to_left(language) else "ltr"


def side(text: str) -> str:
    """Return from which side a sentence of ours is read that may begin with somebody's words.

    Where we speak a language that is read from the right, so is it, whatever word is first.
    """
    ours = is_right_to_left(language()) and right_to_left(text, mirrored=True)
    return "rtl" if ours else "auto"


def retelling(text: str) -> Markup:
    """Return what was said in English in the language of the page, or marked as English."""
    told = retold(text)
    if told is None:
        return Markup('<span lang="en" dir="ltr">{}</span>').format(clean(text))
    if "\u2068" in told:
        return Markup("{}").format(marked(told))
    return escape(clean(told))


def marked(text: str) -> str:
    """Return a text in which names and numbers that stand apart are marked so, if there are any."""
    if "\u2068" not in text:
        return text
    # Every other part stands apart; what has no letter is a number, which is read from the left.
    parts = re.split("[\u2068\u2069]", text)
    shown = [escape(clean(one)) for one in parts]
    for i in range(1, len(parts), 2):
        side = "auto" if any(c.isalpha() for c in parts[i]) else "ltr"
        shown[i] = Markup('<bdi dir="{}">{}</bdi>').format(side, shown[i])
    return Markup("").join(shown)


def own(message: str, **values: object) -> Markup:
    """Return a message of ours in which each value stands apart, as somebody's own words."""
    parts = {k: Markup("<bdi>{}</bdi>").format(clean(str(one))) for k, one in values.items()}
    return escape(message).format(**parts)


@functools.cache
def _style(names: tuple[str, ...]) -> str:
    folder = resources.files("forwhom.report") / "templates"
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in names)


@functools.cache
def _environment() -> jinja2.Environment:
    return environment_of("forwhom.report")


def environment_of(*packages: str) -> jinja2.Environment:
    """Return what fills the templates of packages; those of the first one come first."""
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader([jinja2.PackageLoader(name, "templates") for name in packages]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalized,
    )
    environment.filters |= {"marked": marked, "own": own}
    environment.globals |= {
        "apart": apart,
        "count": count,
        "listed": listed,
        "percent": percent,
        "retelling": retelling,
        "tr": tr,
        "side": side,
        "tr_count": tr_count,
        "tr_in": tr_in,
    }
    return environment


def _finalized(value: object) -> object:
    # Texts come from anybody's data or canvas: no control character reaches the page.
    return clean(value) if type(value) is str else value
