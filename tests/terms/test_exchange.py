"""Termbases of other tools: what comes in, what goes out, and what is said to be lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from desk.errors import ConfigError, Conflict, NotFound, UsageError
from desk.terms.check import check
from desk.terms.entry import SCOPES, Citation, Entry, Form, Source
from desk.terms.exchange import FORMATS, Imported, Loss, format_of, read, write
from desk.terms.exchange.files import read_path, write_path
from desk.terms.exchange.preview import preview, summed
from desk.terms.exchange.words import NotWords, escaped, expanded
from desk.terms.termbase import Termbase, shipped

DATA = Path(__file__).parent.parent / "data" / "terms"
SOURCE = Citation(Source("H", "House style", "page 3", date(2026, 1, 2), "https://example.org/h"),
                  "rule 7")  # fmt: skip
FULL = Entry(
    id="lien-hop-quoc",
    language="vi",
    forms=(Form("Liên hợp quốc", "preferred"), Form("LHQ", "admitted"),
           Form("Liên hiệp quốc", "deprecated"), Form("Hội quốc liên", "superseded"),
           Form("UNO.", "forbidden")),
    rule="Viết Liên hợp quốc.",
    source=SOURCE,
    concept="united-nations",
    severity="error",
    case="exact",
    scope=frozenset({"headline", "body"}),
    left=("cựu", "ngoài"),
    right=("học",),
    since=date(2020, 3, 5),
    until=date(2030, 1, 1),
    historical=True,
    exceptions=("Nhà Liên hiệp quốc",),
    owner="terms",
    match=("Đại hội đồng Liên hiệp quốc họp.", "Hội quốc liên họp.", "UNO. họp."),
    clean=("Liên hợp quốc họp.",),
)  # fmt: skip

_WORD = st.text(st.sampled_from("abcđêTổngủ 1/.-'\"=+@|\\&<>#:*?()[]"), min_size=1, max_size=12)
_TEXT = _WORD.map(lambda text: " ".join(text.split())).filter(bool)


@st.composite
def _entries(draw: st.DrawFn) -> tuple[Entry, ...]:
    found = []
    for number in range(draw(st.integers(1, 4))):
        texts = draw(st.lists(_TEXT, min_size=2, max_size=5, unique_by=str.casefold))
        statuses = draw(st.lists(
            st.sampled_from(["admitted", "deprecated", "superseded", "forbidden"]),
            min_size=len(texts) - 1, max_size=len(texts) - 1,
        ))  # fmt: skip
        order = ["preferred", "admitted", "deprecated", "superseded", "forbidden"]
        forms = [Form(texts[0], "preferred")]
        forms += [Form(t, s) for t, s in zip(texts[1:], sorted(statuses, key=order.index),
                                            strict=True)]  # fmt: skip
        variants = [form.text for form in forms if not form.standard]
        found.append(
            Entry(
                id=f"e-{number}",
                language=draw(st.sampled_from(["vi", "en"])),
                forms=tuple(forms),
                rule=draw(_TEXT),
                source=SOURCE,
                concept=draw(st.sampled_from([f"e-{number}", "shared"])),
                severity=draw(st.sampled_from(["error", "warning", "info"])),
                left=tuple(draw(st.lists(_TEXT, max_size=2, unique=True))),
                match=tuple(variants),
                clean=(f"x {texts[0]} x",),
            )
        )
    return tuple(found)


@settings(max_examples=60, deadline=None)
@given(_entries())
def test_csv_gives_back_everything(entries: tuple[Entry, ...]) -> None:
    exported = write(entries, "csv")
    assert exported.losses == ()
    assert read(exported.files["terms.csv"], "csv", "terms.csv") == Imported(entries, ())


@settings(max_examples=60, deadline=None)
@given(_entries())
def test_tbx_gives_back_forms_concepts_rules_and_examples(entries: tuple[Entry, ...]) -> None:
    back = read(write(entries, "tbx").files["terms.tbx"], "tbx", "terms.tbx")
    assert back.losses == ()
    found = {(entry.language, entry.id): entry for entry in back.entries}
    assert len(found) == len(entries)
    for entry in entries:
        other = found[entry.language, entry.id]
        status = {"forbidden": "deprecated"}
        assert [(f.text, status.get(f.status, f.status)) for f in entry.forms] == [
            (f.text, f.status) for f in other.forms
        ]
        assert (other.concept, other.rule, str(other.source)) == (
            entry.concept, entry.rule, str(entry.source),
        )  # fmt: skip
        assert set(other.match) == set(entry.match)
        assert other.clean == entry.clean


@settings(max_examples=100, deadline=None)
@given(_TEXT)
@example("\\b")
@example("a\\\\b")
@example("$")
def test_a_form_as_a_pattern_stands_for_just_itself(text: str) -> None:
    assert expanded(escaped(text)) == [text]


@pytest.mark.parametrize("format", ["vale", "prh"])
@settings(max_examples=40, deadline=None)
@given(entries=_entries())
def test_rules_of_linters_give_back_what_to_replace_with_what(
    format: str, entries: tuple[Entry, ...]
) -> None:
    exported = write(entries, format)
    back: dict[str, str] = {}
    for name, raw in exported.files.items():
        for entry in read(raw, format, name, "en").entries:
            back |= {form.text: entry.suggestions[0] for form in entry.variants}
    for entry in entries:
        for form in entry.variants:
            if form.text in back and "|" not in entry.forms[0].text:
                rights = [
                    e.forms[0].text for e in entries if form.text in {f.text for f in e.forms}
                ]
                assert back[form.text] in rights


def test_shipped_terms_pass_through_tbx_and_csv_and_still_find_their_examples() -> None:
    for format, name in (("csv", "terms.csv"), ("tbx", "terms.tbx")):
        back = read(write(shipped().entries, format).files[name], format, name)
        assert back.losses == ()
        termbase = Termbase(back.entries)
        assert len(back.entries) == len(shipped().entries)
        found = check("Thủ tướng chính phủ đến Liên hiệp quốc.", termbase, language="vi",
                      patterns=False)  # fmt: skip
        assert [one.entry for one in found] == ["thu-tuong-chinh-phu", "lien-hop-quoc"]


# -- what each format loses ----------------------------------------------------------------------

LOST = {
    "csv": set(),
    "tbx": {
        "severity", "case policy", "scope", "contexts", "dates", "historical exemption",
        "exceptions", "owner", "date and address of the source",
        "status forbidden, written as deprecated",
    },
    "vale": {
        "rule and source", "status of forms", "concept", "scope", "contexts", "dates",
        "exceptions", "examples", "owner", "UNO.: Vale misses what begins or ends with a mark",
    },
    "prh": {
        "severity", "source", "suggestions after the first", "status of forms", "concept",
        "scope", "contexts", "dates", "exceptions", "clean examples",
        "match examples after the first", "owner",
    },
}  # fmt: skip


@pytest.mark.parametrize("format", FORMATS)
def test_what_a_format_cannot_hold_is_listed(format: str) -> None:
    assert {loss.what for loss in write([FULL], format).losses} == LOST[format]


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_not_listed_as_lost_comes_back(format: str) -> None:
    exported = write([FULL], format)
    (back,) = (
        entry
        for name, raw in exported.files.items()
        for entry in read(raw, format, name, "vi").entries
    )
    lost = LOST[format]
    for field, what in (("severity", "severity"), ("case", "case policy"), ("scope", "scope"),
                        ("left", "contexts"), ("since", "dates"), ("exceptions", "exceptions"),
                        ("owner", "owner"), ("concept", "concept")):  # fmt: skip
        if what not in lost:
            assert getattr(back, field) == getattr(FULL, field), field
    assert [form.text for form in back.variants] == [form.text for form in FULL.variants]


def test_an_entry_without_variants_cannot_be_a_rule_of_a_linter() -> None:
    only = Entry("x", "en", (Form("Desk", "preferred"),), "Write Desk.", SOURCE, "x",
                 scope=frozenset(SCOPES))  # fmt: skip
    for format in ("vale", "prh"):
        losses = write([only], format).losses
        assert Loss("x", "the whole entry: it has no variant") in losses
    with pytest.raises(UsageError):
        write_path(Path("nowhere"), write([only], "vale"))


# -- files from elsewhere ------------------------------------------------------------------------


def test_an_older_tbx_file_with_its_doctype_is_read() -> None:
    back = read_path(DATA / "martif.tbx")
    english, vietnamese = back.entries
    assert (english.id, english.concept, english.language) == ("c7", "c7", "en")
    assert english.forms == (Form("embargo", "preferred"), Form("press hold", "deprecated"))
    assert english.clean == ("The embargo ends at nine.",)
    assert english.rule == "An order not to publish before an instant."
    assert vietnamese.forms == (Form("thời điểm giải mật", "preferred"),)
    lost = {loss.what for loss in back.losses}
    assert lost == {"language fr: Desk checks vi and en", "subjectField", "partOfSpeech"}


def test_a_tbx_file_in_dca_style_is_read() -> None:
    (entry,) = read_path(DATA / "dca.tbx").entries
    assert entry.forms == (Form("percentage point", "preferred"),
                           Form("percent point", "superseded"))  # fmt: skip
    assert entry.match == ("Rates rose by a percent point.",)
    found = check(entry.match[0], Termbase([entry]), language="en", patterns=False)
    assert [one.suggestions[0] for one in found] == ["percentage point"]


def test_a_glossary_in_tbx_min_is_read() -> None:
    found = read_path(DATA / "min.tbx")
    vietnamese, english = found.entries
    assert [(form.text, form.status) for form in vietnamese.forms] == [
        ("Bộ Khí tượng", "preferred"),
        ("Bộ khí tượng", "deprecated"),
        ("Bộ KT", "superseded"),
        ("Bộ Thời tiết", "admitted"),
    ]
    assert (vietnamese.language, vietnamese.concept, vietnamese.rule) == ("vi", "c002", "Tên mẫu")
    assert (english.language, english.suggestions) == ("en", ("Ministry of Weather",))
    assert {loss.what for loss in found.losses} == {"subjectField", "customer", "partOfSpeech"}


def test_tbx_basic_in_dct_style_with_its_modules_is_read() -> None:
    (entry,) = read_path(DATA / "basic-dct.tbx").entries
    assert [(form.text, form.status) for form in entry.forms] == [
        ("Weather Board", "preferred"), ("Board of Weathers", "deprecated"),
    ]  # fmt: skip
    assert entry.rule == "A body of the State."


@pytest.mark.parametrize("style", ["dca", "dct"])
def test_tbx_core_has_no_status_and_its_first_term_counts(style: str) -> None:
    raw = (DATA / "core.tbx").read_bytes().replace(b"dca", style.encode())
    english, vietnamese = read(raw, "tbx", "core.tbx").entries
    assert [form.status for form in english.forms] == ["preferred", "admitted"]
    assert (vietnamese.language, vietnamese.suggestions) == ("vi", ("Ban Thời tiết",))


def test_the_elements_of_tbx_min_count_in_tbx_min_only() -> None:
    raw = (DATA / "min.tbx").read_bytes().replace(b"TBX>", b"tbx>").replace(b"<TBX ", b"<tbx ")
    assert read(raw.replace(b"<!DOCTYPE TBX", b"<!DOCTYPE tbx"), "tbx", "min.tbx").entries == ()


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"<xliff/>", "the root is xliff, not tbx, martif or TBX"),
        (b"not xml", "no well-formed XML"),
        (b'<?xml version="1.0" encoding="UTF-16"?><tbx/>', "encoding"),
        (b"", "no element found"),
    ],
)
def test_what_is_no_tbx_is_told_plainly(raw: bytes, what: str) -> None:
    with pytest.raises(ConfigError) as told:
        read(raw, "tbx", "other.tbx")
    assert what in told.value.problems[0].what


def test_a_plain_table_of_two_columns_is_enough() -> None:
    raw = "Sai;Đúng;Lý do\nBộ nội vụ;Bộ Nội vụ;Tên bộ\n".encode()
    (entry,) = read(raw, "csv", "old.csv", "vi").entries
    assert entry.suggestions == ("Bộ Nội vụ",)
    assert entry.rule == "Tên bộ"
    assert entry.source.source.title == "old.csv"


def test_a_spreadsheet_calculates_nothing_of_an_export() -> None:
    risky = Entry("x", "en", (Form("=1+1", "preferred"), Form("@SUM(A1)", "deprecated")),
                  "-1", SOURCE, "x", match=("@SUM(A1)",))  # fmt: skip
    raw = write([risky], "csv").files["terms.csv"].decode("utf-8-sig")
    row = raw.splitlines()[1]
    assert "'=1+1" in row
    assert "'@SUM(A1)" in row
    assert read(raw.encode(), "csv", "x.csv").entries == (risky,)


def test_vale_patterns_that_are_lists_of_words_are_read_and_others_told() -> None:
    raw = b"""extends: substitution
