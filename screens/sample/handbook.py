"""The sample's handbook: three short pages, so that pictures do not change with the real ones."""

from __future__ import annotations

from collections.abc import Sequence

from desk.errors import NotFound
from desk.text import has_words
from screens.sample.memory import Memory, called
from screens.source.handbook_room import PageRow, PageView

_SCHEDULE_VI = """# Lịch làm việc

Tòa soạn làm việc theo ca. Ca trước bàn giao **trước 15 phút**.

| Ca | Giờ | Trưởng ca |
|---|---|---|
| Sáng | 06:00–14:00 | lead-1 |
| Chiều | 14:00–22:00 | lead-2 |

## Bàn giao

1. Mở *Lịch* (phím `1`): còn bản tin nào chưa ký?
2. Mở *Hàng đợi* (phím `2`): việc nào đến hạn trong ca?
3. Ghi vào sổ trực.

> Không ai rời ca khi còn bản tin đang đếm ngược.
"""
_SCHEDULE_EN = """# Working schedule

The newsroom works in shifts. Each hands over **15 minutes before** it ends.

| Shift | Hours | Lead |
|---|---|---|
| Morning | 06:00–14:00 | lead-1 |
| Afternoon | 14:00–22:00 | lead-2 |

## Handing over

1. Open the *calendar* (key `1`): which release is not signed?
2. Open the *queue* (key `2`): what is due in this shift?
3. Write it into the duty book.

> Nobody leaves while a release counts down.
"""
_ATTACK_VI = """# Khi bị tấn công

Dừng mọi bản tin trước, tìm hiểu sau.

1. Ở *Giám sát* (phím `3`), nhấn `H` để tạm dừng tất cả.
2. Gọi quản trị viên theo số của bảng trực.
"""
_ATTACK_EN = """# Under attack

Stop every release first, find out afterwards.

1. In the *monitor* (key `3`), press `H` to hold everything.
2. Call the administrator by the number on the duty board.
"""
_LOST_VI = """# Mất một cổng

Bản tin vẫn ra ở các kênh còn lại; kênh bị mất được thử lại đến hết hạn.
"""
_LOST_EN = """# A portal is lost

Releases go out on the other channels; the lost one is tried again until its window ends.
"""
_PAGES = {
    "working-schedule": (_SCHEDULE_VI, _SCHEDULE_EN, True),
    "attack": (_ATTACK_VI, _ATTACK_EN, False),
    "lost-portal": (_LOST_VI, _LOST_EN, False),
}


class SampleHandbook(Memory):
    """Answers the handbook room."""

    def handbook_pages(self, query: str) -> Sequence[PageRow]:
        """The pages, or those that have these words."""
        self._check()
        found = []
        for name in _PAGES:
            page = self.handbook_page(name)
            if not query.strip():
                found.append(PageRow(name, page.title, page.own))
            elif has_words(page.text, query):
                line = next((one for one in page.text.split("\n") if has_words(one, query)), "")
                found.append(PageRow(name, page.title, page.own, page.title, line))
        return found

    def handbook_page(self, name: str) -> PageView:
        """One page."""
        if name not in _PAGES:
            raise NotFound("There is no such page", name)
        vi, en, own = _PAGES[name]
        text = called(vi, en)
        return PageView(name, text.partition("\n")[0].removeprefix("# "), own, text)
