"""What the sample's items say: a data release in both languages, a notice, a question answered."""

from __future__ import annotations

from screens.source.item_room import Entry, ItemText

FIGURES = ItemText(
    "Số liệu quý III: GDP tăng 7,4% so với cùng kỳ năm trước",
    "Tổng sản phẩm trong nước (GDP) quý III tăng 7,4% so với cùng kỳ năm trước; khu vực dịch vụ "
    "đóng góp nhiều nhất vào mức tăng chung.",
    """Tổng sản phẩm trong nước (GDP) quý III ước tăng **7,4%** so với cùng kỳ năm trước [^1].

Trong mức tăng chung, khu vực dịch vụ đóng góp nhiều nhất, tiếp đến là khu vực công nghiệp và \
xây dựng [^2].

## Theo khu vực

- Nông, lâm nghiệp và thủy sản: 3,6%
- Công nghiệp và xây dựng: 8,1%
- Dịch vụ: 7,7%

Số liệu được công bố theo quy định của Luật Thống kê [^l1]. Tổng cục thống kê sẽ công bố số liệu \
cả năm vào tháng 1.
""",
    (
        Entry("1", "Cục Thống kê, Báo cáo tình hình kinh tế – xã hội quý III",
              "https://thongke.example.org/quy3", "2026-10-06"),
        Entry("2", "Cục Thống kê, bảng 3", "https://thongke.example.org/quy3/bang-3", "2026-10-06"),
    ),
    (Entry("l1", "Luật Thống kê", "https://vanban.example.org/89-2015-qh13", "2015-11-23",
           "89/2015/QH13"),),
)  # fmt: skip

FIGURES_EN = ItemText(
    "Third-quarter figures: GDP up 7.4 per cent on the year",
    "Gross domestic product rose by 7.4 per cent in the third quarter compared with the same "
    "quarter of last year; services contributed most.",
    """Gross domestic product (GDP) rose by an estimated **7.4 per cent** in the third quarter \
compared with the same quarter of last year [^1].

Services contributed most, followed by industry and construction [^2].
""",
    (
        Entry("1", "National Statistics Office, socio-economic report, third quarter",
              "https://thongke.example.org/en/q3", "2026-10-06"),
        Entry("2", "National Statistics Office, table 3", "https://thongke.example.org/en/q3/3",
              "2026-10-06"),
    ),
)  # fmt: skip

NOTICE = ItemText(
    "Thông cáo số 2 về lịch làm việc cuối năm",
    "Văn phòng thông báo lịch làm việc và lịch trực từ ngày 28 tháng 12.",
    "Từ ngày 28 tháng 12, các đơn vị làm việc theo lịch trực đã đăng ký.\n",
)

QUESTION = ItemText(
    "Hỏi đáp: mức đóng bảo hiểm y tế hộ gia đình",
    "Giải đáp câu hỏi thường gặp về mức đóng bảo hiểm y tế theo hộ gia đình.",
    "**Hỏi:** Người thứ hai trong hộ đóng bao nhiêu?\n\n"
    "**Đáp:** Mức đóng giảm dần từ người thứ hai trở đi [^1].\n",
    (Entry("1", "Bộ Y tế, hướng dẫn thu bảo hiểm y tế", "https://yte.example.org/huong-dan"),),
)

TEXTS = {"i-1": FIGURES, "i-2": FIGURES_EN, "i-3": NOTICE, "i-5": QUESTION}
OLDER = "tăng **7,1%** so với cùng kỳ"
"""What the figures said in the revision before."""
