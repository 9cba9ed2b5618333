"""A segmentation in the terminal: the answer first, then who the segments are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forwhom.cli.terminal import console, table

if TYPE_CHECKING:
    from rich.console import Console

    from forwhom.documents.segmentation import Segment, Segmentation

#: Differences shown for each segment: in the overview, and when one segment is asked for.
FEW, MANY = 3, 12


def print_answer(segmentation: Segmentation) -> None:
    """Print the whole answer: headline, segments, number of segments, what weakens it."""
    from rich.text import Text

    from forwhom.report.segmentation.answer import answer

    out = console()
    said = answer(segmentation)
    if segmentation.title:
        out.print(Text(segmentation.title, style="dim"))
    out.print(Text(said.headline, style="bold"))
    for sentence in said.sentences:
        out.print(Text(sentence))
    _print_segments(out, segmentation)
    _print_selection(out, segmentation)
    _print_typing(out, segmentation)
    _print_left_out(out, segmentation)
    for note in segmentation.quality.notes:
        out.print(Text(note, style="dim"))
    for warning in said.warnings:
        out.print(Text(f"! {warning}", style="yellow"))


def _print_segments(out: Console, segmentation: Segmentation) -> None:
    from rich.text import Text

    from forwhom.wording import percent, percent_range

    certain = segmentation.fit.method == "mixture"
    grid = table(
        "",
        "Segment",
        ("Customers", "right"),
        ("Share (95%)", "right"),
        *([("Sure", "right")] if certain else []),
        "What sets it apart",
    )
    for segment in segmentation.segments:
        low, high = segment.share_interval.low, segment.share_interval.high
        differences = "\n".join(f"· {d.statement}" for d in segment.distinctions[:FEW])
        grid.add_row(
            str(segment.id),
            Text(segment.name, style="bold"),
            f"{segment.n:,}",
            f"{percent(segment.share)} ({percent_range(low, high)})",
            *([percent(segment.certainty.mean_probability)] if certain else []),
            Text(differences),
        )
        if segment is not segmentation.segments[-1]:
            grid.add_section()
    out.print(grid)


def _print_selection(out: Console, segmentation: Segmentation) -> None:
    from rich.text import Text

    if len(segmentation.selection) < 2:
        return
    criterion = segmentation.fit.criterion
    scores = {c.k: getattr(c, criterion, None) for c in segmentation.selection}
    known = {k: value for k, value in scores.items() if value is not None}
    if not known:
        return
    best = min(known.values())
    steps = ", ".join(
        f"{k}: {'best' if value == best else f'+{value - best:,.0f}'}" for k, value in known.items()
    )
    out.print(Text(f"Number of segments by {criterion.upper()} (lower is better)  {steps}"))


def _print_typing(out: Console, segmentation: Segmentation) -> None:
    from rich.text import Text

    from forwhom.wording import listed, percent

    tool = segmentation.typing_tool
    if tool is None or not tool.steps or not tool.recommended:
        return
    steps = tool.steps[: tool.recommended]
    labels = {v.name: v.label for v in segmentation.variables}
    asked = listed([labels.get(step.variable, step.variable) for step in steps], most=None)
    out.print(
        Text(
            f"To place a new customer, ask for {asked}: "
            f"{percent(steps[-1].accuracy)} end in the same segment as with all variables."
        )
    )


def _print_left_out(out: Console, segmentation: Segmentation) -> None:
    from rich.text import Text

    names = [one.name for one in segmentation.quality.left_out]
    if names:
        shown = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
        out.print(Text(f"Left out: {shown}. The report says why.", style="dim"))


def print_segment(segmentation: Segmentation, segment: Segment) -> None:
    """Print everything about one segment."""
    from rich.text import Text

    from forwhom.wording import percent, percent_range

    out = console()
    interval = segment.share_interval
    out.print(Text(f"{segment.id}  {segment.name}", style="bold"))
    out.print(
        f"{segment.n:,} customers, {percent(segment.share)} of all "
        f"({percent_range(interval.low, interval.high)} at 95%)"
    )
    if segmentation.fit.method == "mixture":
        out.print(
            f"Members belong here with a probability of "
            f"{percent(segment.certainty.mean_probability)} on average; "
            f"{percent(segment.certainty.sure)} with at least 80%."
        )
    if segment.distinctions:
        differences = table("What sets it apart", ("Effect", "right"))
        for d in segment.distinctions[:MANY]:
            differences.add_row(Text(d.statement), f"{d.kind} = {d.effect:+.2f}")
        out.print(differences)
    if segment.typical_member is not None:
        labels = {v.name: v.label for v in segmentation.variables}
        made_up = table("A typical member (made up, nobody's record)", "")
        for name, value in segment.typical_member.values.items():
            made_up.add_row(Text(labels.get(name, name)), Text(value))
        out.print(made_up)
