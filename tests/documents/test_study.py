from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.documents import check_columns, read_study, write_study
from forwhom.documents.rulesfile import read_rules
from forwhom.documents.study import CustomerTable, Events, Lookup, Study, StudyVariable
from forwhom.documents.studyfile import parse_study, set_variable, study_text
from forwhom.errors import ColumnMissing, DocumentError, OptionError, OutputError, SourceMissing

GROCERY = """\
# Our households, and what they buy.
forwhom: 1
title: Grocery households, 2017
customers: {table: demographics.parquet, id: household_id}   # one row each
events:
  - {table: transactions.parquet, customer: household_id, time: transaction_timestamp,
     amount: sales_value, order: basket_id, category: [department], cutoff: 2017-12-31,
     lookups: [{table: products.parquet, on: product_id}]}
variables:
  age:            {basis: demographic, measure: ordinal}   # in six bands

  recency_days:   {basis: behavioral, measure: positive, from: events}
  tastes_matter:
    basis: psychographic   # asked in May
    measure: ordinal
    levels:
      - not at all
      - "very much"
  gender:         {basis: demographic, measure: nominal, use: protected}
"""


def written(tmp_path: Path, text: str = GROCERY) -> Path:
    path = tmp_path / "study.yaml"
    path.write_bytes(text.encode())
    return path


def refused(text: str) -> str:
    with pytest.raises(DocumentError) as caught:
        parse_study(text, "study.yaml")
    return str(caught.value)


def test_a_study_is_read_with_its_folder(tmp_path: Path) -> None:
    study = read_study(written(tmp_path))
    assert study.customers == CustomerTable(table="demographics.parquet", id="household_id")
    assert study.events[0].category == ["department"]
    assert str(study.events[0].cutoff) == "2017-12-31"
    assert study.variables["recency_days"].source == "events"
    assert study.variables["tastes_matter"].levels == ["not at all", "very much"]
    assert study.folder == tmp_path
    assert study == parse_study(GROCERY)


