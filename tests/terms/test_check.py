"""Checking: markup, scopes, quotations, days, and where findings say they stand."""

from __future__ import annotations

import os
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.terms.check import check
from desk.terms.files import read_file
from desk.terms.live import Live
from desk.terms.markup import MARKUPS
from desk.terms.termbase import shipped
from tests.terms.making import entry, findings, found, of

TONG = entry("tong-bi-thu", "Tổng Bí thư", "Tổng bí thư")
OLD = entry(
    "bo-cu", "Bộ mới", "Bộ cũ xưa", since=date(2025, 3, 1), historical=True, status="superseded"
)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Tổng bí thư", 1),
        ("`Tổng bí thư`", 0),
        ("``a ` Tổng bí thư``", 0),
        ("`Tổng bí thư", 1),
        ("```\nTổng bí thư\n```\nTổng bí thư", 1),
        ("~~~\nTổng bí thư", 0),
        ("    Tổng bí thư", 0),
        ("- a\n\n    Tổng bí thư", 1),
        ("<!-- Tổng bí thư -->", 0),
        ("<!-- Tổng\n\nbí thư\n--> Tổng bí thư", 1),
        ("[Tổng bí thư](/Tổng bí thư)", 1),
        ("![Tổng bí thư](a.png 'Tổng bí thư')", 1),
        ("**Tổng** bí thư", 1),
        ("Tổng *bí* thư", 1),
        ("T\\*ổng bí thư", 0),
        ("Tổng&nbsp;bí thư", 1),
        ("[x]: /Tổng-bí-thư", 0),
        ("# Tổng bí thư\n\nTổng bí thư\n===", 2),
        ("> Tổng\n> bí thư", 1),
        ("- Tổng\n  bí thư", 1),
        ("| Tổng | bí thư |", 0),
        ("Tổng\n\nbí thư", 0),
        ("---\ntitle: Tổng bí thư\nid: Tổng bí thư\n---\n", 1),
        ("<b>Tổng</b> bí thư", 1),
        ("Tổng<br>bí thư", 1),
        ("Tổng<br><br>bí thư", 0),
        ("https://example.org/Tổng bí thư", 0),
        ("<https://example.org/Tổng>", 0),
        ("_Tổng bí thư_", 1),
        ("a_Tổng bí thư_b", 1),
    ],
)
def test_markdown_is_read_as_people_see_it(text: str, count: int) -> None:
    assert len(found(text, TONG, markup="markdown")) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("<p>Tổng bí thư</p>", 1),
        ("<p>Tổng <b>bí</b> thư</p>", 1),
        ("<p>Tổng</p><p>bí thư</p>", 0),
        ("<code>Tổng bí thư</code>", 0),
        ("<script>Tổng bí thư</script>Tổng bí thư", 1),
        ("<!-- Tổng bí thư -->", 0),
        ("<p title='Tổng bí thư'>a</p>", 1),
        ("Tổng b&iacute; th&#432;", 1),
        ("<style>Tổng bí thư", 0),
        ("a < Tổng bí thư > b", 1),
        ("<PRE>Tổng bí thư</PRE >", 0),
        ("<p class='a>b'>Tổng bí thư</p>", 1),
        ("<![CDATA[x]]>Tổng bí thư", 1),
        ("&amp;Tổng bí thư", 1),
    ],
)
def test_html_is_read_as_people_see_it(text: str, count: int) -> None:
    assert len(found(text, TONG, markup="html")) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("xem vietnam.vn và báo", 0),
        ("gửi vietnam@example.org", 0),
        ("#vietnam", 0),
        ("@vietnam", 0),
        ("www.vietnam.com/vietnam", 0),
        ("https://example.org/vietnam, vietnam", 1),
        ("ở Vietnam.", 1),
        ("Vietnam.Net", 1),
        ("Vietnam.net", 0),
        ("C#vietnam", 1),
    ],
)
def test_addresses_and_handles_are_no_prose(text: str, count: int) -> None:
    assert len(found(text, entry("x", "Việt Nam", "Vietnam"))) == count


@pytest.mark.parametrize(
    "text",
    [
        "Ông nói: “Tổng bí thư đến.”",
        'Ông nói: "Tổng bí thư đến."',
        "«Tổng bí thư»",
        "‘Tổng bí thư’",
        "> Tổng bí thư",
        "Nguồn: Tổng bí thư",
        "(Nguồn: Văn phòng của\nTổng bí thư)",
        "(Theo Tổng bí thư)",
        "[^1]: Tổng bí thư",
    ],
)
def test_quoted_speech_and_sources_lower_an_error_and_are_not_touched(text: str) -> None:
    (one,) = findings(text, TONG, markup="markdown")
    assert one.severity == "warning"
    assert not one.safe
    assert one.suggestions == ("Tổng Bí thư",)
    assert (
        found(text, entry("x", "a", "Tổng bí thư", scope=frozenset({"body"})), markup="markdown")
        == []
    )


