"""Make the pictures of the README from what forwhom writes today: what `make pictures` runs.

The board and the heat map are drawings of the examples. The page of a report is set by blitz, an
engine in a wheel, because a picture must not need a browser. It takes a chart for a drawing of its
own, so that the styles of the page are put into each.
"""

from __future__ import annotations

import functools
import hashlib
import io
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import forwhom as fw
from forwhom.report.drawing.palette import colors
from forwhom.report.drawing.svg import SPACE

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
PICTURES = ROOT / "docs" / "pictures"

#: The answer of `make demo`, kept beside its study so that its page can be drawn without it.
ANSWER = EXAMPLES / "complete-journey" / "segmentation.json"

#: Answers that are made up, to show the pictures of two verdicts, and the chart of each.
VERDICTS = {"scale": "scale-t", "groups": "islands-t"}
#: How wide such a picture is, and the room around it, in pixels.
VERDICT_WIDTH, MARGIN = 720, 16

#: The part of the page that the picture shows, in points of a screen.
WIDTH, HEIGHT = 1120, 1690

CHART = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
RULE = re.compile(r"([^{}]+)\{([^}]*)\}")


def main(demo: Path) -> int:
    """Draw the pictures after a run of the demo; return the exit code."""
    found = (demo / "segments" / ANSWER.name).read_text(encoding="utf-8")
    if not ANSWER.exists() or undated(found) != undated(ANSWER.read_text(encoding="utf-8")):
        ANSWER.write_text(found, encoding="utf-8")
    PICTURES.mkdir(exist_ok=True)
    for name, text in drawings().items():
        (PICTURES / name).write_text(text, encoding="utf-8")
    page = report()
    (PICTURES / "report.png").write_bytes(picture(page))
    (PICTURES / "report.sha256").write_text(f"{digest(page)}\n", encoding="utf-8")
    return 0


def undated(text: str) -> str:
    """A segmentation without the day of its run."""
    return re.sub(r'"created": "[^"]*"', "", text)


def drawings() -> dict[str, str]:
    """The pictures that forwhom draws itself, by the names of their files."""
    with tempfile.TemporaryDirectory() as folder:
        heat = Path(folder, "heat.svg")
        fw.write_alignment(fw.align(EXAMPLES / "clinic-notes" / "canvas.yaml"), heat)
        board = fw.draw_canvas(fw.read_canvas(EXAMPLES / "penny-path" / "canvas.yaml"))
        made = {"board.svg": str(board), "heat-map.svg": heat.read_text(encoding="utf-8")}
    return made | {f"verdict-{name}.svg": verdict(name) for name in VERDICTS}


def verdict(name: str) -> str:
    """The picture of a verdict as a drawing of its own, on the paper of the page."""
    page = fw.report_html(fw.read_segmentation(EXAMPLES / "coffee-bar" / f"{name}.json"))
    chart = next(c for c in CHART.findall(page) if f'id="{VERDICTS[name]}"' in c)
    height = int(chart.split('height="')[1].split('"')[0]) + 2 * MARGIN
    wide = VERDICT_WIDTH + 2 * MARGIN
    inside = styled(chart, VERDICT_WIDTH, page).replace(
        "<svg", f'<svg x="{MARGIN}" y="{MARGIN}"', 1
    )
    paper = f'<rect width="100%" height="100%" fill="{colors()["paper"]}"/>'
    frame = f'<svg xmlns="{SPACE}" width="{wide}" height="{height}" color="{colors()["ink"]}">'
    return f"{frame}{paper}{inside}</svg>\n"


def report() -> str:
    """The page that the picture of the report shows."""
    return fw.report_html(fw.read_segmentation(ANSWER))


def digest(page: str) -> str:
    """What tells a page from another one; it stands beside the picture that was made from it."""
    return hashlib.sha256(page.encode()).hexdigest()


def picture(page: str) -> bytes:
    """The beginning of a page as PNG, in 128 colors, which is a third of the size."""
    import blitz_py
    from PIL import Image

    def boxed(number: int, chart: str) -> str:
        height = re.search(r'height="([\d.]+)"', chart)
        return f'<div id="chart-{number}" style="height:{height[1] if height else 0}px"></div>'

    def drawn(number: int, chart: str) -> str:
        return styled(chart, boxes.get(f"chart-{number}", (0, 0, 0, 0))[2], page)

    boxes = blitz_py.Template(each_chart(page, boxed), width=WIDTH, height=HEIGHT).boxes()
    made = blitz_py.render_png(each_chart(page, drawn), width=WIDTH, height=HEIGHT)
    smaller = io.BytesIO()
    colors = Image.open(io.BytesIO(made)).convert("RGB").quantize(128, dither=Image.Dither.NONE)
    colors.save(smaller, "PNG", optimize=True)
    return smaller.getvalue()


def styled(chart: str, width: float, page: str) -> str:
    """A chart of a page as a drawing of its own, with the styles of the page and a width."""
    font = 'font-family="Helvetica, Arial, Liberation Sans, DejaVu Sans" font-size="13"'
    known = f'xmlns="{SPACE}" width="{width}" {font}'
    styles = chart_styles(page)
    return chart.replace('width="100%"', known, 1).replace(">", f"><style>{styles}</style>", 1)


def each_chart(page: str, change: Callable[[int, str], str]) -> str:
    """The page with each chart replaced."""
    charts = CHART.findall(page)
    texts = CHART.split(page)
    changed = [change(number, chart) for number, chart in enumerate(charts)]
    return texts[0] + "".join(a + b for a, b in zip(changed, texts[1:], strict=True))


@functools.cache
def chart_styles(page: str) -> str:
    """The rules for charts, with the values of their variables written out."""
    style = page[page.index("<style>") : page.index("</style>")]
    values = dict(re.findall(r"(--[\w-]+): ([^;]+);", style[: style.index("@media")]))
    accents = re.findall(r"^\.(a\d+) \{ --accent: var\((--accent-\d+)\)", style, re.MULTILINE)
    rules = []
    for selectors, body in RULE.findall("".join(re.findall(r"^svg (.*)$", style, re.MULTILINE))):
        if "var(--accent)" in body:
            for name, accent in accents:
                each = [
                    f".{name} {s}, {s}.{name}, {re.sub(' |$', f'.{name} ', s, count=1)}"
                    for s in map(str.strip, selectors.split(","))
                ]
                rules.append(f"{', '.join(each)} {{{body.replace('--accent)', f'{accent})')}}}")
        else:
            rules.append(f"{selectors}{{{body}}}")
    plain = "\n".join(rules).replace("currentColor", "var(--ink)")
    return re.sub(r"var\((--[\w-]+)\)", lambda found: values.get(found[1], "inherit"), plain)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