HEAD = "forwhom: 1\ncustomers: {table: people.csv, id: person}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("forwhom: 1\ncustomers:\n\ttable: x\n", "study.yaml:3:1: this is not YAML: a tab"),
        (
            "forwhom: 1\ntitle: a: b\n",
            "study.yaml:2:8: this is not YAML: a text that holds ': ' needs quotes",
        ),
        ("forwhom: 1\ntitle: [a\n", "study.yaml:2:10: this is not YAML: the bracket [ is"),
        ("forwhom: 1\ntitle: @home\n", "study.yaml:2:8: this is not YAML: a text that begins"),
        ("forwhom: 1\ntitle: *home\n", "study.yaml:2:8: this is not YAML: found undefined alias"),
        ("forwhom: 1\ntitle: \x07\n", "study.yaml:2:8: a character that text cannot hold (U+0007)"),
        (HEAD + "---\na: 1\n", "study.yaml:3:1: this is not YAML: a second document"),
        (HEAD + "title: a\ntitle: b\n", "study.yaml:4:1: the key 'title' is here twice"),
        (HEAD + "title: !!python/name:os.system x\n", "study.yaml:3:8: the tag"),
        (HEAD + "title: &a [*a]\n", "study.yaml:3:8: too many or too deeply nested"),
        ("", "study.yaml:1:1: the file is empty"),
        ("- a\n", "study.yaml:1:1: found a list"),
        ("PK\x03\x04", "study.yaml:1:3: a character"),
        ("customers: {table: x}\n", "study.yaml:1:1: the key 'forwhom' is missing"),
        ("forwhom: 2\n", "study.yaml:1:1: this is format 2, written by a newer forwhom"),
        ("forwhom: one\n", "study.yaml:1:1: there is no format 'one'"),
        ("forwhom: 1\n", "a study needs 'customers' or 'events' (or both)"),
        ('{"forwhom": 1, "kind": "segmentation"}', "study.yaml:1:16: this is a segmentation"),
        ("forwhom: 1\ncustomers: people.csv\n", "study.yaml:2:1: 'customers' is 'people.csv'"),
        (
            "forwhom: 1\ncustomers: {tabel: people.csv, table: x}\n",
            "study.yaml:2:13: there is no key 'tabel' in 'customers'. Did you mean 'table'?",
        ),
        ("forwhom: 1\nevents: [{table: x}]\n", "the key 'customer' of 'events[1]' is missing"),
        (
            HEAD + "variables:\n  age: {mesure: ordinal}\n",
            "study.yaml:4:9: there is no key 'mesure' in 'variables.age'. Did you mean 'measure'?",
        ),
        (
            HEAD + "variables:\n  age: {measure: ordnal}\n",
            "study.yaml:4:9: 'variables.age.measure' cannot be 'ordnal'",
        ),
        (HEAD + "variables:\n  age: {measure: ordnal}\n", "Did you mean 'ordinal'?"),
        (
            HEAD + "variables:\n  age: {measure: count, levels: [a, b]}\n",
            "study.yaml:4:3: levels are given, but the measure is 'count'.",
        ),
        (
            HEAD + "events: [{table: x, customer: c, time: t, cutoff: 31.12.2017}]\n",
            "study.yaml:3:43: 'events[1].cutoff' is '31.12.2017', which is not a date.",
        ),
        (
            HEAD + "events: [{table: x, customer: c, time: t, cutoff: 2017}]\n",
            "study.yaml:3:43: 'cutoff' is 2017; expected a date such as 2017-12-31",
        ),
        (
            HEAD + "events: [{table: x, customer: c, time: t, time_zone: Europe/Berln}]\n",
            "there is no time zone 'Europe/Berln'. Did you mean 'Europe/Berlin'?",
        ),
        (
            HEAD
            + "events: [{table: x, customer: c, time: t, category: [dept], levels: {dpt: [A]}}]\n",
            "study.yaml:3:70: 'dpt' has levels, but is not under 'category'. Did you mean 'dept'?",
        ),
        (
            HEAD + "variables:\n  a: {use: weight}\n  b: {use: weight}\n",
            "study.yaml:5:7: 'b' is a second column with 'use: weight', after 'a'.",
        ),
        (
            HEAD + "variables:\n  b: {use: id}\n",
            "study.yaml:4:7: 'b' is a second column with 'use: id', after 'person'.",
        ),
        (
            HEAD + "variables:\n  person: {use: active}\n",
            "study.yaml:4:12: 'person' is the customers' id",
        ),
        (
            HEAD + "variables:\n  a: {levels: [x, y, x]}\n",
            "study.yaml:4:22: the level 'x' of 'a' is listed twice.",
        ),
        (HEAD + "variables:\n  a: {levels: [x]}\n", "study.yaml:4:7: 'a' has 1 level"),
        (
            HEAD + "variables:\n  a: {measure: binary, levels: [x, y, z]}\n",
            "study.yaml:4:24: 'a' is binary, but has 3 levels.",
        ),
        (
            HEAD + "variables:\n  a: {from: events}\n",
            "study.yaml:4:7: 'a' comes from events, but this study has none.",
        ),
        (
            HEAD + "variables:\n  a: {from: peple.csv}\n",
            "which is no table of this study. Did you mean 'people.csv'?",
        ),
        (
            "forwhom: 1\ncustomers: {table: x}\nevents: [{table: y, customer: c, time: t}]\n",
            "study.yaml:2:1: x has no 'id'",
        ),
        (
            HEAD + "events: [{table: x, customer: c, time: t, price: p}]\n",
            "study.yaml:3:43: 'price' is given without 'quantity'.",
        ),
        (
            HEAD + "events: [{table: x, customer: c, time: t, price: p, amount: a}]\n",
            "both 'amount' and 'price' are given.",
        ),
    ],
)
def test_a_mistake_is_said_with_line_and_column(text: str, said: str) -> None:
    message = refused(text)
    assert message.startswith("study.yaml:")
    assert said in message


def test_all_mistakes_are_said_in_the_order_of_the_file() -> None:
    message = refused(HEAD + "variables:\n  a: {use: b}\n  b: {bases: x}\nevnts: []\n")
    assert [line.split(": ")[0] for line in message.splitlines()] == [
        "study.yaml:4:7",
        "study.yaml:5:7",
        "study.yaml:6:1",
    ]
    assert message.splitlines()[2].endswith("there is no key 'evnts'. Did you mean 'events'?")


def test_a_mistake_outside_yaml_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceMissing, match="There is no file"):
        read_study(tmp_path / "none.yaml")
    with pytest.raises(DocumentError, match="this is a folder"):
        read_study(tmp_path)
    path = tmp_path / "study.yaml"
    path.write_bytes(b"forwhom: 1\ntitle: gr\xf6\xdfe\n")
    with pytest.raises(DocumentError, match=r"study.yaml:2:10: this is not UTF-8 text"):
        read_study(path)
    path.write_text("a: " + "x" * 5_000_001)
    with pytest.raises(DocumentError, match="too large"):
        read_study(path)