@pytest.mark.parametrize(
    "text",
    [
        "“Xin chào” Tổng bí thư",
        "“chưa đóng Tổng bí thư",
        '5" Tổng bí thư 6"',
        "“a”\n\nTổng bí thư”",
        "don't Tổng bí thư won't",
        "Nguồn nước: Tổng bí thư",
        "Ảnh: TTXVN\nTổng bí thư thăm xã.",
        "Nguồn: Ban Tổ chức\r\nTổng bí thư thăm xã.",
    ],
)
def test_what_is_not_quoted_stays_an_error(text: str) -> None:
    assert [one.severity for one in findings(text, TONG)] == ["error"]


def test_scopes_choose_where_an_entry_counts() -> None:
    text = "# vụ A\n\nvụ A “vụ A”\n\n![vụ A](a.png)"
    for scope, wanted in (("headline", 1), ("body", 2), ("caption", 1), ("quote", 1)):
        it = entry(
            "x",
            "sự việc",
            "vụ A",
            scope=frozenset({scope, "quote"} if scope == "body" else {scope}),
        )
        assert len(found(text, it, markup="markdown")) == wanted, scope


@pytest.mark.parametrize(
    ("text", "dated", "told"),
    [
        ("Bộ cũ xưa họp.", None, True),
        ("Bộ cũ xưa họp.", date(2025, 3, 1), True),
        ("Bộ cũ xưa họp.", date(2025, 2, 28), False),
        ("Năm 2024, Bộ cũ xưa họp.", None, False),
        ("Năm 2024 mưa. Bộ cũ xưa họp.", None, True),
        ("Ngày 28/2/2025, Bộ cũ xưa họp.", None, False),
        ("Ngày 1/3/2025, Bộ cũ xưa họp.", None, True),
        ("Tháng 1 năm 2025, Bộ cũ xưa họp.", None, False),
        ("Năm 2025, Bộ cũ xưa họp.", None, True),
        ("Nguyên Bộ trưởng Bộ cũ xưa", None, False),
        ("Bộ cũ xưa ở Tây Nguyên, nguyên nhân là mưa", None, True),
        ("Theo Nghị định số 30/2020/NĐ-CP, Bộ cũ xưa họp.", None, True),
        ("Bộ cũ xưa đã sáp nhập.", None, False),
    ],
)
def test_a_rule_holds_from_its_day_and_spares_history(
    text: str, dated: date | None, told: bool
) -> None:
    assert bool(found(text, OLD, dated=dated)) is told


def test_a_rule_ends() -> None:
    ended = entry("x", "a", "b c", until=date(2025, 1, 1))
    assert found("b c", ended, dated=date(2024, 12, 31)) == ["b c"]
    assert found("b c", ended, dated=date(2025, 1, 1)) == []


def test_lines_and_columns_count_code_points_from_one() -> None:
    text = "a\r\nb\rTổng bí thư\n\U0001f600Tổng bí thư"
    assert [(one.line, one.column) for one in findings(text, TONG)] == [(3, 1), (4, 2)]


def test_a_finding_says_everything_that_is_needed() -> None:
    (one,) = findings("Tổng bí thư", TONG)
    assert one.as_json() | {} == {
        "entry": "tong-bi-thu", "language": "vi", "severity": "error", "start": 0, "end": 11,
        "line": 1, "column": 1, "found": "Tổng bí thư", "suggestions": ["Tổng Bí thư"],
        "message": "Only capitals differ: write “Tổng Bí thư”",
        "message_vi": "Chỉ khác chữ hoa, chữ thường: viết “Tổng Bí thư”",
        "rule": "Quy tắc viết.", "source": "Nghị định số 30/2020/NĐ-CP, mục II",
        "where": "body", "case_only": True, "safe": True,
    }  # fmt: skip


PIECES = st.sampled_from(
    [
        "Tổng bí thư",
        "tổng bí thư.",
        "Ủy Ban Nhân Dân",
        "Uỷ ban",
        "UBND",
        "nhân dân",
        "hoà",
        "hòa",
        "\n",
        "\n\n",
        "\n \n",
        "# ",
        "> ",
        "- ",
        "    ",
        "```",
        "`",
        "**",
        "“",
        "”",
        '"',
        "<p>",
        "</p>",
        "<!--",
        "-->",
        "&nbsp;",
        "<code>",
        "7.4%",
        "30/2020/ND-CP",
        "Nghị định",
        "https://example.org",
        "internet",
        "Internet",
        "\r\n",
        "Nguồn:",
        "Ðảng",
        "\u202e",
        "\u200b",
        "[^1]: ",
        "](",
        "---",
        "|",
        "1. ",
        "năm 2024",
        "Bộ TT&TT",
        "\t",
    ]
)
TEXTS = st.lists(PIECES, max_size=16).map(" ".join) | st.lists(PIECES, max_size=16).map("".join)