message: Use '%s' instead of '%s'
level: error
ignorecase: true
action: {name: replace}
swap:
  "(?:e-?mail|electronic mail)": email
  "[Hh]and ?set": phone
  "colou?rs?": hue|tint
  "\\\\d+ pages": many pages
  "(?<=a)b": c
"""
    back = read(raw, "vale", "rules.yml", "en")
    forms = {entry.suggestions: {form.text for form in entry.variants} for entry in back.entries}
    assert forms == {
        ("email",): {"e-mail", "electronic mail"},
        ("phone",): {"Hand set", "Handset", "hand set", "handset"},
        ("hue", "tint"): {"colour", "colours", "color", "colors"},
    }
    assert {entry.severity for entry in back.entries} == {"error"}
    assert [loss.what for loss in back.losses] == [
        "action of the rule",
        "the pattern \\d+ pages: the escape \\d",
        "the pattern (?<=a)b: a look-around or a flag",
    ]
    assert all(loss.entry.startswith("line ") for loss in back.losses)


def test_prh_rules_are_read_with_their_specs() -> None:
    raw = b"""version: 1
imports: [other.yml]
rules:
  - expected: Cookie
    patterns: [cookie, "/cooky|cookey/"]
    specs: [{from: a cookie here, to: a Cookie here}]
    prh: As the product writes it.
  - expected: jQuery
  - pattern: x
