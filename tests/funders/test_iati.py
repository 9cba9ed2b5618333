"""IATI files: what is read from them, and what is refused."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.errors import DataError, ForwhomError, SourceError, SourceMissing
from forwhom.funders.iati import read_activities
from forwhom.funders.iati.activities import Activity, Period, cents_of
from forwhom.funders.iati.shares import shares_of

ACTIVITY = """
 <iati-activity default-currency="eur" humanitarian="1">
  <iati-identifier> AA-1 </iati-identifier>
  <reporting-org ref="AA" type="40"><narrative>Agency A</narrative></reporting-org>
  <title><narrative>Clinics</narrative></title>
  <participating-org ref="BB" role="1" type="10">
   <narrative xml:lang="fr">Bailleur B</narrative><narrative xml:lang="en">Donor  B</narrative>
  </participating-org>
  <activity-date iso-date="2025-12-31" type="3"/>
  <recipient-country code="ke" percentage="25"/>
  <recipient-region code="298" percentage="75"/>
  <sector code="12220" percentage="60"/>
  <sector code="12250" vocabulary="1" percentage="20"/>
  <sector code="11220" vocabulary="1" percentage="20"/>
  <sector code="3.8" vocabulary="8" percentage="100"/>
  <collaboration-type code="2"/>
  <default-finance-type code="110"/>
  <budget type="1"><period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/>
   <value value-date="2024-01-01">3000</value></budget>
  <planned-disbursement><period-start iso-date="2025-01-01"/>
   <value currency="USD" value-date="2025-01-01">7</value></planned-disbursement>
  <transaction humanitarian="0"><transaction-type code="3"/>
   <transaction-date iso-date="2024-02-03"/><value currency="USD">1,250.50</value>
   <receiver-org type="22"><narrative>Clinic</narrative></receiver-org>
   <sector code="720" vocabulary="2"/><recipient-country code="UG"/></transaction>
  <transaction><transaction-type code="4"/><value value-date="2024-03-04">-2</value></transaction>
  <transaction><transaction-type code="4"/><value>a lot</value></transaction>
  <transaction><value>5</value></transaction>
 </iati-activity>
