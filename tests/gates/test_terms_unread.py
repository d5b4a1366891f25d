"""A term that may not stand does not get past the gate by hiding where a checker does not look."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

import pytest

from desk.items.terminology import Terms, findings
from desk.terms.termbase import shipped

TERMS = Terms(shipped(), "v0", date(2026, 11, 20))
BAD = "Tổng bí thư"


def severities(language: str = "vi", **fields: Any) -> list[str]:
    """What stands open in an item with these fields, gravest first."""
    found = findings({"language": language, **fields}, TERMS)
    return sorted({one.finding.severity for one in found if one.finding.severity != "info"})


@pytest.mark.parametrize(
    "body",
    [
        unicodedata.normalize("NFD", BAD),
        "Tổng\u200b bí\u00ad thư", "Tổng\u00a0bí\u202fthư", "T&#7893;ng b&iacute;&nbsp;thư",
        "T**ổng** b*í* thư", "~~Tổng~~ bí thư", "\\Tổng bí thư", "Tổng\\\nbí thư", "Tổng  \nbí thư",
        "[Tổng](https://example.org/a) [bí thư](https://example.org/b)",
        "![Tổng bí thư](a.png)", "![Tổng bí thư][a]\n\n[a]: a.png", "|a|\n|-|\n|Tổng bí thư|",
        "# Tổng bí thư", "[a]: b \"x\" Tổng bí thư", "``` a`b\nTổng bí thư\n```",
        "Tổng bі thư", "Ｔổng bí thư", "𝐓ổng bí thư", "Tổпg bí thư", "Tổng bί thư",
        "Tổng\u3164bí thư", "Tổng\U000e0020 bí thư", "Tổng\U000e0100 bí thư", "Tổng\ufff9 bí thư",
    ],
)  # fmt: skip
def test_a_term_in_disguise_is_an_error(body: str) -> None:
    assert "error" in severities(body=body)


@pytest.mark.parametrize(
    "body",
    [
        "```\nTổng bí thư\n```", "`Tổng bí thư`", "    Tổng bí thư", ">     Tổng bí thư",
        "---\nx: Tổng bí thư\n---\n", "<!-- Tổng bí thư -->", '<b title="Tổng bí thư">a</b>',
        '[xem](https://example.org "Tổng bí thư")', '![x](a.png "Tổng bí thư")',
        '[xem][a]\n\n[a]: https://example.org "Tổng bí thư"', "[Tổng bí thư]: b",
        "#Tổng bí thư", "Tổng bí thư.vn", "Tổng bí thư@x",
        "Tổng bí\u0336 t\u0336h\u0336ư\u0336",
    ],
)  # fmt: skip
def test_a_term_in_what_is_no_prose_has_to_be_answered(body: str) -> None:
    assert severities(body=body) != []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"headline": "Họp với Tổng bí thư"}, ["error"]),
        ({"summary": "Tổng bí thư dự họp."}, ["error"]),
        ({"edit_note": "Sửa tên Tổng bí thư."}, ["error"]),
        ({"section": "Liên Hiệp Quốc"}, ["error"]),
        ({"places": ["Hà Nội", "Liên Hiệp Quốc"]}, ["error"]),
        ({"subjects": ["Liên Hiệp Quốc"]}, ["error"]),
        ({"assets": [{"id": "a", "name": "a.png", "alt": BAD}]}, ["error"]),
        ({"assets": [{"id": "a", "name": "a.png", "alt": "x", "caption": BAD}]}, ["error"]),
        ({"assets": [{"id": "a", "name": "Liên Hiệp Quốc.png", "alt": "x"}]}, ["warning"]),
        ({"sources": [{"id": "1", "title": "Báo cáo của Liên Hiệp Quốc"}]}, ["warning"]),
        ({"legal": [{"id": "l1", "title": "Bộ Luật hình sự", "url": "x"}]}, ["error"]),
    ],
)
def test_every_text_that_the_public_reads_is_checked(
    fields: dict[str, Any], expected: list[str]
) -> None:
    assert severities(**fields) == expected


@pytest.mark.parametrize(
    "body",
    [
        "See <https://vietnam.example.org/Vietnam> or https://example.org/Vietnam, #Vietnam, "
        "a@vietnam.example.org and [the page](https://vietnam.example.org/Vietnam).",
        "TNFα and NFκB fall by 5 μm at 10 kΩ; β-carotene; 🏴\U000e0067\U000e0062\U000e007f won.",
        "The report of Vietnam News Agency: [text](https://example.org 'Viet Nam').",
    ],
)
def test_addresses_units_and_flags_give_no_alarm(body: str) -> None:
    assert severities("en", body=body) == []
    assert severities("en", sources=[{"id": "1", "title": "Vietnam Economic Times"}]) == []
