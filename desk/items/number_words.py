"""Words beside numbers, in Vietnamese and English, that tell a figure from a date or a label.

All are NFC and casefolded. A label of two words is looked up as both words with one space.
"""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a text; "_" stands for a space inside a phrase."""
    return frozenset(word.replace("_", " ") for word in text.split())


# The number after one of these names a thing: Article 5, page 12, District 1, Đề án 06.
LABELS = words(
    """điều khoản điểm chương mục tiểu_mục phần phụ_lục bảng biểu biểu_đồ hình sơ_đồ trang dòng
    phiên_bản bản_số kỳ_họp kỳ khóa khoá nhiệm_kỳ lớp khối hạng cấp_độ bài tập số_thứ_tự stt phiên
    đợt vòng giai_đoạn quận phường đường quốc_lộ tỉnh_lộ phòng tầng lô ô nhà tuyến vành_đai vùng
    nhóm loại cấp bậc hạng_mục lần đề_án chương_trình dự_án bàn cửa cổng ga bến nút_giao khu tổ
    thôn ấp tiểu_khu trạm cột_mốc mốc bản_đồ mã mã_số nghị_định nghị_quyết quyết_định thông_tư
    chỉ_thị kết_luận công_văn luật công_điện thông_báo_số hướng_dẫn quy_chuẩn tiêu_chuẩn
    article articles clause clauses section sections chapter chapters part annex appendix table
    figure fig chart box page pages p pp item point paragraph para version ver v volume vol issue
    no nos number phase step stage round group grade class level category type tier district ward
    zone region room floor gate line route highway road unit block building term session decree
    resolution decision circular directive law programme program project plan tcvn iso qcvn
    agenda windows"""
)
# "số" and "number" are labels too, but not in "con số 30", "tổng số 5", "trong số 20 người".
NO_LABEL_BEFORE_SO = words("con tổng trong một đa thiểu chỉ dân hệ vô phần")
# Words that may follow the last of "Điều 5 và 6" without being counted by it.
AFTER_LABELS = words("của và and of nghị luật thì là are to đến or hoặc in trong được")
ORDINALS = words("thứ ngày_thứ")
# The number after one of these is a day, a month, a quarter, a year.
DATE_BEFORE = words(
    """ngày mùng mồng tháng quý năm tuần ngày_rằm thập_niên thập_kỷ thế_kỷ niên_khóa niên_độ
    january february march april may june july august september october november december
    jan feb mar apr jun jul aug sep sept oct nov dec quarter week year years day fy century decade
    """
)
# "5-7" and "2/9" are a range or a fraction, unless one of these stands before them.
DAY_BEFORE = words(
    """ngày hôm sáng trưa chiều tối đêm dịp lễ khánh mùng mồng trước sau tết nhật nam hai ba tư
    năm sáu bảy on until till since before after"""
)
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
    """năm in since of by from until till to through during before after around between year
    years early late mid tháng quý khóa đến từ trước sau kể hết cuối đầu giữa các niên_độ"""
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