"""


def document(body: str = ACTIVITY, version: str = ' version="2.03"', before: str = "") -> str:
    return f'<?xml version="1.0"?>\n{before}<iati-activities{version}>{body}</iati-activities>'


def write(folder: Path, text: str | bytes, name: str = "a.xml") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def read(path: Path, since: str = "") -> list[Activity]:
    return [activity for _, activity in read_activities([path], since=since)]


def refused(path: Path) -> ForwhomError:
    with pytest.raises(ForwhomError) as caught:
        read(path)
    return caught.value


def test_an_activity_is_read(tmp_path: Path) -> None:
    (one,) = read(write(tmp_path, document()))
    assert one.id == "AA-1"
    assert one.reporter == ("AA", "Agency A", "40")
    assert one.participants == (("1", ("BB", "Donor B", "10")),)
    assert one.sectors == (("122", 0.8), ("112", 0.2))
    assert one.places == (("KE", 0.25), ("298", 0.75))
    assert (one.end, one.channel, one.secondary) == ("2025-12-31", "2", False)
    first, second = one.transactions
    assert first[:4] == ("3", "2024-02-03", 125050, "USD")
    assert first.receiver == ("", "Clinic", "22")
    assert (first.sectors, first.places) == ((("720", 1.0),), (("UG", 1.0),))
    assert (first.humanitarian, second.humanitarian) == (False, True)
    assert second[1:4] == ("2024-03-04", -200, "EUR")
    assert (second.giver, second.receiver, second.sectors) == (None, None, None)
    assert one.left_out == ("no readable amount", "no transaction type")
    assert one.budgets[0][:4] == ("2024-01-01", "2024-12-31", 300000, "EUR")
    assert one.planned[0][:4] == ("2025-01-01", "2025-01-01", 700, "USD")


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Clinic  one", "Clinic one"), ("<narrative>Clinic</narrative>", "Clinic"), ("", ""),
        ("<narrative>Clinique</narrative><narrative>Klinik</narrative>", "Clinique"),
        ('<narrative>Clinique</narrative><narrative xml:lang="EN">Clinic</narrative>', "Clinic"),
    ],
)  # fmt: skip
def test_an_organization_has_one_name(tmp_path: Path, written: str, name: str) -> None:
    body = f"<iati-activity><reporting-org>{written}</reporting-org></iati-activity>"
    (one,) = read(write(tmp_path, document(body)))
    assert one.reporter.name == name


def test_planned_money_that_is_over_is_passed_over(tmp_path: Path) -> None:
    (one,) = read(write(tmp_path, document()), since="2025-01-01")
    assert one.budgets == ()
    assert len(one.planned) == 1


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        ("<value>5</value>", ""), ("<value>5</value>", "<value>much</value>"),
        ('<period-start iso-date="2025-01-01"/>', ""), ('default-currency="EUR"', ""),
        ("2025-12-31", "2024-12-31"),
    ],
)  # fmt: skip
def test_planned_money_that_cannot_be_used_is_left_out_and_the_rest_counts(
    tmp_path: Path, there: str, instead: str
) -> None:
    def budget(start: str, end: str) -> str:
        days = f'<period-start iso-date="{start}"/><period-end iso-date="{end}"/>'
        return f"<budget>{days}<value>5</value></budget>"

    whole = budget("2025-01-01", "2025-12-31")
    day = budget("2026-01-01", "2026-01-01").replace("<value>", '<value currency="eur ">')
    over = budget("2024-01-01", "2024-09-30")
    body = f'<iati-activity default-currency="EUR">{over}{whole}{day}</iati-activity>'
    assert there in body
    (one,) = read(write(tmp_path, document(body.replace(there, instead))), since="2024-12-31")
    assert one.left_out == ("planned money without amount, currency or days",)
    assert one.budgets == (Period("2026-01-01", "2026-01-01", 500, "EUR", False),)
    assert one.over == "2024-09-30"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    declared = "iso-8859-1" if encoding == "iso-8859-1" else "utf-8"
    text = document(ACTIVITY.replace("Agency A", "Ägence"))
    text = text.split("\n", 1)[1]
    if not encoding.startswith("utf-16"):
        text = f'<?xml version="1.0" encoding="{declared}"?>\n{text}'
    (one,) = read(write(tmp_path, text.encode(encoding)))
    assert one.reporter.name == "Ägence"


def test_compressed_files_are_known_by_their_content(tmp_path: Path) -> None:
    path = write(tmp_path, gzip.compress(document().encode()), "a.xml")
    assert len(read(path)) == 1


def test_files_follow_each_other_and_tell_how_far_they_are(tmp_path: Path) -> None:
    files = [write(tmp_path, document(), f"{i}.xml") for i in range(3)]
    told: list[float] = []
    found = [p.name for p, _ in read_activities(files, told=lambda _, done: told.append(done))]
    assert found == ["0.xml", "1.xml", "2.xml"]
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_many_activities_are_read_at_constant_memory(tmp_path: Path) -> None:
    tracemalloc = pytest.importorskip("tracemalloc")
    path = write(tmp_path, document(ACTIVITY * 3000))
    tracemalloc.start()
    count = sum(1 for _ in read_activities([path]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 3000
    assert peak < 2_000_000 < path.stat().st_size


LAUGHS = (
    '<!DOCTYPE iati-activities [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    + "]>\n"
)


@pytest.mark.parametrize(
    "before",
    [
        LAUGHS,
        '<!DOCTYPE iati-activities [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n',
        '<!DOCTYPE iati-activities SYSTEM "http://example.org/iati.dtd">\n',
        "<!doctype iati-activities>\n",
        f"<!-- {'x' * 5000} -->\n{LAUGHS}",
    ],
    ids=["billion laughs", "external entity", "external DTD", "small letters", "after a comment"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_before_anything_is_parsed(
    tmp_path: Path, before: str, encoding: str
) -> None:
    body = ACTIVITY.replace("Agency A", "&j;&x;")
    text = f"{before}<iati-activities version='&j;'>{body}</iati-activities>"
    path = write(tmp_path, text.encode(encoding))
    error = refused(path)
    line = before[: before.lower().index("<!doctype")].count("\n") + 1
    assert error.problem.startswith(f"{path}:{line}:1: the file declares a document type")
    assert "remove the declaration" in error.advice
    assert "root:" not in str(error)


@pytest.mark.parametrize(
    ("comment", "said"), [(16_000, "no activity"), (20_000, "no element in the first 16 kB")]
)
def test_what_stands_before_the_first_element_is_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, comment: int, said: str
) -> None:
    monkeypatch.setattr("forwhom.funders.iati.opening._LONGEST_PROLOG", 1 << 14)
    before = f"<!--{'x' * comment}-->"
    assert said in refused(write(tmp_path, document("", before=before))).problem


def test_a_hidden_encoding_is_refused(tmp_path: Path) -> None:
    text = '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x><iati-activities/>'
    error = refused(write(tmp_path, text))
    assert "'UTF-7'" in error.problem
    assert "UTF-8" in error.advice


def test_an_entity_without_a_document_type_is_broken_xml(tmp_path: Path) -> None:
    error = refused(write(tmp_path, document(ACTIVITY.replace("Agency A", "&x;"))))
    assert "not sound XML" in error.problem


def test_broken_xml_is_said_with_line_and_column(tmp_path: Path) -> None:
    text = document(ACTIVITY + "\n <iati-activity>\n  <title></titel>\n")
    path = write(tmp_path, text)
    error = refused(path)
    assert isinstance(error, SourceError)
    line = text[: text.index("</titel>")].count("\n") + 1
    assert error.problem.startswith(f"{path}:{line}:")
    assert "mismatch" in error.problem


def test_a_cut_off_file_is_refused(tmp_path: Path) -> None:
    assert "not sound XML" in refused(write(tmp_path, document()[:-40])).problem


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.95])
def test_a_cut_off_compressed_file_is_refused(tmp_path: Path, keep: float) -> None:
    content = gzip.compress(document(ACTIVITY * 50).encode())
    error = refused(write(tmp_path, content[: int(len(content) * keep)], "a.xml.gz"))
    assert "ends too early" in error.problem
    assert error.advice == "Copy or download it again."


def test_an_endless_activity_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forwhom.funders.iati.opening.LARGEST_ACTIVITY", 1 << 20)
    path = write(tmp_path, document("<junk/>" * 400_000))
    assert "without the end of an activity" in refused(path).problem


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("from,to,amount\na,b,1\n", "this is not XML"),
        ("", "it has no element"),
        ("<?xml version='1.0'?>", "it has no element"),
        ("<html><body/></html>", "its first element is <html>"),
        ("<iati-organisations version='2.03'/>", "organisation file"),
        ("<!-- nothing", "it has no element"),
        (b"PK\x03\x04....", "ZIP archive"),
        (document(""), "no activity"),
    ],
)
def test_what_is_no_activity_file_is_said(tmp_path: Path, text: str | bytes, said: str) -> None:
    error = refused(write(tmp_path, text))
    assert said in error.problem
    assert error.advice


@pytest.mark.parametrize("version", ["1.05", "1.01", "3.0", "two"])
def test_another_version_is_refused(tmp_path: Path, version: str) -> None:
    path = write(tmp_path, document(version=f' version="{version}"'))
    error = refused(path)
    assert isinstance(error, DataError)
    assert f"{path}:2: this is IATI version {version!r}" in error.problem
    assert "2.03" in error.advice


def test_a_missing_version_is_noted(tmp_path: Path) -> None:
    notes: list[str] = []
    path = write(tmp_path, document(version=""))
    assert len(list(read_activities([path], notes=notes))) == 1
    assert notes == ["a.xml says no version of IATI; it was read as 2.03."]


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    assert isinstance(refused(tmp_path / "none.xml"), SourceMissing)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("12", 1200), ("1e3", 100000), ("0.005", 0), ("-1,000,000.25", -100000025),
        ("1e15", 10**17), ("1000000000000001", None),
        ("1,5", None), ("inf", None), ("nan", None), ("1e300", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_amounts(text: str | None, cents: int | None) -> None:
    assert cents_of(text) == cents


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "c", "d"]),
            st.sampled_from([None, "x", "nan", "-3", "0", "10", "33.33", "50", "100", "1e9"]),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_shares_sum_to_one(written: list[tuple[str, str | None]]) -> None:
    found = shares_of(tuple(written))
    assert sum(weight for _, weight in found) == pytest.approx(1.0)
    assert all(weight > 0 for _, weight in found)
    assert len({code for code, _ in found}) == len(found)
