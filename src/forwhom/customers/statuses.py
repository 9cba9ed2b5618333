"""Rows that are no business, by their status: what was cancelled, failed, lost or given back."""

# ruff: noqa: SIM905 - words read better as text than as quoted items
from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from forwhom.customers.clues import FEW_LEVELS
from forwhom.documents.typedvalues import yes_or_no
from forwhom.features.orders import ANY
from forwhom.tables import Table, VariableProfile, collect
from forwhom.tables.summaries import name_words

_STATUS_WORDS = frozenset(
    """status state stage zustand statut estado stato stan etat fase phase etape etapa etap
    zahlungsstatus bestellstatus auftragsstatus situacao durum tila""".split()
)
_CANCEL_WORDS = frozenset(
    """cancelled canceled cancellation storniert storno annule annulee anulado anulada cancelado
    cancelada annullato annullata geannuleerd anulowane anulowano voided""".split()
)
#: Levels of a status by which nothing was bought, and by which all money went back.
_NO_BUSINESS = frozenset(
    """cancelled canceled voided void failed declined abandoned expired test draft trash denied
    reversed storniert abgebrochen fehlgeschlagen abgelehnt annule annulee annulé annulée échoué
    échouée refusé refusée anulado anulada cancelado cancelada fallido fallida rechazado rechazada
    annullato annullata rifiutato fallito geannuleerd mislukt geweigerd verlopen anulowane anulowany
    anulowana anulowano odrzucone odrzucona falhou recusado recusada avbruten makulerad annulleret
    peruttu peruutettu iptal stornováno zrušeno отменен отменён
    отменено отмена скасовано отказан
    ακυρώθηκε ακυρωμένη
    בוטל מבוטל ملغي ملغى لغو 已取消 取消 キャンセル 취소 취소됨 dibatalkan otkazano
    lost verloren perdu perdue perdido perdida persa
    perso stracone stracona przegrana przegrane ignored spam""".split()
)
_GIVEN_BACK = frozenset(
    """refunded returned erstattet zurückerstattet retourniert zurückgegeben zurückgesendet
    remboursé remboursée retourné retournée reembolsado reembolsada devuelto devuelta devolvido
    devolvida rimborsato rimborsata restituito reso terugbetaald geretourneerd retour zwrócone
    zwrócono zwrócony zwrot återbetald refunderad returnerad refunderet returneret palautettu iade
    vráceno возврат возвращен возвращён повернено επιστράφηκε הוחזר مسترجع 已退款 退款 返金
    返品 환불 반품 dikembalikan vraćeno""".split()
)
#: Levels of a status by which a deal was made; where one stands there, the others were none.
_WON = frozenset(
    "won gewonnen gagné gagnée ganado ganada vinto vinta ganho ganha wygrana wygrane wygrany vunnet"
    " vunnen voitettu kazanıldı".split()
)
#: Deals pass through so few stages, whatever their column is called.
_FEW_STAGES = 12
_TEST_WORDS = frozenset("test testorder istest testbestellung testauftrag".split())
#: Headings of a yes or no that says that all money of a row was given back.
_BACK_WORDS = frozenset(
    """refunded erstattet zuruckerstattet rembourse remboursee reembolsado reembolsada rimborsato
    rimborsata terugbetaald zwrocone""".split()
)


def no_business(
    table: Table, columns: Iterable[VariableProfile], found: Mapping[str, Any]
) -> dict[str, dict[str, list[str]]]:
    """Find rows that are no business, and orders of which all money was given back."""
    out: dict[str, list[str]] = {}
    back: dict[str, list[str]] = {}
    for column in columns:
        words = set(name_words(column.name))
        marks = words & (_TEST_WORDS | _CANCEL_WORDS | _BACK_WORDS)
        if column.name in found.values() or not column.n:
            continue
        if column.type == "date" and words & _CANCEL_WORDS:
            out[column.name] = [ANY]
        elif marks and is_mark(column):
            into = back if marks <= _BACK_WORDS else out
            into[column.name] = ["true" if column.type == "boolean" else "1"]
        elif column.type == "text" and column.distinct <= FEW_LEVELS:
            named = bool(words & _STATUS_WORDS)
            if named or marks or column.distinct <= _FEW_STAGES:
                gone, returned = _told(_levels(table, column.name), bool(marks), named)
                if marks and marks <= _BACK_WORDS and not returned:
                    gone, returned = [], gone
                out |= {column.name: gone} if gone else {}
                back |= {column.name: returned} if returned else {}
    both = (("leave_out", out), ("returned", back))
    return {key: said for key, said in both if said}


def is_mark(column: VariableProfile) -> bool:
    """Whether a column says yes or no, in words or as 1 and 0."""
    numbers = column.type == "number" and {column.minimum, column.maximum} <= {0, 1}
    return column.type == "boolean" or (numbers and column.distinct > 1)


def _told(levels: Sequence[str], marked: bool, named: bool) -> tuple[list[str], list[str]]:
    """Return the levels by which nothing was bought, and those by which all money went back."""
    said = {level: yes_or_no(level) for level in levels}
    if marked and "true" in said.values() and all(said.values()):
        return [level for level in levels if said[level] == "true"], []
    if not named and not any(_plain(level) in _WON for level in levels):
        return [], []
    gone = [level for level in levels if _is_no_business(level, levels)]
    returned = [level for level in levels if _plain(level) in _GIVEN_BACK]
    return (gone, returned) if len(gone) < len(levels) else ([], [])


def _plain(level: str) -> str:
    return level.strip().lower().replace("i\u0307", "i")  # İptal


def _is_no_business(level: str, levels: Collection[str]) -> bool:
    """Whether nothing was bought: it is said, or a deal was not won where others were."""
    won = {_plain(one) for one in levels} & _WON
    if won:
        return _plain(level) not in won
    # Cancelled by the customer; but a failed delivery is of something that was bought.
    first = name_words(level)[:1]
    return _plain(level) in _NO_BUSINESS or bool(_CANCEL_WORDS & set(first))


def _levels(table: Table, column: str) -> list[str]:
    distinct = table.frame.select(column).drop_nulls().unique()
    rows = collect(replace(table, frame=distinct))[column].to_pylist()
    return sorted(str(level) for level in rows)
