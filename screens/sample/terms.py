"""The sample's termbase: a handful of entries, one of the newsroom's own, one that waits."""

from __future__ import annotations

from collections.abc import Sequence

from desk.errors import NotFound
from desk.terms.drafted import Drafted
from desk.text import folded
from screens.sample.memory import Memory, called
from screens.source.shared import Outcome
from screens.source.terms_room import AffectedRow, TermRow, TermsBoard, TermView

OWN = "vi gdp"
_ENTRIES: dict[str, Drafted] = {
    OWN: Drafted("vi", "tổng sản phẩm trong nước", "tổng sản phẩm quốc nội", "", "warning",
                 "Lần đầu viết “tổng sản phẩm trong nước (GDP)”, sau đó viết GDP.",
                 "Luật Thống kê", "Phụ lục", "Tổng sản phẩm quốc nội tăng 7,4%.",
                 "Tổng sản phẩm trong nước (GDP) tăng 7,4%."),
    "vi cuc-thong-ke": Drafted("vi", "Cục Thống kê", "", "Tổng cục Thống kê", "error",
                               "Cơ quan thống kê trung ương thuộc Bộ Tài chính.",
                               "Quy định về chức năng, nhiệm vụ của Cục Thống kê", "Điều 1",
                               "Tổng cục Thống kê công bố số liệu.",
                               "Cục Thống kê công bố số liệu."),
    "vi tong-bi-thu": Drafted("vi", "Tổng Bí thư", "Tổng bí thư", "", "error",
                              "Chức danh Tổng Bí thư viết hoa cả hai phần Tổng và Bí.",
                              "Nghị định số 30/2020/NĐ-CP", "Phụ lục II, mục V",
                              "Tổng bí thư tiếp đoàn đại biểu.", "Ông từng là bí thư chi bộ."),
    "vi bao-hiem-y-te": Drafted("vi", "bảo hiểm y tế", "BHYT", "", "info",
                                "Viết đủ ở lần đầu.", "Luật Bảo hiểm y tế", "Điều 2",
                                "Mức đóng BHYT.", "Mức đóng bảo hiểm y tế."),
    "en per-cent": Drafted("en", "per cent", "percent | %", "", "info",
                           "Two words in running text; the sign in tables.",
                           "House style of the sample", "1", "It rose by 7 percent.",
                           "It rose by 7 per cent."),
    "en statistics-office": Drafted("en", "National Statistics Office",
                                    "General Statistics Office", "", "warning",
                                    "The English name of the office.",
                                    "House style of the sample", "2",
                                    "The General Statistics Office said so.",
                                    "The National Statistics Office said so."),
}  # fmt: skip


def _text(several: str) -> str:
    return several.replace(" | ", " / ")


class SampleTerms(Memory):
    """Answers the terms room."""

    def terms_board(self, query: str) -> TermsBoard:
        """What waits, then the entries with these letters."""
        self._check()
        wanted = folded(query).split()
        rows = [
            TermRow(key, one.language, one.severity, _text(one.use),
                    _text(" | ".join(part for part in (one.avoid, one.was) if part)),
                    "own" if key == OWN else "shipped")
            for key, one in _ENTRIES.items()
            if all(word in folded(f"{key} {one.use} {one.avoid} {one.was} {one.rule}")
                   for word in wanted)
        ]  # fmt: skip
        waits = TermRow("p-1", "", "error", "vi cuc-thong-ke",
                        called("đổi tên cơ quan", "the office was renamed"), "waits")  # fmt: skip
        return TermsBoard("31", len(_ENTRIES), (waits, *rows))

    def terms_entry(self, key: str) -> TermView:
        """One entry, or the change that waits."""
        if key == "p-1":
            return TermView(key, (
                (called("người đề nghị", "proposed by"), "editor-tk"),
                (called("đã ký", "signed"), "editor-tk (1/2)"),
                (called("lý do", "reason"), called("đổi tên cơ quan", "the office was renamed")),
                ("", "- Tổng cục Thống kê"),
                ("", "+ Cục Thống kê"),
            ))  # fmt: skip
        one = _ENTRIES.get(key)
        if one is None:
            raise NotFound("There is no such entry", key)
        facts = (
            (called("viết", "write"), _text(one.use)),
            (called("không viết", "not"), _text(one.avoid or one.was)),
            (called("quy tắc", "rule"), one.rule),
            (called("nguồn", "source"), f"{one.source}, {one.place}"),
            (called("bắt", "finds"), one.match),
            (called("bỏ qua", "leaves"), one.clean),
        )
        return TermView(key, facts, one)

    def terms_near(self, draft: Drafted, key: str) -> Sequence[str]:
        """Nothing is like it."""
        return ()

    def terms_put(self, draft: Drafted, key: str, reason: str, passphrase: str) -> Outcome:
        """Remember it, when the passphrase is right."""
        self._unlock(passphrase)
        self._done("terms", draft.use, reason)
        return Outcome(called("Đã đề nghị: chờ người thứ hai.", "Proposed: it waits for a second."))

    def terms_accept(self, key: str, passphrase: str) -> Outcome:
        """Remember it, when the passphrase is right."""
        self._unlock(passphrase)
        self._done("accept", key)
        return Outcome(called("Có hiệu lực: v32.", "In force: v32."))

    def terms_affected(self) -> Sequence[AffectedRow]:
        """Two texts."""
        return [
            AffectedRow("i-1", "draft", 1, 0, "Số liệu quý III", "“Tổng cục thống kê”"),
            AffectedRow("i-7", "released", 0, 2, "Bản tin sáng", "“tổng sản phẩm quốc nội”"),
        ]
