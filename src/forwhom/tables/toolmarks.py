"""What a tool writes down about a response or a visit: when, from where, how far. No answers."""

# ruff: noqa: SIM905 - words read better as text than as quoted items
import re
from collections.abc import Iterable

from forwhom.tables.summaries import name_words, without_accents

#: How a heading is compared: letters and digits alone.
_SIGNS = re.compile(r"[^a-z0-9#]+")

#: Headings that only a tool writes, each as it is compared.
_SURE = frozenset(
    """
    ipaddress ipaddr useragent responseid responsetype respondentid collectorid recordeddate
    submitdate submissiondate submissiontime datesubmitted distributionchannel userlanguage
    startlanguage lastpage lastaction datelastaction interviewtime refurl referrerurl
    networkid simserial subscriberid uuid instanceid metainstanceid instancename
    formversion validationstatus submittedby submitterid submittername attachmentspresent
    attachmentsexpected reviewstate externalreference recipientemail recipientfirstname
    recipientlastname recipientexternaldatareference locationlatitude locationlongitude
    durationinseconds submitdateutc startdateutc stagedateutc
    qrecaptchascore antwortid collectornm xformidstring
    datumabgeschickt datumletzteaktivitat zufallsstartwert startsprache letzteseite
    iddelareponse datedesoumission datedeladerniereaction languededepart
    externallfdn dispcode questnnr qviewer missrel timersi lastdata maxpage mailsent
    fertigstellungszeit ipadresse adresseip direccionip indirizzoip dauerinsekunden
    aufzeichnungsdatum aufgezeichnetesdatum antworttyp benutzersprache verteilungskanal
    dureeensecondes dateenregistree duracionensegundos fecharegistrada idderespuesta
    """.split()
)
#: Headings of theirs that others write, too: beside some of the first they are the tool's.
_BESIDE = frozenset(
    """
    deviceid totaltime startdate enddate start end today starttime endtime timestamp
    zeitstempel horodateur
    marcatemporal status progress duration finished completed seed token datestarted
    startedat finishedat completedat submittedat created createdat modified datestamp id
    index key tags notes version username edits ending browser browserversion
    operatingsystem os resolution devicetype device latitude longitude timetaken
    timetakenseconds elapsedtime seconds language # score winningoutcomeid customdata1
    customdata completiontime startzeit endzeit dauer abgeschlossen audit phonenumber email
    emailaddress respondent collector source weighting
    datumgestartet gesamtzeit startdatum enddatum fortschritt beendet progression termine
    progreso finalizado fechadeinicio fechadefinalizacion datededebut datedefin
    dernierepage tetedeserie datedelancement tempstotal
    case serial ref mode started missing timesum degtime lfdn tester quality
    """.split()
)
#: What is no answer whatever stands beside it.
_ALONE = frozenset({"ipaddress", "useragent", "ipadresse", "adresseip", "direccionip"})
#: Times that a tool takes of each page, group or question.
_TIMINGS = re.compile(
    r"(?:grouptime|questiontime)\d*.*|.*(?:firstclick|lastclick|pagesubmit|clickcount)|time\d{3}"
)
#: So many headings of tools make a table one of responses.
_ENOUGH = 3


def tool_columns(names: Iterable[str]) -> frozenset[str]:
    """Return the columns in which a tool says how responses came in; empty for other tables."""
    compared = {name: _SIGNS.sub("", without_accents(name.casefold())) for name in names}
    sure = {name for name, bare in compared.items() if bare in _SURE or _TIMINGS.fullmatch(bare)}
    beside = {name for name, bare in compared.items() if bare in _BESIDE}
    if sure and len(sure) + len(beside) >= _ENOUGH:
        return frozenset(sure | beside)
    return frozenset(name for name in sure if compared[name] in _ALONE)


def is_duration(name: str) -> bool:
    """Return whether a column of a tool says how long somebody took for the whole."""
    words = set(name_words(name))
    alone = {"duration", "interviewtime", "elapsed", "dauer", "gesamtzeit", "duree", "duracion"}
    pairs = ({"time", "taken"}, {"total", "time"}, {"completion", "time"}, {"temps", "total"},
             {"time", "sum"})  # fmt: skip
    return bool(words & alone) or any(pair <= words for pair in pairs)
