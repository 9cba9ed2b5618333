"""Elements of SVG, escaped, and the frame that a picture has: size, title and description."""

from collections.abc import Iterable

from markupsafe import Markup, escape

from forwhom.wording import clean

#: An attribute; ``None`` leaves it out.
Attribute = str | int | float | None
#: Attributes that are written as they are.
_CAMEL = ("viewBox", "preserveAspectRatio")
#: The namespace of SVG, which a file of its own names.
SPACE = "http://www.w3.org/2000/svg"


def element(tag: str, *children: str, **attributes: Attribute) -> Markup:
    """Return one element; text is escaped, ``class_`` is ``class`` and ``_`` becomes ``-``."""
    parts = [tag]
    for name, value in attributes.items():
        if value is not None:
            key = name if name in _CAMEL else name.rstrip("_").replace("_", "-")
            parts.append(f'{key}="{escape(_written(value))}"')
    inside = Markup("").join(c if isinstance(c, Markup) else clean(c) for c in children)
    # Every value above is escaped, and the names are our own.
    return Markup(f"<{' '.join(parts)}>{inside}</{tag}>")


def rect(
    x: Attribute, y: Attribute, width: Attribute, height: Attribute, *children: str,
    **attributes: Attribute,
) -> Markup:  # fmt: skip
    """Return a rectangle."""
    return element("rect", *children, x=x, y=y, width=width, height=height, **attributes)


def circle(cx: Attribute, cy: Attribute, r: Attribute, **attributes: Attribute) -> Markup:
    """Return a circle around a point."""
    return element("circle", cx=cx, cy=cy, r=r, **attributes)


def line(
    x1: Attribute, y1: Attribute, x2: Attribute, y2: Attribute, class_: str, **more: Attribute
) -> Markup:
    """Return a straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_, **more)


def stacked(
    texts: Iterable[str], x: Attribute, y: float, step: float, **attributes: Attribute
) -> list[Markup]:
    """Return texts, each so far below the one before."""
    return [
        element("text", text, x=x, y=y + step * index, **attributes)
        for index, text in enumerate(texts)
    ]


def text_alternative(
    title: str, description: str, ids: tuple[str, str]
) -> tuple[tuple[Markup, Markup], dict[str, str]]:
    """Return what a picture is and what it shows as elements, and the attributes that say so."""
    said = element("title", title, id=ids[0]), element("desc", description, id=ids[1])
    return said, {"aria_labelledby": ids[0], "aria_describedby": ids[1]}


def picture(
    name: str,
    title: str,
    description: str,
    height: int,
    *children: Markup,
    width: int | None = None,
    class_: str | None = None,
    alone: bool = False,
    **attributes: Attribute,
) -> Markup:
    """Return a whole picture with its text alternative."""
    said, labels = text_alternative(title, description, (f"{name}-t", f"{name}-d"))
    return element(
        "svg",
        *said,
        *children,
        xmlns=SPACE if alone else None,
        role="img",
        **labels,
        class_=class_,
        width="100%" if width is None else width,
        height=height,
        viewBox=None if width is None else f"0 0 {width} {height}",
        **attributes,
    )


def across(position: float) -> str:
    """Return a position across the picture, given in percent."""
    return f"{position:.2f}".rstrip("0").rstrip(".") + "%"


def _written(value: str | int | float) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return clean(str(value))