def test_aliases_that_repeat_each_other_are_refused_not_expanded() -> None:
    lines = ["a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    for this, last in zip("bcdefgh", "abcdefg", strict=True):
        lines.append(f"{this}: &{this} [{', '.join([f'*{last}'] * 10)}]")
    assert "do aliases (*name) repeat each other?" in refused("\n".join(lines))


def test_numbers_where_text_is_meant_stay_as_written() -> None:
    study = parse_study(HEAD + "variables:\n  2017: {levels: [012, 1.50, 1e3]}\n")
    assert study.variables["2017"].levels == ["012", "1.50", "1e3"]
    assert "Put it in quotes" in refused(HEAD + "variables:\n  a: {levels: [true, false]}\n")


def test_words_that_old_yaml_takes_for_booleans_are_text() -> None:
    study = parse_study(HEAD + "variables:\n  a: {levels: [no, yes]}\n")
    assert study.variables["a"].levels == ["no", "yes"]


def test_anchors_and_merges_are_understood() -> None:
    study = parse_study(
        HEAD + "variables:\n  a: &d {basis: demographic}\n  b: *d\n  c: {<<: *d, use: ignore}\n"
    )
    assert study.variables["b"].basis == "demographic"
    assert study.variables["c"] == StudyVariable(basis="demographic", use="ignore")


def test_times_keep_their_zone() -> None:
    events = {"table": "x", "customer": "c", "time": "t"}
    midnight = Events.model_validate(events | {"cutoff": "2017-12-31T00:00:00+02:00"})
    assert midnight.cutoff is not None
    assert midnight.cutoff.isoformat() == "2017-12-31T00:00:00+02:00"


def test_a_change_touches_nothing_else(tmp_path: Path) -> None:
    path = written(tmp_path)
    changed = set_variable(path, "age", use="descriptor")
    assert path.read_text() == GROCERY.replace(
        "{basis: demographic, measure: ordinal}   #",
        "{basis: demographic, measure: ordinal, use: descriptor}   #",
    )
    assert changed == read_study(path)
    set_variable(path, "age", use=None)
    assert path.read_text() == GROCERY


def test_changes_in_every_style_of_yaml(tmp_path: Path) -> None:
    path = written(tmp_path)
    set_variable(path, "tastes_matter", measure="nominal", levels=["a", "b: c", "3"])
    set_variable(path, "tastes_matter", basis=None)
    set_variable(path, "visits", measure="count", source="events")
    set_variable(path, "gender", basis=None, measure=None)
    text = path.read_text()
    assert "  tastes_matter:\n    measure: nominal\n    levels:\n" in text
    assert '      [a, "b: c", "3"]\n  gender:         {use: protected}\n' in text
    assert text.endswith("  visits: {measure: count, from: events}\n")
    assert "# in six bands\n\n  recency_days:" in text


@pytest.mark.parametrize(
    ("variables", "after"),
    [
        ("", "variables:\n  age: {use: ignore}"),
        ("variables:\n", "variables:\n  age: {use: ignore}\n"),
        ("variables: {}  # none\n", "variables: {age: {use: ignore}}  # none\n"),
        ("variables:  # none\n", "variables:  # none\n  age: {use: ignore}\n"),
        ("variables:\n  age:\n", "variables:\n  age: {use: ignore}\n"),
        ("variables:\r\n  age: {}\r\n", "variables:\r\n  age: {use: ignore}\r\n"),
        (
            "variables:\n  b: &b {basis: demographic}\n  age: *b\n",
            "variables:\n  b: &b {basis: demographic}\n  age: {basis: demographic, use: ignore}\n",
        ),
        (
            "variables:\n  age:\n    label: |\n      In\n      years\n\n# end\n",
            "variables:\n  age:\n    label: |\n      In\n      years\n    use: ignore\n\n# end\n",
        ),
    ],
)
def test_a_variable_is_added_wherever_it_belongs(
    tmp_path: Path, variables: str, after: str
) -> None:
    path = written(tmp_path, HEAD + variables)
    study = set_variable(path, "age", use="ignore")
    assert path.read_bytes().decode().rstrip("\n") == (HEAD + after).rstrip("\n")
    assert study.variables["age"].use == "ignore"


def test_a_wrong_change_leaves_the_file(tmp_path: Path) -> None:
    path = written(tmp_path)
    with pytest.raises(OptionError, match="Did you mean 'measure'"):
        set_variable(path, "age", mesure="count")
    with pytest.raises(OptionError, match="cannot be 'counts'"):
        set_variable(path, "age", measure="counts")
    with pytest.raises(DocumentError, match="levels are given"):
        set_variable(path, "tastes_matter", measure="count")
    assert path.read_text() == GROCERY


texts = st.text(min_size=1, max_size=12)
variables = st.builds(
    StudyVariable,
    basis=st.sampled_from([None, "behavioral", "demographic"]),
    use=st.sampled_from([None, "active", "ignore"]),
    label=st.none() | texts,
    levels=st.none() | st.lists(texts, min_size=2, max_size=4, unique=True),
)
studies = st.builds(
    Study,
    forwhom=st.just(1),
    title=texts,
    customers=st.builds(CustomerTable, table=texts, id=texts),
    tables=st.lists(st.builds(CustomerTable, table=texts, id=texts), max_size=2),
    events=st.lists(
        st.builds(
            Events,
            table=texts,
            customer=texts,
            time=texts,
            category=st.lists(texts, max_size=2),
            lookups=st.lists(st.builds(Lookup, table=texts, on=texts), max_size=1),
            cutoff=st.none() | st.dates() | st.datetimes(),
        ),
        max_size=1,
    ),
    variables=st.dictionaries(texts, variables, max_size=3),
)


@settings(max_examples=60)
@given(studies)
def test_what_is_written_is_read_again(study: Study) -> None:
    assert parse_study(study_text(study)) == study


@settings(max_examples=40)
@given(study=studies, name=texts, label=texts)
def test_any_variable_of_any_study_can_be_changed(
    tmp_path_factory: pytest.TempPathFactory, study: Study, name: str, label: str
) -> None:
    path = tmp_path_factory.mktemp("any") / "study.yaml"
    text = "# above\n" + study_text(study) + "# below\n"
    write_study(text, path)
    changed = set_variable(path, name, label=label)
    before = study.variables.get(name, StudyVariable())
    assert changed.variables == study.variables | {name: before.model_copy(update={"label": label})}
    comments = [line for line in path.read_text().splitlines() if line.startswith("# ")]
    assert comments[:1] + comments[-1:] == ["# above", "# below"]


def test_a_study_in_another_folder_still_finds_its_tables(tmp_path: Path) -> None:
    study = read_study(written(tmp_path))
    (tmp_path / "deep").mkdir()
    moved = read_study(write_study(study, tmp_path / "deep" / "study.yaml"))
    assert moved.customers is not None
    assert moved.customers.table == "../demographics.parquet"
    assert moved.events[0].lookups[0].table == "../products.parquet"
    assert write_study(study, tmp_path / "again.yaml").read_text().count("../") == 0
    with pytest.raises(OutputError):
        write_study(study, tmp_path / "again.yaml")
    with pytest.raises(DocumentError):
        write_study("forwhom: 3\n", tmp_path / "third.yaml")
    assert not (tmp_path / "third.yaml").exists()


def test_a_column_that_is_not_there_is_said_where_the_study_names_it(tmp_path: Path) -> None:
    path = written(tmp_path)
    study = read_study(path)
    check_columns(study, "demographics.parquet", ["household_id", "age", "gender"])
    with pytest.raises(ColumnMissing) as caught:
        check_columns(study, "demographics.parquet", ["householdid"])
    assert str(caught.value) == (
        f"{path}:4:42: there is no column 'household_id' in demographics.parquet. "
        "Did you mean 'householdid'?"
    )
    columns = ["household_id", "transaction_timestamp", "sales_value", "basket_id", "product_id"]
    with pytest.raises(ColumnMissing, match=r":7:56: there is no column 'department'"):
        check_columns(study, "transactions.parquet", columns)


def test_without_events_every_variable_is_a_column() -> None:
    study = Study(
        forwhom=1,
        customers=CustomerTable(table="people.csv"),
        variables={"aeg": StudyVariable(use="active")},
    )
    with pytest.raises(ColumnMissing, match=r"^there is no column 'aeg' in people.csv"):
        check_columns(study, "people.csv", ["age"])


def test_a_role_and_a_criterion_survive_and_fit_the_measure() -> None:
    text = GROCERY + "  spend: {role: revenue, criterion: price, label: 'What they spend'}\n"
    study = parse_study(text)
    assert parse_study(study_text(study)) == study
    assert (study.variables["spend"].role, study.variables["spend"].criterion) == (
        "revenue", "price",
    )  # fmt: skip
    with pytest.raises(DocumentError, match="'revenue' is for numbers, not for 'nominal'"):
        parse_study(text.replace("role: revenue", "role: revenue, measure: nominal"))
    with pytest.raises(DocumentError, match="cannot be 'turnover'"):
        parse_study(text.replace("role: revenue", "role: turnover"))


def test_weights_stand_in_one_column() -> None:
    with pytest.raises(
        DocumentError, match="'w2' is a second column with 'use: weight', after 'w1'"
    ):
        parse_study(HEAD + "variables: {w1: {use: weight}, w2: {use: weight}}\n")


def test_customers_whom_no_rule_takes_are_everyone_else(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text("rules: [{name: Loyal, when: visits > 10}]\n")
    rules, otherwise = read_rules(path)
    assert [(rule.name, rule.when) for rule in rules] == [("Loyal", "visits > 10")]
    assert otherwise == "Everyone else"
