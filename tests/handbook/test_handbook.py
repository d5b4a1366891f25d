"""The handbook: shipped pages in both languages, the newsroom's own before them, search."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from desk.cli import main
from desk.errors import NotFound
from desk.handbook.pages import ORDER, SHIPPED, Handbook, Unreadable, headings
from desk.handbook.search import search
from desk.text import folded
from screens import actions

PAGES = sorted(SHIPPED.glob("*/*.md"))
KEY = re.compile(r"(?:phím|key|press|with|or|hoặc) (?:`([^`]{1,3})`|(F\d+))")


def names(folder: str) -> set[str]:
    return {path.stem for path in (SHIPPED / folder).glob("*.md")}


def test_every_page_ships_in_both_languages_and_has_its_place() -> None:
    assert names("vi") == names("en") == set(ORDER)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_a_page_names_only_pages_that_exist_and_begins_with_its_title(page: Path) -> None:
    text = page.read_text("utf-8")
    assert text.startswith("# ")
    for named in re.findall(r"(?:page|trang|see|xem) `([a-z-]+)`", text):
        assert named in ORDER, named


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_a_page_names_only_keys_that_the_desk_has(page: Path) -> None:
    known = {
        actions.shown(key) for action in actions.ACTIONS for key in actions.keys_of(action, {})
    }
    for letter, function in KEY.findall(page.read_text("utf-8")):
        assert (letter or function) in known, letter or function


def test_the_newsrooms_page_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    own = tmp_path / "handbook" / "vi"
    own.mkdir(parents=True)
    (own / "attack.md").write_text("# Khi bị tấn công: gọi số trực\n", "utf-8")
    (tmp_path / "handbook" / "our-street.md").write_text("# Đường đến trụ sở\n", "utf-8")
    vi, en = Handbook(tmp_path, "vi"), Handbook(tmp_path, "en")
    assert vi.page("attack").own
    assert vi.page("attack").title == "Khi bị tấn công: gọi số trực"
    assert not en.page("attack").own
    assert en.page("our-street").own
    assert [page.name for page in vi.pages()][-1] == "our-street"


def test_attack_31_what_is_no_page_is_told_and_not_read(tmp_path: Path) -> None:
    own = tmp_path / "handbook"
    own.mkdir()
    (tmp_path / "secret.txt").write_text("# Secret\n", "utf-8")
    (own / "link.md").symlink_to(tmp_path / "secret.txt")
    (own / "broken.md").write_bytes(b"# \xff\n")
    (own / "Bad Name.md").write_text("# x\n", "utf-8")
    (own / "huge.md").write_bytes(b"x" * 600_000)
    book = Handbook(tmp_path, "en")
    assert {page.name for page in book.pages()} == set(ORDER)
    told = {bad.path.name: bad.why for bad in book.unreadable()}
    assert set(told) == {"link.md", "broken.md", "Bad Name.md", "huge.md"}
    assert "byte 2" in told["broken.md"]
    assert all(isinstance(bad, Unreadable) for bad in book.unreadable())
    with pytest.raises(NotFound):
        book.page("../secret")


def test_a_page_that_is_not_there_names_the_nearest() -> None:
    with pytest.raises(NotFound) as caught:
        Handbook(None, "en").page("lost-portl")
    assert "lost-portal" in str(caught.value.hint)


def test_headings_in_code_are_no_headings() -> None:
    text = "# One\n```sh\n# not this\n```\n## Two ##\n"
    assert list(headings(text)) == [(0, 1, "One"), (4, 2, "Two")]


def test_search_with_and_without_accents() -> None:
    pages = Handbook(None, "vi").pages()
    plain = [hit.page.name for hit in search(pages, "lo khoa")]
    assert "account-takeover" in plain
    exact = [hit.page.name for hit in search(pages, "lộ khóa")]
    assert exact[0] == "account-takeover"
    assert set(exact) <= set(plain)
    assert search(pages, "lổ khóa") == []
    assert search(pages, "  ") == []


def test_a_phrase_stands_together() -> None:
    pages = Handbook(None, "en").pages()
    assert {hit.page.name for hit in search(pages, '"two of three"')} >= {"account-takeover"}
    assert search(pages, '"three of two"') == []


def test_a_hit_tells_its_heading_and_its_line() -> None:
    pages = Handbook(None, "vi").pages()
    hit = next(hit for hit in search(pages, "cách ly") if hit.page.name == "restore")
    line = hit.page.text.splitlines()[hit.line - 1]
    assert "cách ly" in line
    assert hit.heading == "Khôi phục"


def test_folding_takes_d_with_its_stroke() -> None:
    assert folded("Đường ĐÊ, Bộ Y tế") == "duong de, bo y te"


def test_the_commands(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["handbook", "list", "--json", "--lang", "vi"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["page"] for row in rows] == list(ORDER)
    assert main(["handbook", "show", "restore", "--lang", "vi"]) == 0
    assert capsys.readouterr().out.startswith("# Khôi phục tòa soạn trên máy mới")
    assert main(["handbook", "search", "mat", "khoa", "--lang", "vi", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)
    assert main(["handbook", "show", "nothing-like-it"]) == 4
    assert main(["handbook", "where", "restore", "--lang", "en"]) == 0
    assert capsys.readouterr().out.strip().endswith("restore.md")
