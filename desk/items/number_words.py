"""Words beside numbers, in Vietnamese and English, that tell a figure from a date or a label.

All are NFC and casefolded. A label of two words is looked up as both words with one space.
"""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a text; "_" stands for a space inside a phrase."""
    return frozenset(word.replace("_", " ") for word in text.split())


# The number after one of these names a thing: Article 5, page 12, lớp 9.
LABELS = words(
    """điều khoản chương mục tiểu_mục phụ_lục bảng biểu biểu_đồ hình sơ_đồ trang dòng phiên_bản
    kỳ_họp khóa khoá nhiệm_kỳ lớp bài tập số_thứ_tự stt phiên đợt vòng giai_đoạn quận phường
    quốc_lộ tỉnh_lộ tầng tuyến vành_đai vùng nhóm loại cấp_độ hạng_mục lần thôn ấp tiểu_khu
    cột_mốc mã_số số_hiệu nghị_định nghị_quyết thông_tư chỉ_thị công_văn công_điện quy_chuẩn
    tiêu_chuẩn máy_lẻ ron ext
    article articles clause clauses section sections page pages p pp paragraph para
    version ver v no nos number tcvn iso qcvn"""
)
# The same, but only with a capital: these are verbs and common nouns as well.
CAPITAL_LABELS = words(
    """phần đề_án chương_trình dự_án quyết_định kết_luận luật hướng_dẫn thông_báo khu tổ phòng lô
    nhà trạm cửa cổng ga bến khối hạng cấp bậc tập
    chapter chapters part annex appendix table figure fig chart box item point volume vol phase
    step stage round group grade class level category type tier district ward zone region room
    floor gate line route highway road unit block building term session decree resolution decision
    circular directive law programme program project plan agenda windows issue"""
)
# "số" and "number" are labels too, but not in "con số 30", "tổng số 5", "trong số 20 người".
NO_LABEL_BEFORE_SO = words("tỷ tỉ con tổng trong một đa thiểu chỉ dân hệ vô phần")
# After these only money or a per cent sign makes a count: "khoản 2 trường hợp này".
SURE_LABELS = words("điều khoản trang article articles clause clauses page pages")
# Words that may follow the last of "Điều 5 và 6" without being counted by it.
AFTER_LABELS = words("của và and of nghị luật thì là are to đến or hoặc in trong được")
ORDINALS = words("thứ ngày_thứ")
# The number after one of these is a day, a month, a quarter, a week, up to so many.
DATE_BEFORE = {
    "ngày": 31, "mùng": 10, "mồng": 10, "rằm": 31, "tháng": 12, "quý": 4, "tuần": 53, "thế kỷ": 30,
    "quarter": 4, "week": 53, "day": 31, "century": 30, "thập niên": 90, "thập kỷ": 90,
    "những năm": 99, "các năm": 99,
}  # fmt: skip
DATE_BEFORE_ANY = words("ngày tháng mùng mồng quý rằm")  # also before what looks like a unit
# 2-1 is a score after one of these.
SCORE_BEFORE = words("số thắng thua hòa hoà score won lost beat drew")
# ... unless one of these stands before it: "mỗi ngày 20 hồ sơ".
EVERY = words("mỗi một từng hằng hàng mấy nhiều vài each every per one a last this next")
# "hơn 2000" counts, "năm 2000" does not.
COUNT_BEFORE = words(
    """có hơn gần khoảng chừng trên dưới đạt cấp gồm thêm được tới với ít nhất tổng về lên xuống
    about some over nearly than least almost approximately roughly only around up"""
)
# "5-7" and "2/9" are a range or a fraction, unless one of these stands before them.
DAY_BEFORE = words(
    """ngày hôm sáng trưa chiều tối đêm dịp lễ khánh mùng mồng trước sau tết nhật nam hai ba tư
    năm sáu bảy on until till since before after"""
)
# "chiều 5.1" is the fifth of January.
PART_OF_DAY = words("ngày hôm sáng trưa chiều tối đêm mùng mồng")
MONTHS = words(
    """january february march april may june july august september october november december
    jan feb mar apr jun jul aug sep sept oct nov dec"""
)
CLOCK_BEFORE = words(
    "lúc vào hồi từ đến tới trước sau khoảng at from to until till before after by around between"
)
CLOCK_AFTER = words("sáng trưa chiều tối đêm ngày cùng am pm gmt utc ict hours o'clock hôm thứ")
PHONE_BEFORE = words(
    """thoại đt đtdđ hotline nóng đài tel telephone phone mobile fax call dial gọi zalo sđt
    whatsapp"""
)
YEAR_BEFORE = words(
    "năm in since of by from until till through during between year years early late mid nam"
)
# A count of one of these is a figure even when the number looks like a year.
UNITS = words(
    """% ‰ đồng usd vnd eur triệu tỷ tỉ nghìn ngàn trăm người hộ xã phường thôn huyện tỉnh doanh
    lượt ca vụ tấn tạ kg km m ha mw kw kwh gwh mwh héc ki-lô-mét mét lít cơ trường lớp em học sinh
    cán bộ đại biểu chiếc cái con căn phòng giường dự công tàu xe lao hợp giờ phút giây ngày
    điểm lần chỗ hồ hợp_tác_xã
    million billion trillion thousand hundred people persons households communes provinces
    districts workers jobs tonnes tons kilometres kilometers km2 hectares metres meters dong
    dollars firms enterprises companies cases schools pupils students vehicles houses homes
    units beds visitors arrivals delegates participants megawatts per percent percentage points
    items projects hours minutes seconds days months households"""
)
# Letters stuck to a number that leave it a figure: 15kg, 300ha, 20tr.
STUCK_UNITS = words(
    """kg g mg km m cm mm ha tr tỷ tỉ đ k mw kw kwh gwh mwh gw l ml bn mn mln usd vnd tấn m2 m3
    km2 ha2 ft mbps gbps gb mb tb"""
)
SCALES = {
    "trăm": 2, "hundred": 2, "nghìn": 3, "ngàn": 3, "thousand": 3, "k": 3,
    "triệu": 6, "tr": 6, "million": 6, "millions": 6, "mn": 6, "mln": 6,
    "tỷ": 9, "tỉ": 9, "billion": 9, "billions": 9, "bn": 9, "trillion": 12, "trillions": 12,
}  # fmt: skip
# Small numbers may be written as a word in one language and in digits in the other.
SPELLED: dict[int, frozenset[str]] = {
    index: words(pair)
    for index, pair in enumerate(
        (
            "không zero no", "một one a", "hai đôi two both", "ba three", "bốn tư four",
            "năm lăm five", "sáu six", "bảy bẩy seven", "tám eight", "chín nine", "mười ten",
            "mười_một eleven", "mười_hai twelve",
        )
    )
}  # fmt: skip
