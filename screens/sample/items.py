"""The sample's items: those this reader writes, and those of others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from desk.errors import NotFound
from screens.sample.memory import Memory, called
from screens.source.items_room import ItemChoices, ItemRow, ItemStretch

KINDS = (
    ("statement", "Tuyên bố", "Statement"),
    ("news", "Tin tức", "News"),
    ("data", "Số liệu thống kê", "Data release"),
    ("qa", "Hỏi – đáp", "Questions and answers"),
)
AGENCIES = (
    ("van-phong-tw", "Văn phòng Trung ương Đảng", "Office of the Party Central Committee"),
    ("thong-ke", "Cục Thống kê", "National Statistics Office"),
    ("y-te", "Bộ Y tế", "Ministry of Health"),
)


def rows(memory: Memory) -> list[ItemRow]:
    """Eight items, the newest first, in every state."""

    def row(item: str, title: str, ago: float, **more: Any) -> ItemRow:
        known: dict[str, Any] = {
            "sealed": False, "language": "vi", "kind": "data", "agency": "thong-ke", "number": 1,
            "state": "submitted", "mine": False, "recovered": False, "others": (),
        }  # fmt: skip
        return ItemRow(item, title, at=memory.ago(ago), **(known | more))

    return [
        row("i-1", "Số liệu quý III: GDP tăng 7,4% so với cùng kỳ năm trước", 2, number=4,
            state="draft", mine=True, others=("editor-tk",)),
        row("i-2", "Third-quarter figures: GDP up 7.4 per cent on the year", 35, number=3,
            language="en", state="approved"),
        row("i-3", "Thông cáo số 2 về lịch làm việc cuối năm", 51, number=2, kind="statement",
            agency="van-phong-tw", waiting_for="check"),
        row("i-4", "SAO-MAI", 120, sealed=True, kind="statement", agency="van-phong-tw"),
        row("i-5", "Hỏi đáp: mức đóng bảo hiểm y tế hộ gia đình", 190, number=3, kind="qa",
            agency="y-te", state="returned"),
        row("i-6", "Lịch tiêm chủng mở rộng tháng 12", 260, kind="news", agency="y-te", number=0,
            state="draft", mine=True, recovered=True),
        row("i-7", "Bản tin sáng", 1740, kind="news", agency="van-phong-tw", state="released",
            public="live"),
        row("i-8", "Giá tiêu dùng tháng 10", 20160, state="withdrawn", public="withdrawn"),
    ]  # fmt: skip


class SampleItems(Memory):
    """Answers the list of items."""

    def _items(self, query: str) -> list[ItemRow]:
        self._check()
        words = query.casefold().split()
        return [
            row
            for row in rows(self)
            if all(
                row.mine if word == "mine" else word in
                f"{row.title} agency:{row.agency} kind:{row.kind} state:{row.state} "
                f"lang:{row.language}".casefold()
                for word in words
            )
        ]  # fmt: skip

    def item_row(self, item: str) -> ItemRow:
        """The row of an item. Raises NotFound."""
        found = next((row for row in rows(self) if row.item == item), None)
        if found is None:
            raise NotFound("No such item", item)
        return found

    def items_stretches(self, query: str) -> Sequence[ItemStretch]:
        """One stretch of all that fit."""
        return [ItemStretch("", len(self._items(query)))]

    def items_page(self, after: str, limit: int, query: str) -> Sequence[ItemRow]:
        """The rows after an item."""
        found = self._items(query)
        start = next((n for n, row in enumerate(found, 1) if row.item == after), 0)
        return found[start : start + limit]

    def items_choices(self) -> ItemChoices:
        """Four kinds, three agencies."""
        return ItemChoices(
            tuple((id, called(vi, en)) for id, vi, en in KINDS),
            tuple((id, called(vi, en)) for id, vi, en in AGENCIES),
            tuple((id, ("vi", "en")) for id, _vi, _en in KINDS),
        )

    def items_new(self, kind: str, agency: str, language: str, code: str) -> str:
        """Remember it; what opens is an item that is there."""
        self._done("new", kind, agency, language, code)
        return "i-6"

    def items_translation(self, item: str, language: str) -> str:
        """Nobody has begun it."""
        return ""

    def items_translate(self, item: str, language: str) -> str:
        """The English version of the figures."""
        self._done("translate", item, language)
        return "i-2"