@settings(max_examples=300)
@given(TEXTS, st.sampled_from(MARKUPS), st.sampled_from(["NFC", "NFD"]))
def test_findings_stand_where_they_say(text: str, markup: str, form: str) -> None:
    text = unicodedata.normalize(form, text)  # type: ignore[arg-type]
    for one in check(text, shipped(), language="vi", markup=markup):  # type: ignore[arg-type]
        piece = text[one.start : one.end]
        assert unicodedata.normalize("NFC", piece) == one.found != ""
        before = text[: one.start].replace("\r\n", "\n").replace("\r", "\n")
        assert (one.line, one.column) == (
            before.count("\n") + 1,
            one.start - max(text.rfind("\n", 0, one.start), text.rfind("\r", 0, one.start)),
        )


@settings(max_examples=300)
@given(TEXTS, st.sampled_from(MARKUPS))
def test_composed_and_decomposed_copies_have_the_same_findings(text: str, markup: str) -> None:
    def told(form: str) -> list[tuple[object, ...]]:
        copy = unicodedata.normalize(form, text)  # type: ignore[arg-type]
        found = check(copy, shipped(), language="vi", markup=markup)  # type: ignore[arg-type]
        return [(one.entry, one.severity, one.found, one.line, one.suggestions) for one in found]

    assert told("NFC") == told("NFD")


@settings(max_examples=300)
@given(st.lists(TEXTS, min_size=1, max_size=4), st.sampled_from(MARKUPS))
def test_live_findings_are_those_of_a_full_check(texts: list[str], markup: str) -> None:
    live = Live(shipped(), language="vi", markup=markup)  # type: ignore[arg-type]
    text = ""
    for more in texts:
        text += more
        assert live.update(text) == check(text, shipped(), language="vi", markup=markup)  # type: ignore[arg-type]


def test_only_the_changed_paragraph_is_scanned_again() -> None:
    live = Live(of(TONG), language="vi", markup="markdown")
    parts = [f"Đoạn {n} có Tổng bí thư." for n in range(50)]
    assert len(live.update("\n\n".join(parts))) == 50
    assert live.scanned == 50
    parts[20] += " Tổng bí thư."
    assert len(live.update("\n\n".join(parts))) == 51
    assert live.scanned == 1
    moved = live.update("Thêm.\n\n" + "\n\n".join(parts))
    assert live.scanned == 1
    assert (moved[0].line, moved[-1].line) == (3, 101)


@given(st.text(), st.sampled_from(MARKUPS), st.sampled_from(["vi", "en"]))
def test_any_text_can_be_checked(text: str, markup: str, language: str) -> None:
    check(text, shipped(), language=language, markup=markup)  # type: ignore[arg-type]


HOSTILE = [
    "a@" * 50_000,
    "@" * 100_000,
    "[" * 100_000,
    "](" * 50_000,
    "](a" * 30_000,
    "`" * 100_001,
    "`a``" * 30_000,
    "<a " * 40_000,
    "<!--" * 30_000,
    '<a "' * 30_000,
    "&" * 100_000,
    "*" * 100_000,
    "_a" * 60_000,
    "> " * 60_000,
    "“" * 100_000,
    '"a ' * 40_000,
    "1/" * 50_000,
    "1." * 50_000,
    "1-NQ/" * 20_000,
    "khoản 1 " * 20_000,
    "Ð" * 100_000,
    "Tổng " * 30_000,
    "Nguồn: " * 20_000,
    "Ảnh: a\n" * 20_000,
    "Bộ Trưởng " * 10_000,
    "UBND/" * 20_000,
    "internet Internet " * 5_000,
    "hoà hòa " * 20_000,
    " \n" * 60_000,
    "- " * 60_000,
    "\u0301" * 100_000,
    "a\u0301\u0323" * 40_000,
    "năm 2024 Bộ TT&TT " * 6_000,
    "UBND(" * 20_000,
    "www." * 30_000,
    ".vn" * 40_000,
    "# " * 50_000,
    "~~~" * 40_000,
    "![" * 50_000,
    "nhân dân " * 15_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=[f"{text[:6]!r}" for text in HOSTILE])
@pytest.mark.parametrize("markup", MARKUPS)
def test_hostile_text_ends(text: str, markup: str) -> None:
    """Each would run for minutes in a scan that goes back; here all of them end."""
    check(text, shipped(), language="vi", markup=markup)  # type: ignore[arg-type]


def test_a_pipe_that_nobody_writes_to_is_told_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    read = read_file(str(tmp_path / "pipe.md"))
    assert read.problem is not None
    assert "not a regular file" in read.problem.what


@pytest.mark.parametrize(
    "before", ["(GLO)- ", "Hà Nội (TTXVN) - ", "TPO - ", "VOV.VN – ", "Mưa lớn.\n\n(PL) – "]
)
def test_a_report_begins_behind_its_dateline(before: str) -> None:
    province = entry("gia-lai", "tỉnh Gia Lai", "Tỉnh Gia Lai")
    assert found(f"{before}Tỉnh Gia Lai họp.", province) == []
    assert found(f"{before}Cùng Tỉnh Gia Lai họp.", province) == ["Tỉnh Gia Lai"]
    assert found("Tuyến Huế - Tỉnh Gia Lai dài.", province) == ["Tỉnh Gia Lai"]
