"""HTML: attributes that people read, terms over tags and line breaks, each at its own place."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.terms.check import check
from desk.terms.finding import Lines
from desk.terms.fix import fix_safe
from desk.terms.live import Live
from desk.terms.markup import see
from desk.terms.termbase import Termbase
from tests.terms.making import entry, findings, found, of

WRONG, RIGHT = "Tổng bí thư", "Tổng Bí thư"
TONG = entry("tong-bi-thu", RIGHT, WRONG)
VIETNAM = entry("viet-nam", "Viet Nam", "Vietnam", language="en")


def entry_places(text: str) -> list[tuple[int, int, str]]:
    """Line, column and the text as it stands there, of every finding."""
    told = findings(text, TONG, markup="html")
    assert all(Lines(text).place(one.start) == (one.line, one.column) for one in told)
    return [(one.line, one.column, text[one.start : one.end]) for one in told]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        (f'<img src="a.jpg" alt="Ảnh {WRONG}">', 27),
        (f"<img alt='{WRONG}' src=x>", 11),
        (f'<IMG ALT = "{WRONG}"/>', 13),
        (f'<a href="/x" title="{WRONG}">đây</a>', 21),
        (f'<button aria-label="Trang {WRONG}">x</button>', 27),
        (f'<input placeholder="Tìm {WRONG}">', 25),
        (f'<textarea placeholder="{WRONG}"></textarea>', 24),
        (f'<svg aria-label="{WRONG}"><text>{WRONG}</text></svg>', 18),
        (f"<title>{WRONG}</title>", 8),
        (f'<meta name="description" content="{WRONG}">', 35),
        (f'<meta content="{WRONG}" name=Description>', 16),
        (f'<meta property="og:title" content="{WRONG}">', 36),
    ],
)
def test_what_people_see_or_hear_of_a_tag_is_read(text: str, column: int) -> None:
    assert entry_places(text) == [(1, column, WRONG)]


@pytest.mark.parametrize(
    "text",
    [
        f'<img src="{WRONG}.jpg">',
        f'<meta name="keywords" content="{WRONG}">',
        f'<meta charset="utf-8" content="{WRONG}">',
        f'<a href="{WRONG}" class="{WRONG}" id="{WRONG}" data-title="{WRONG}">x</a>',
        f'<!-- <img alt="{WRONG}"> -->',
        f"<script>a = '<img alt=\"{WRONG}\">'</script>",
        f"<code>&lt;img alt={WRONG}&gt;</code>",
        f'<p>alt="Tổng" bí</p> thư <img alt="Tổng"><img alt="bí thư"> {RIGHT}',
        '<img alt="">',
        f"<img alt={RIGHT!r}>",
    ],
)
def test_what_nobody_reads_of_a_tag_is_left_alone(text: str) -> None:
    assert entry_places(text) == []


def test_an_attribute_is_read_beside_the_text_and_not_in_it() -> None:
    text = f'Đồng chí <b>Tổng</b> <a title="{WRONG}" href="x">bí</a> thư dự lễ.'
    assert entry_places(text) == [
        (1, 13, f'Tổng</b> <a title="{WRONG}" href="x">bí</a> thư'),
        (1, 32, WRONG),
    ]


def test_entities_in_an_attribute_are_read() -> None:
    assert entry_places('<img\n alt="A &amp; T&#7893;ng b&iacute; th&#432;">') == [
        (2, 15, "T&#7893;ng b&iacute; th&#432;")
    ]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a Tổng<br>bí thư", [(1, 3, "Tổng<br>bí thư")]),
        ("a Tổng<br />\nbí thư", [(1, 3, "Tổng<br />\nbí thư")]),
        ("a Tổng<BR> bí <i>thư</i>", [(1, 3, "Tổng<BR> bí <i>thư")]),
        ("a Tổng<br>\n<br>bí thư", []),
        ("a <b>Tổng</b> bí thư", [(1, 6, "Tổng</b> bí thư")]),
        ("a <b>Tổng bí</b> thư", [(1, 6, "Tổng bí</b> thư")]),
        ("a T<b>ổng</b> bí th<wbr>ư", [(1, 3, "T<b>ổng</b> bí th<wbr>ư")]),
        ("a Tổng&shy; bí&nbsp;thư", [(1, 3, "Tổng&shy; bí&nbsp;thư")]),
    ],
)
def test_a_term_goes_over_line_breaks_and_inline_tags(
    text: str, places: list[tuple[int, int, str]]
) -> None:
    assert entry_places(text) == places


def test_a_fix_in_an_attribute_is_made_unless_it_could_end_it() -> None:
    text = f"<img alt='{WRONG}'>"
    assert fix_safe(text, findings(text, TONG, markup="html")).text == f"<img alt='{RIGHT}'>"
    council = entry("council", "People's Council", "Peoples Council", language="en")
    text = "<img alt='Peoples Council'><p>Peoples Council</p>"
    made = fix_safe(text, findings(text, council, markup="html"))
    assert made.text == "<img alt='Peoples Council'><p>People's Council</p>"


def test_a_caption_is_what_a_picture_says_of_itself() -> None:
    (one,) = findings(f'<img alt="Ảnh {WRONG}">', TONG, markup="html")
    assert one.where == "caption"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("See Vietnam.docx and Vietnam-2026.PDF.", 0),
        ("See report_Vietnam.v2.xlsx, Vietnam", 1),
        ("In tin/Vietnam/index.html and C:\\Vietnam\\a.txt", 0),
        ("Vietnam.tar.gz", 0),
        ("In Vietnam.Text follows", 1),
        ("In Vietnam.pdfs", 1),
        ("Made in Vietnam. docx", 1),
        ("the file of Vietnam .docx", 1),
        ("Vietnam.md", 0),
    ],
)
def test_names_of_files_are_no_prose(text: str, count: int) -> None:
    for markup in ("plain", "markdown", "html"):
        assert len(found(text, VIETNAM, markup=markup)) == count


PIECES = st.lists(
    st.sampled_from([
        "Tổng", " bí thư", WRONG, RIGHT, " ", "\n", "<br>", "<b>", "</b>", f'<img alt="{WRONG}">',
        "<a title='Tổng", "'>", '"', ">", "<", "&amp;", "<meta name=description content=", "alt=",
        "<!--", "-->", f"<x title={WRONG}>", "😀", "</textarea>", "<textarea placeholder='a'>",
    ]),
    max_size=14,
).map("".join)  # fmt: skip


@given(PIECES)
def test_every_finding_is_the_wrong_form_whatever_the_page_is(text: str) -> None:
    told = check(text, Termbase((TONG,)), language="vi", markup="html", patterns=False)
    assert all(one.found.startswith("T") and one.start < one.end <= len(text) for one in told)
    assert all(a.end <= b.start or a.start <= b.start for a, b in pairwise(told))
    assert [one.start for one in told] == sorted(one.start for one in told)
    live = Live(of(TONG), language="vi", markup="html")
    whole = check(text, of(TONG), language="vi", markup="html")
    assert [(a.entry, a.start) for a in live.update(text)] == [(a.entry, a.start) for a in whole]
    other = unicodedata.normalize("NFD", text)
    again = check(other, Termbase((TONG,)), language="vi", markup="html", patterns=False)
    assert len(again) == len(told)


@given(PIECES)
def test_asides_lie_in_the_text_and_in_order(text: str) -> None:
    asides = see(text, "html").asides
    assert all(0 < start < end <= len(text) for start, end in asides)
    assert list(asides) == sorted(asides)
