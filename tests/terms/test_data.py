"""The shipped termbases: every entry does what its examples say, and ordinary prose stays clean."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from desk.terms.check import check
from desk.terms.entry import Entry
from desk.terms.termbase import shipped

ENTRIES = shipped().entries
BY_ID = shipped().by_id
MERGED = [
    "Hà Giang", "Yên Bái", "Bắc Kạn", "Hòa Bình", "Vĩnh Phúc", "Bắc Giang", "Thái Bình",
    "Hải Dương", "Hà Nam", "Nam Định", "Quảng Bình", "Quảng Nam", "Kon Tum", "Bình Định",
    "Ninh Thuận", "Đắk Nông", "Bình Thuận", "Phú Yên", "Bà Rịa - Vũng Tàu", "Bình Dương",
    "Bình Phước", "Long An", "Sóc Trăng", "Hậu Giang", "Bến Tre", "Trà Vinh", "Tiền Giang",
    "Bạc Liêu", "Kiên Giang",
]  # fmt: skip
UNCONFIRMED = (
    ("vi", "pho-thu-tuong"), ("vi", "dai-hoi-xiv"), ("vi", "dai-hoi-dai-bieu-toan-quoc"),
    ("vi", "bo-thong-tin-va-truyen-thong-cu"), ("en", "ha-noi"), ("en", "politburo"),
    ("en", "communist-party-of-viet-nam"),
)  # fmt: skip

PROSE_VI = """\
Ông được bầu làm chủ tịch nước ngoài dự kiến của nhiều người.
Ủy ban nhân dân tỉnh Phú Thọ họp với Tòa án nhân dân khu vực chiều nay.
Đồng nhân dân tệ giảm so với đô la Mỹ trong phiên sáng.
Đội bóng giành vé lên chơi ở giải hạng nhất mùa sau.
Ngân sách nhà nước chi thêm cho y tế cơ sở.
Doanh nghiệp nhà nước phải công bố báo cáo tài chính đúng hạn.
Cơ quan quản lý nhà nước kiểm tra đột xuất ba cửa hàng.
Cảnh sát giám sát nhập khẩu phế liệu tại cảng.
Đây là chuyến thăm quan trọng trong năm của đoàn.
Những thành tựu chung của hai nước được giới thiệu tại triển lãm.
Công ty có đủ hồ sơ xuất khẩu nông sản sang châu Âu.
Khả năng xuất hiện mưa lớn ở vùng núi là rất cao.
Nhà máy gia công xuất khẩu tuyển thêm hai trăm lao động.
Vở diễn thành công xuất sắc trên sân khấu tối qua.
Cuốn sách viết về lịch sử lý luận phê bình văn học.
Bộ phim mang lại cảm xúc tích cực cho người xem.
Các nước ven biển Đông Nam Á hợp tác cứu nạn.
Đội ngũ cán bộ chính trị và cán bộ y tế xã được bồi dưỡng.
Nước lũ tràn vào nhà nước ngập đến gối.
Nghệ sĩ Quốc Khánh góp mặt trong vở kịch mới.
Ban tổ chức giải chạy thông báo lộ trình mới.
Ban chấp hành công đoàn cơ sở gồm bảy người.
Người dân được tuyên truyền pháp luật đất đai tại nhà văn hóa.
Tỉnh Phú Thọ khởi công ba dự án.
Vịnh Hạ Long đón khách trở lại sau bão.
Năm 2019, tỉnh Hòa Bình tổ chức lễ hội cồng chiêng.
Người dân tỉnh Vĩnh Phúc (cũ) làm thủ tục tại xã.
Ông là nguyên Bộ trưởng Bộ Kế hoạch và Đầu tư.
Hội đồng nhân dân thành phố Đà Nẵng thông qua nghị quyết.
Tình hữu nghị giữa nhân dân hai nước ngày càng gắn bó.
Nhân dân tin tưởng vào đường lối của Đảng và Nhà nước.
Chủ tịch nước tiếp Đại sứ Cộng hòa Pháp tại Phủ Chủ tịch.
Bộ trưởng Bộ Ngoại giao hội đàm với người đồng cấp Lào.
Thủ tướng Chính phủ yêu cầu các địa phương chủ động ứng phó bão.
Liên hợp quốc kêu gọi các bên kiềm chế.
Ông mở cửa hàng bán đồ gia dụng ở phố cổ Hà Nội.
Tổng Bí thư dự lễ khai giảng năm học mới.
Trận đấu khép lại, đội khách giành chiến thắng sít sao.
Anh dành chiến thắng này tặng mẹ.
Giá vàng thế giới tăng phiên thứ ba liên tiếp.
Quốc hội thảo luận về Luật Đất đai và Bộ luật Hình sự.
Đơn vị được tặng Huân chương Lao động hạng Nhất.
Bà con nông dân châu Á gặp nhau ở diễn đàn lúa gạo.
Chợ Tết Nguyên đán nhộn nhịp từ ngày 20 tháng Chạp.
Bảo tàng kể lại những ngày Cách mạng tháng Tám ở Thủ đô Hà Nội.
Xe khách chạy tuyến Hà Nội - Hải Phòng bị phạt vì quá tốc độ.
Vụ cháy do sơ suất khi hàn cắt kim loại.
Trung ương Đảng và Mặt trận Tổ quốc Việt Nam phát động quyên góp.
Lớp học hòa nhập có mười em khuyết tật.
Hai xã sáp nhập từ đầu tháng này.
Ngư dân vùng biển Đông Bắc ra khơi sau bão.
""".splitlines()
PROSE_EN = """\
Viet Nam exported six million tonnes of rice in nine months.
The Government of Viet Nam adopted a decree on data.
Vietnamese farmers harvested early after the storm.
The report was carried by Vietnam News Agency.
The Secretary-General of the United Nations called for restraint.
The Vice Minister of Japan met reporters.
The Ministry of National Defense of the Republic of Korea issued a statement.
Flood relief reached Phu Tho Province and Da Nang City on Monday.
He said: "Vietnam is a reliable partner."
Provincial People's Committees reported to the Office of the Government.
The former General Statistics Office kept the series until 2024.
In 2019 the Ministry of Planning and Investment published a white paper.
Scotland's highlands and the Central Highlands have little in common.
Shares rose on the Hanoi Stock Exchange.
The World Health Organization and the World Trade Organization met in Geneva.
Ha Long Bay and the Mekong Delta drew more visitors.
The Supreme People's Court published a precedent.
The Minister of the Interior of France visited Ha Noi.
The team won the city's football league for the first time.
Ho Chi Minh City opened a second metro line.
A delegation of the Lao People's Democratic Republic arrived.
The bank kept its rate, and the dollar fell against the yen.
Jobs for persons with disabilities were offered at the fair.
The National Assembly Standing Committee gave opinions on the bill.
The 14th National Party Congress set the target.
""".splitlines()


def _name(entry: Entry) -> str:
    return f"{entry.language}-{entry.id}"


@pytest.mark.parametrize("entry", ENTRIES, ids=_name)
def test_an_entry_finds_its_examples_and_leaves_clean_ones_alone(entry: Entry) -> None:
    found = set()
    for text in entry.match:
        hits = [
            one for one in check(text, shipped(), language=entry.language, patterns=False)
            if one.entry == entry.id
        ]  # fmt: skip
        assert hits, text
        found |= {one.found.casefold() for one in hits}
        assert all(one.suggestions and one.source for one in hits)
    assert {form.text.casefold() for form in entry.variants} <= found
    for text in entry.clean:
        assert not check(text, shipped(), language=entry.language, patterns=False), text


@pytest.mark.parametrize(
    ("language", "text"),
    [("vi", text) for text in PROSE_VI] + [("en", text) for text in PROSE_EN],
)
def test_ordinary_prose_gives_no_alarm(language: str, text: str) -> None:
    found = check(text, shipped(), language=language, patterns=False)
    assert [one for one in found if one.severity != "info" and one.where != "quote"] == []


def test_there_are_enough_entries_each_with_a_source_a_rule_and_examples() -> None:
    assert len(ENTRIES) >= 500
    for entry in ENTRIES:
        assert entry.source.source.title, entry.id
        assert len(entry.rule) > 10, entry.id
        assert entry.match, entry.id
        assert entry.clean, entry.id


def test_thirty_four_provinces_and_cities_and_all_that_merged() -> None:
    provinces = {e.standards[0].text for e in ENTRIES if e.concept.startswith("province-")
                 and e.language == "vi"}  # fmt: skip
    cities = {"Thành phố Hồ Chí Minh", "Thủ đô Hà Nội", "thành phố Hải Phòng",
              "thành phố Đà Nẵng", "thành phố Cần Thơ", "thành phố Huế"}  # fmt: skip
    standards = {form.text for entry in ENTRIES for form in entry.standards}
    assert len(provinces) == 28
    assert cities <= standards
    former = {
        form.text.removeprefix("tỉnh "): entry
        for entry in ENTRIES
        if entry.concept.startswith("former-province-")
        for form in entry.variants
    }
    assert set(MERGED) <= set(former)
    assert len(MERGED) == 29
    for entry in former.values():
        assert entry.severity == "info"
        assert entry.since in (date(2025, 7, 1), date(2025, 1, 1))
        assert entry.historical
        assert {form.status for form in entry.variants} == {"superseded"}
        assert entry.standards[0].text in provinces | cities


def test_a_text_of_an_earlier_day_keeps_the_names_of_its_day() -> None:
    text = "Bộ Kế hoạch và Đầu tư làm việc với tỉnh Bắc Giang."
    now = {one.entry for one in check(text, shipped(), language="vi", patterns=False)}
    assert now == {"bo-ke-hoach-va-dau-tu-cu", "tinh-bac-giang-cu"}
    then = check(text, shipped(), language="vi", dated=date(2024, 5, 1), patterns=False)
    assert then == ()


def test_what_the_newsroom_has_to_confirm_is_info() -> None:
    for key in UNCONFIRMED:
        assert BY_ID[key].severity == "info", key


def test_superseded_names_never_block() -> None:
    for entry in ENTRIES:
        if any(form.status == "superseded" for form in entry.variants):
            assert entry.severity != "error", entry.id
            assert entry.since, entry.id


def test_fourteen_ministries_have_a_name_in_both_languages() -> None:
    both = {
        language: {
            entry.concept
            for entry in ENTRIES
            if entry.language == language and entry.concept.startswith("ministry-of-")
        }
        for language in ("vi", "en")
    }
    assert both["vi"] == both["en"]
    assert len(both["vi"]) == 14


def test_the_two_languages_share_concepts() -> None:
    concepts = [{e.concept for e in ENTRIES if e.language == language} for language in ("vi", "en")]
    assert len(concepts[0] & concepts[1]) >= 100


def test_the_page_about_the_checker_counts_the_entries_that_ship() -> None:
    page = (Path(__file__).parents[2] / "docs" / "terms.md").read_text("utf-8")
    languages = Counter(entry.language for entry in ENTRIES)
    grades = Counter(entry.severity for entry in ENTRIES)
    assert (
        f"{len(ENTRIES)} entries ship with Desk: {languages['vi']} Vietnamese, "
        f"{languages['en']} English; {grades['error']} errors, {grades['warning']} warnings, "
        f"{grades['info']} hints."
    ) in page
    by_source = Counter(entry.source.source.title for entry in ENTRIES)
    for part in ("30/2020/NĐ-CP", "03/2009/TT-BNG"):
        count = sum(number for title, number in by_source.items() if part in title)
        assert re.search(rf"^\| {count} \|.*{re.escape(part)}", page, re.MULTILINE), part
