"""The body: plain text that knows its place, references, links, and what is wrong."""

from __future__ import annotations

import pytest
from counting import grows_linearly
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.items.body import LONGEST, MOST_BRACKETS, Body, parse, reference_problems

RICH = """# Tiêu đề 7,4% ##

Đoạn **một** có `mã` và [liên *kết*](https://example.org/a).[^2]
  dòng tiếp \\* và &amp; hết[^l1]. Câu hai.

> - trích **7,4**% ở đây

| Cột A[^3] | Cột \\| B |
|---|---|
| 1.234 | 5 \\| 6 *x* |

    mã thụt dòng 12

```
rào 13
```
![Ảnh 3](bieu-do.png)
"""


def codes(body: Body) -> list[str]:
    return [problem.code for problem in body.problems]


def test_plain_text_holds_everything_a_reader_sees() -> None:
    text = parse(RICH).text
    for seen in ("7,4%", "liên kết", "dòng tiếp * và & hết", "Cột | B", "1.234", "mã thụt dòng 12",
                 "rào 13", "Ảnh 3"):  # fmt: skip
        assert seen in text
    assert "[^" not in text
    assert "**" not in text


def test_every_letter_points_to_itself_in_the_source() -> None:
    body = parse(RICH)
    assert len(body.offsets) == len(body.text) + 1
    wrong = [
        (letter, RICH[body.offsets[index]])
        for index, letter in enumerate(body.text)
        if letter.isalnum() and RICH[body.offsets[index]] != letter
    ]
    # A picture's description is pinned to the picture as a whole.
    assert {letter for letter, _ in wrong} <= set("Ảnh3")


def test_references_say_where_they_stand() -> None:
    body = parse(RICH)
    assert [(r.label, r.line) for r in body.references] == [("2", 3), ("l1", 4), ("3", 8)]
    for reference in body.references:
        assert RICH[reference.start : reference.end] == f"[^{reference.label}]"
        line = RICH.split("\n")[reference.line - 1]
        assert line[reference.column - 1 :].startswith("[^")


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_ends_do_not_move_offsets(ends: str) -> None:
    source = ends.join(["Một.", "", "Hai tăng 5%.[^1]"])
    body = parse(source)
    assert [r.label for r in body.references] == ["1"]
    assert source[body.references[0].start :] == "[^1]"


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://example.org/a?b=c#d", None),
        ("http://192.0.2.1:8080/", None),
        ("mailto:bao-chi@example.org", None),
        ("javascript:alert(1)", "link"),
        ("JaVaScript:alert(1)", "link"),
        ("java&#10;script:alert(1)", "link"),
        ("data:text/html,x", "link"),
        ("vbscript:x", "link"),
        ("file:///etc/passwd", "link"),
        ("//example.org/a", "link"),
        ("/a/b", "link"),
        ("https://user:word@example.org/", "link"),
        ("https://example.org@192.0.2.1/", "link"),
        ("mailto:a@example.org?bcc=b@example.org", "link"),
        ("https:///a", "link"),
    ],
)
def test_only_plain_web_and_mail_addresses_are_linked(url: str, problem: str | None) -> None:
    assert codes(parse(f"Xem [trang]({url}).")) == ([problem] if problem else [])


def test_attack_31_a_look_alike_domain_is_pointed_out() -> None:
    assert codes(parse("Xem [trang](https://exаmple.org/).")) == ["link-lookalike"]


@pytest.mark.parametrize(
    "html",
    ["<b>x</b>", "<script>alert(1)</script>", "<!-- ẩn -->", "<img src=x onerror=y>", "<br/>"],
)
def test_raw_html_is_found_in_a_paragraph_and_as_a_block(html: str) -> None:
    assert "raw-html" in codes(parse(f"Một {html} hai"))
    assert "raw-html" in codes(parse(f"{html}\n\nhai"))


@pytest.mark.parametrize("text", ["a < b và c > d", "`<b>`", "&lt;b&gt;", "<https://example.org>"])
def test_signs_that_are_no_html_are_let_be(text: str) -> None:
    assert codes(parse(text)) == []


def test_unresolved_and_unused_footnotes_are_named() -> None:
    body = parse("Một[^1] hai[^9].")
    found = reference_problems(body, ["1", "2"], ["l1"])
    assert [(p.code, p.severity) for p in found] == [
        ("unresolved-footnote", "error"),
        ("unused-source", "warning"),
        ("unused-source", "warning"),
    ]
    assert (found[0].line, found[0].column) == (1, 12)


def test_a_footnote_defined_in_the_body_is_refused_and_not_swallowed() -> None:
    assert "footnote-definition" in codes(parse("Một.\n\n[^1]: https://example.org/a"))


def test_code_is_no_reference() -> None:
    assert parse("`[^1]` và \\[^2]").references == ()


HOSTILE = {
    "brackets": "[",
    "images": "![",
    "links": "[a](",
    "references": "[^",
    "marks": "*a **b ",
    "mixed marks": "*_",
    "angles": "<",
    "html": "<a <a ",
    "entities": "&#1",
    "quotes": "> ",
    "lists": "- ",
    "tables": "|a\n|-\n",
    "ticks": "`a``b",
    "escapes": "\\",
    "definitions": "[^a]:",
    "dots": ".",
    "spaces": " ",
}


@pytest.mark.parametrize("seed", HOSTILE.values(), ids=HOSTILE.keys())
def test_the_work_grows_with_the_text_and_no_faster(seed: str) -> None:
    assert grows_linearly(lambda size: parse((seed * size)[:size] + "x").units, 1_500)


@pytest.mark.parametrize("seed", ["chữ ", "a.", "> ", "<", "    x\n"])
def test_a_megabyte_is_read_or_refused(seed: str) -> None:
    body = parse((seed * LONGEST)[: LONGEST // 4])
    assert len(body.offsets) == len(body.text) + 1


def test_limits_are_said_and_the_text_is_kept() -> None:
    for source in ("a" * (LONGEST + 1), "[" * (MOST_BRACKETS + 1), "\n" * 30_000):
        body = parse(source)
        assert codes(body) == ["too-big"]
        assert body.text == source


@pytest.mark.parametrize("mark", ["> ", "- ", "1. "])
def test_nesting_is_read_or_refused_but_never_dropped_in_silence(mark: str) -> None:
    for depth in range(1, 30):
        body = parse(mark * depth + "sâu")
        assert ("sâu" in body.text) != ("too-deep" in codes(body))
    assert "sâu" in parse(mark * 4 + "sâu").text


pieces = st.sampled_from(
    ["từ ", "7,4%", "[^1]", "[^l2]", "**", "*", "`", "\n", "\n\n", "> ", "- ", "| ", "|---|\n",
     "# ", "    ", "\t", "\\", "&amp;", "<b>", "[a](https://example.org)", "![b](c.png)", "```\n",
     "\r\n", "1. ", "https://example.org ", "<https://example.org>", "đ", "\u0301"]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(pieces, max_size=25).map("".join))
def test_any_mixture_keeps_offsets_in_order_and_in_range(source: str) -> None:
    body = parse(source)
    assert len(body.offsets) == len(body.text) + 1
    assert all(0 <= offset <= len(source) for offset in body.offsets)
    for block in body.blocks:
        inside = list(body.offsets[block.start : block.end])
        assert inside == sorted(inside)
    for reference in body.references:
        assert source[reference.start : reference.end] == f"[^{reference.label}]"


@settings(max_examples=200)
@given(st.text(max_size=60))
def test_any_text_at_all_can_be_read(source: str) -> None:
    body = parse(source)
    assert len(body.offsets) == len(body.text) + 1
