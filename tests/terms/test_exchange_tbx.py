"""TBX files from elsewhere: every dialect and style, and what is refused with its place."""

from __future__ import annotations

import pytest

from desk.errors import ConfigError
from desk.terms.check import check
from desk.terms.entry import Form
from desk.terms.exchange import read
from desk.terms.exchange.files import read_path
from desk.terms.termbase import Termbase
from tests.terms.exchanging import DATA


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


def test_the_first_term_without_a_status_is_the_one_to_write_where_none_is_preferred() -> None:
    terms = [("computer", ""), ("PC", "admittedTerm-admn-sts"), ("machine", "deprecated"),
             ("box", "")]  # fmt: skip
    tigs = "".join(
        f"<tig><term>{text}</term><termGrp><termNote type='administrativeStatus'>{status}"
        "</termNote></termGrp></tig>"
        for text, status in terms
    )
    raw = (
        "<martif type='TBX'><text><body><termEntry id='cid-23'><langSet xml:lang='EN_us'>"
        f"{tigs}</langSet></termEntry></body></text></martif>"
    )
    (entry,) = read(raw.encode(), "tbx", "glossary.tbx").entries
    assert [(form.text, form.status) for form in entry.forms] == [
        ("computer", "preferred"), ("PC", "admitted"), ("machine", "deprecated"),
        ("box", "admitted"),
    ]  # fmt: skip


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
        (b"not xml", "not well-formed XML"),
        (b'<?xml version="1.0" encoding="UTF-16"?><tbx/>', "encoding"),
        (b"", "no element found"),
    ],
)
def test_what_is_no_tbx_is_told_plainly(raw: bytes, what: str) -> None:
    with pytest.raises(ConfigError) as told:
        read(raw, "tbx", "other.tbx")
    assert what in told.value.problems[0].what


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
