"""Places where other checkers went wrong, as their users told: each tried on this one.

After the issue trackers of Vale, textlint and its terminology rule, prh, write-good, proselint,
markdownlint, LanguageTool and autocorrect. Sentences are our own.
"""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest

from desk.terms.finding import Lines
from desk.terms.markup import Markup
from tests.terms.making import entry, findings

TERMS = (
    entry("hub", "NewsHub", "Newshub", "newshub", language="en"),
    entry("viet-nam", "Viet Nam", "Vietnam", language="en"),
    entry("pad", "thermal gap pad", "gap pad", language="en"),
    entry("etc", "and so on", "etc.", language="en"),
    entry("key", "Control+", "Control +", language="en"),
    entry("off", "off", "off of", language="en"),
    entry("email", "email", "e-mail", language="en"),
    entry("c", "C++", "c++", language="en", case="any"),
    entry("site", "website", "web site", language="en"),
    entry("committee", "People's Committee", "Peoples' Committee", language="en"),
)
Place = tuple[int, int, str]


def places(text: str, markup: Markup) -> list[Place]:
    """Line, column and what stands there, for every finding, columns held against the text."""
    told = findings(text, *TERMS, markup=markup)
    assert all(Lines(text).place(one.start) == (one.line, one.column) for one in told)
    return [(one.line, one.column, text[one.start : one.end]) for one in told]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # A form that ends in a mark, before a blank, a mark and the end.
        ("Fruit, etc. Next", [(1, 8, "etc.")]),
        ("Fruit etc., and", [(1, 7, "etc.")]),
        ("Fruit etc.", [(1, 7, "etc.")]),
        ("Press Control + now", [(1, 7, "Control +")]),
        ("Press Control +x", [(1, 7, "Control +")]),
        # The wrong form inside the right one.
        ("A thermal gap pad, a gap pad", [(1, 22, "gap pad")]),
        ("In C++, c++ or c++11.", [(1, 9, "c++"), (1, 16, "c++")]),
        # Parts of longer words and of names of programs.
        ("myVietnamVar Vietnamese Vietnam2 2Vietnam", []),
        ("Viet Nam News, Vietnam News", [(1, 16, "Vietnam")]),
        # Hyphens, possessives, slashes, dots.
        ("pre-Vietnam, Vietnam-based", [(1, 5, "Vietnam"), (1, 14, "Vietnam")]),
        ("Vietnam's, Vietnam’s", [(1, 1, "Vietnam"), (1, 12, "Vietnam")]),
        ("Peoples' Committee’s", [(1, 1, "Peoples' Committee")]),
        ("Peoples’ Committee", [(1, 1, "Peoples’ Committee")]),
        ("Vietnam/Laos…Vietnam...", [(1, 1, "Vietnam"), (1, 14, "Vietnam")]),
        ("a e–mail, e‑mail", [(1, 3, "e–mail"), (1, 11, "e‑mail")]),
        # Quotation marks of every style, nested, and an apostrophe that opens nothing.
        ("«Vietnam» „Vietnam“", [(1, 2, "Vietnam"), (1, 12, "Vietnam")]),
        ("“He: ‘Vietnam’.” Vietnam", [(1, 7, "Vietnam"), (1, 18, "Vietnam")]),
        ("the '90s, 'Vietnam'", [(1, 12, "Vietnam")]),
        # Beside emoji, joined emoji, flags; a mark on the last letter makes another one.
        ("😀Vietnam❗", [(1, 2, "Vietnam")]),
        ("👩\u200d💻 Vietnam👩\u200d💻", [(1, 5, "Vietnam")]),
        ("🇻🇳Vietnam🇻🇳", [(1, 3, "Vietnam")]),
        ("Vietnam\u0323", []),
        # Soft hyphens, blanks of other widths, blanks of no width, a mark at the start.
        ("Viet\u00adnam", [(1, 1, "Viet\u00adnam")]),
        ("Viet\u200bnam", [(1, 1, "Viet\u200bnam")]),
        ("\ufeffVietnam", [(1, 2, "Vietnam")]),
        ("web\u00a0site, web\u202fsite", [(1, 1, "web\u00a0site"), (1, 11, "web\u202fsite")]),
        ("web  site\tweb\tsite", [(1, 1, "web  site"), (1, 11, "web\tsite")]),
        # Over lines of every system; not over paragraphs.
        ("a\r\nweb\r\nsite", [(2, 1, "web\r\nsite")]),
        ("a\rweb\rsite", [(2, 1, "web\rsite")]),
        ("web\n\nsite", []),
        # Addresses, handles, names of files.
        ("https://example.org/?q=Vietnam&x=Newshub.", []),
        ("newshub.com/newshub, press@newshub.vn", []),
        ("@Vietnam #Vietnam .newshub", []),
        ("see .newshub/notes.md and Vietnam.html", []),
        ("(https://example.org/a_(newshub)) newshub", [(1, 35, "newshub")]),
    ],
)
def test_plain_text(text: str, found: list[Place]) -> None:
    assert places(text, "plain") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # At the end of a line, with a link on the next one.
        ("A Newshub\n[site](some-url).\nNewshub", [(1, 3, "Newshub"), (3, 1, "Newshub")]),
        ("[newshub](https://example.org/newshub)", [(1, 2, "newshub")]),
        ("<!-- Newshub -->\nA Newshub", [(2, 3, "Newshub")]),
        ("# .newshub", []),
        ("`newshub` ``a ` newshub`` newshub", [(1, 27, "newshub")]),
        ("<code>newshub</code> <kbd>newshub</kbd> <kbd>newshub</kbd> newshub", [
            (1, 60, "newshub"),
        ]),
        ("a <code> newshub <code> newshub", [(1, 10, "newshub"), (1, 25, "newshub")]),
        ("<style>\n.newshub {}\n</style>\n\nnewshub", [(5, 1, "newshub")]),
        ("**Viet**nam, *web* site", [(1, 3, "Viet**nam"), (1, 15, "web* site")]),
        ("x\n\n    Vietnam\n\ny", []),
        ("- a\n  ```\n  Vietnam\n  ```\n- Vietnam", [(5, 3, "Vietnam")]),
        ("~~~\nVietnam\n~~~", []),
        ("| a | web site |\n|--|--|\n| Vietnam | b |", [(1, 7, "web site"), (3, 3, "Vietnam")]),
        ("Text[^1]\n\n[^1]: Vietnam", [(3, 7, "Vietnam")]),
        ("[Vietnam]: https://example.org 'Vietnam'", []),
        ("---\ntags: [Vietnam]\ntitle: Vietnam\n---\nx", [(3, 8, "Vietnam")]),
        ("<https://example.org/Vietnam> Vietnam", [(1, 31, "Vietnam")]),
        ("web<br>site", [(1, 1, "web<br>site")]),
    ],
)  # fmt: skip
def test_markdown(text: str, found: list[Place]) -> None:
    assert places(text, "markdown") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('<a href="https://example.org/newshub">https://example.org/newshub</a>', []),
        ("<kbd>Vietnam</kbd> Vietnam", [(1, 20, "Vietnam")]),
        ("People&rsquo;s Committee, Peoples&#39; Committee", [(1, 27, "Peoples&#39; Committee")]),
        ("<p>web</p>site", []),
        ("<td>web</td><td>site</td>", []),
        ("Viet&shy;nam", [(1, 1, "Viet&shy;nam")]),
        ("<script>Vietnam", []),
    ],
)
def test_html(text: str, found: list[Place]) -> None:
    assert places(text, "html") == found


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_columns_after_letters_of_several_parts(form: Literal["NFC", "NFD"]) -> None:
    """Columns count the code points that are there, composed or not, astral ones once."""
    text = unicodedata.normalize(form, "Tiếng Việt 🤦🏻‍♂️ Vietnam")
    assert places(text, "plain") == [(1, len(text) - 6, "Vietnam")]
