"""Tables of terms: two columns are enough, and bad cells cost their row."""

from __future__ import annotations

from desk.terms.entry import Entry, Form
from desk.terms.exchange import read, write
from tests.terms.exchanging import SOURCE


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