"""
    back = read(raw, "prh", "prh.yml", "en")
    cookie, jquery = back.entries
    assert [form.text for form in cookie.variants] == ["cookie", "cooky", "cookey"]
    assert cookie.match[0] == "a cookie here"
    assert cookie.rule == "As the product writes it."
    assert jquery.variants == ()
    assert [loss.what for loss in back.losses] == [
        "imports of the file",
        "jQuery: no wrong form is listed; kept as a standard",
        "a rule without expected",
    ]


# -- bad input -----------------------------------------------------------------------------------

ENTITIES = b"""<?xml version="1.0"?>
<!DOCTYPE tbx [
 <!ENTITY a "aaaaaaaaaa">
 <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
]>
<tbx><text><body><conceptEntry id="x"><langSec xml:lang="en"><termSec><term>&b;</term></termSec>
</langSec></conceptEntry></body></text></tbx>"""
OUTSIDE = b"""<?xml version="1.0"?>
<!DOCTYPE tbx SYSTEM "file:///etc/passwd">
<tbx><text><body><conceptEntry id="x"><langSec xml:lang="en">
<termSec><term>&secret;</term></termSec></langSec></conceptEntry></body></text></tbx>"""


@pytest.mark.parametrize(
    ("raw", "line", "what"),
    [
        (ENTITIES, 2, "a DTD inside the file"),
        (OUTSIDE, 4, "an unknown entity, &secret;"),
        (b"<tbx>\n<text>\n<body></text></tbx>", 3, "mismatched tag"),
        (b"<tbx><text>", 1, "no element found"),
        (b"<html/>", 1, "the root is html"),
        (b"", 1, "no element found"),
        (b"no xml", 1, "syntax error"),
        (b"<tbx>" + b"<a>" * 100, 1, "nested too deep"),
        (b"<tbx>\n\xff</tbx>", 2, "not well-formed"),
        (b"<tbx>\x00</tbx>", 1, "not well-formed"),
        (b'<?xml version="1.0" encoding="no-such"?><tbx/>', 1, "unknown encoding"),
        (b"<tbx><text><body><conceptEntry><note>" + b"x" * 30_000
         + b"</note></conceptEntry></body></text></tbx>", 1, "note of 30,000 characters"),
    ],
)  # fmt: skip
def test_malformed_tbx_is_refused_with_its_place(raw: bytes, line: int, what: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(raw, "tbx", "bad.tbx")
    (problem,) = caught.value.problems
    assert problem.line == line
    assert what in problem.what


def test_a_file_that_is_too_large_is_refused_before_it_is_read() -> None:
    for format in ("tbx", "csv", "vale", "prh"):
        with pytest.raises(ConfigError, match="bytes"):
            read(b" " * 32_000_001, format, "large")


@pytest.mark.parametrize(
    ("raw", "format", "what"),
    [
        (b"a,b\n1,2\n", "csv", "the first row names no column"),
        (b"wrong,right\nb\xff,B\n", "csv", "the byte 0xff is not UTF-8"),
        (b'wrong,right\n"b" x,B\n', "csv", "this is no CSV"),
        (b"", "csv", "the first row names no column"),
        (b"extends: existence\ntokens: [a]\n", "vale", "no substitution rule"),
        (b"extends: substitution\n", "vale", "no swap"),
        (b"extends: substitution\nswap: &a {x: y}\n", "vale", "anchor"),
        (b"a: [", "prh", "no YAML"),
        (b"version: 1\n", "prh", "no list of rules"),
    ],
)
def test_malformed_tables_and_rules_are_refused(raw: bytes, format: str, what: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(raw, format, "bad")
    assert what in caught.value.message


def test_bad_cells_cost_their_row_only() -> None:
    raw = (
        b"id,language,preferred,deprecated,severity,from,until\n"
        b"a,en,A1,a1,grave,,\n"
        b"b,fr,B1,b1,,,\n"
        b"c,en,,c1,,,\n"
        b"d,en,D1,d1,error,2020-13-01,\n"
        b"e,en,E1,e1,error,2020-01-02,2019-01-01\n"
    )
    back = read(raw, "csv", "x.csv")
    assert [(entry.id, entry.severity) for entry in back.entries] == [
        ("a", "warning"), ("d", "error"), ("e", "error"),
    ]  # fmt: skip
    assert [loss.entry for loss in back.losses] == [f"line {n}" for n in (2, 3, 4, 5, 6)]


@pytest.mark.parametrize(
    "pattern", ["a*", "(a", "a)", "[^a]", "a{2}", r"\w", "(?i)a", "^", ".", ""]
)
def test_patterns_that_are_no_words_are_said_to_be_none(pattern: str) -> None:
    with pytest.raises(NotWords):
        expanded(pattern)


def test_a_pattern_of_too_many_words_stops_early() -> None:
    with pytest.raises(NotWords, match="more than"):
        expanded("(a|b)" * 60)


def test_the_format_is_told_by_the_name_or_asked_for() -> None:
    assert format_of("a.tbx") == "tbx"
    assert format_of("A.CSV") == "csv"
    assert format_of("r.yml", b"extends: substitution\nswap: {}") == "vale"
    assert format_of("r.yaml", b"version: 1\nrules: []") == "prh"
    for name in ("a.docx", "r.yml"):
        with pytest.raises(UsageError):
            format_of(name)


def test_files_are_not_overwritten_unless_asked(tmp_path: Path) -> None:
    target = tmp_path / "out.tbx"
    exported = write([FULL], "tbx")
    assert write_path(target, exported) == [target]
    with pytest.raises(Conflict):
        write_path(target, exported)
    assert write_path(target, exported, replace=True) == [target]
    with pytest.raises(NotFound):
        read_path(tmp_path / "none.tbx")
    folder = tmp_path / "style"
    several = write(shipped().entries, "vale")
    assert {path.parent for path in write_path(folder, several)} == {folder}


# -- the preview ---------------------------------------------------------------------------------


def _entry(name: str, right: str, *wrong: str) -> Entry:
    forms = (Form(right, "preferred"), *(Form(text, "deprecated") for text in wrong))
    return Entry(name, "en", forms, "A rule.", SOURCE, name, match=tuple(wrong))


def test_a_preview_tells_new_same_and_each_kind_of_conflict() -> None:
    termbase = Termbase([_entry("email", "email", "e-mail"), _entry("web", "website", "web site")])
    given = Imported(
        (
            _entry("email", "email", "e-mail"),
            _entry("web", "site", "web page"),
            _entry("mail", "e-mail", "mail"),
            _entry("home", "home page", "website"),
            _entry("place", "place", "web site"),
            _entry("phone", "phone", "handset"),
        ),
        (Loss("line 3", "partOfSpeech"), Loss("line 9", "partOfSpeech")),
    )
    found = preview(given, termbase)
    assert [entry.id for entry in found.new] == ["phone"]
    assert found.same == ("email",)
    assert [(one.entry, one.other, one.what) for one in found.conflicts] == [
        ("web", "web", "the id has other forms there"),
        ("mail", "email", "e-mail: right here, wrong there"),
        ("home", "web", "website: wrong here, right there"),
        ("place", "web", "web site: there it becomes website"),
    ]
    assert summed(found.losses) == [("partOfSpeech", 2, "line 3")]


def test_what_another_entry_says_already_is_the_same_whatever_its_id() -> None:
    termbase = Termbase([_entry("email", "email", "e-mail", "E mail")])
    whole = _entry("c-17", "email", "e-mail", "E mail")
    part = _entry("c-18", "email", "E mail")
    more = _entry("c-19", "email", "e-mail", "electronic mail")
    found = preview(Imported((whole, part, more), ()), termbase)
    assert found.same == ("c-17", "c-18")
    assert found.new == ()
    assert [(one.entry, one.other, one.what) for one in found.conflicts] == [
        ("c-19", "email", "e-mail: wrong there too")
    ]


def test_another_language_or_another_status_is_not_the_same() -> None:
    there = _entry("email", "email", "e-mail")
    vietnamese = replace(there, id="thu", language="vi")
    superseded = (Form("email", "preferred"), Form("e-mail", "superseded"))
    found = preview(
        Imported((vietnamese, replace(there, id="c-1", forms=superseded)), ()), Termbase([there])
    )
    assert [entry.id for entry in found.new] == ["thu"]
    assert [one.what for one in found.conflicts] == ["e-mail: deprecated there"]


def test_an_entry_that_a_file_holds_twice_is_new_once() -> None:
    twice = (_entry("a", "website", "web site"), _entry("b", "website", "web site"))
    found = preview(Imported(twice, ()), Termbase([]))
    assert ([entry.id for entry in found.new], found.same) == (["a"], ("b",))


def test_shipped_terms_under_other_ids_are_all_there_already() -> None:
    known = shipped()
    renamed = tuple(replace(entry, id=f"x-{n}") for n, entry in enumerate(known.entries))
    found = preview(Imported(renamed, ()), known)
    assert (found.new, found.conflicts) == ((), ())
