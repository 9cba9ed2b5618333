"""What a refresh leaves: the result in the segmentation, a line in the ledger, and a history."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from pathlib import Path

import pyarrow as pa

from forwhom.customers.history import History, read_history, written_ids
from forwhom.documents import Segmentation, segmentation_path
from forwhom.documents.changing import in_turn
from forwhom.documents.defense import made_on
from forwhom.documents.ledger import LEDGER, ledger_lines, ledger_text, read_ledger
from forwhom.errors import DataError
from forwhom.pipeline.rewriting import written_again


def keep_refresh(found: Segmentation, place: str | Path) -> Path:
    """Write a refresh into a segmentation, its report and its ledger: all of them, or nothing."""
    path = segmentation_path(place).resolve()

    def told(there: Segmentation) -> Segmentation:
        if there.lineage != found.lineage:
            raise DataError(
                f"{path} holds other segments by now.", "Run 'forwhom refresh' with these again."
            )
        # Somebody may have named a segment meanwhile; nothing of that is lost.
        update = {"refreshed": found.refreshed, "evidence": found.evidence}
        return there.model_copy(update=update)

    def ledger(told: Segmentation) -> dict[str, str]:
        before = read_ledger(path.with_name(LEDGER))
        return {LEDGER: ledger_text(ledger_lines(before, told))}

    written_again(path, told, ledger)
    return path


def keep_history(
    found: Segmentation,
    scored: pa.Table,
    before: pa.Table | None,
    path: str | Path,
    *,
    since: date | None,
    keep_ids: bool,
) -> History:
    """Add a period to a history, or begin one with the members of the earlier period."""
    place, day = Path(path), _day(found)
    now = written_ids(scored.select([0, 1]), keep_ids=keep_ids)
    with in_turn(place):
        if place.exists():
            history = read_history(place)
        elif before is None:
            raise DataError(
                f"there is no {place}, and a history begins with the members of the earlier "
                "period.",
                "Give these (--members): the members.parquet of 'forwhom discover'.",
            )
        else:
            was = written_ids(before.select([0, before.column_names.index("segment")]),
                              keep_ids=keep_ids)  # fmt: skip
            start = since or _ended(found)
            if start >= day:
                raise DataError(
                    f"the earlier period would be of {start}, and this one of {day}: the earlier "
                    "is not earlier.",
                    "Say when it was (--since), or of which day this one is (--day).",
                )
            history = History.begun(was, start, found.lineage)
        after = history.then(now, day, found.lineage, found.like)
        after.save(place, keep_ids=keep_ids)
    return after


def _day(found: Segmentation) -> date:
    assert found.refreshed is not None
    return date.fromisoformat(found.refreshed.day)


def _ended(found: Segmentation) -> date:
    """Return the day of the earlier period: the end of its events, or that of the run."""
    months = [one.months[1] for one in found.sources if one.months]
    if not months:
        return made_on(found)
    year, month = (int(part) for part in max(months).split("-"))
    return date(year, month, monthrange(year, month)[1])
