"""Compounds: the words of two syllables and more that news uses most.

Written without their blanks they are told, though a word with one tone or none could be a name
from another language: "kinhtế" is none, "bêtông" may be.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

_COMPOUNDS: Final = """
an ninh, an sinh, an toàn, ban hành, bảo đảm, bảo hiểm, bảo tồn, bảo vệ, báo cáo, báo chí,
bất động sản, bầu cử, bền vững, bệnh nhân, bệnh viện, biên giới, biến đổi, biện pháp, biểu dương,
bình đẳng, bình quân, bình thường, bổ nhiệm, bổ sung, bồi dưỡng, bồi thường, bức xúc, cá nhân,
cách mạng, cải cách, cải thiện, cải tạo, cạnh tranh, cảnh báo, cảnh sát, căn cứ, cấp bách,
chấm dứt, chấp hành, chất lượng, chỉ đạo, chỉ số, chỉ tiêu, chiến lược, chiến sĩ, chiến thắng,
chính phủ, chính quyền, chính sách, chính thức, chính trị, chủ động, chủ nhiệm, chủ tịch, chủ trì,
chủ trương, chủ yếu, chuẩn bị, chúc mừng, chức năng, chứng khoán, chứng nhận, chương trình,
chuyên gia, chuyên môn, chuyên nghiệp, chuyển đổi, chuyển giao, cơ bản, cơ chế, cơ cấu, cơ hội,
cơ quan, cơ sở, công an, công bằng, công bố, công chức, công dân, công đoàn, công khai, công nghệ,
công nghiệp, công nhân, công nhận, công tác, công trình, công ty, công việc, cộng đồng, cộng hòa,
cộng sản, củng cố, cung cấp, cuộc sống, cứu hộ, cứu nạn, cử tri, cực đoan, dân cư, dân chủ,
dân sinh, dân sự, dân tộc, danh hiệu, danh sách, danh mục, di sản, di tích, dịch bệnh, dịch vụ,
diễn biến, diễn đàn, diễn ra, diện tích, doanh nghiệp, doanh nhân, doanh thu, du khách, du lịch,
dự án, dự báo, dự kiến, dự thảo, dự toán, đa dạng, đại biểu, đại diện, đại đoàn kết, đại hội,
đại học, đánh giá, đào tạo, đảng ủy, đảng viên, đặc biệt, đặc khu, đăng ký, đầu tư, đấu giá,
đấu thầu, đấu tranh, đề án, đề nghị, đề xuất, đi lại, địa bàn, địa phương, điểm nghẽn, điển hình,
điện lực, điện tử, điều chỉnh, điều hành, điều kiện, điều phối, điều tra, định hướng, đoàn kết,
đoàn viên, độc lập, đối ngoại, đối tác, đối thoại, đối tượng, đội ngũ, đô thị, đồng bào, đồng bộ,
đồng chí, đồng thời, động lực, đường bộ, đường sắt, gia đình, gia tăng, giá trị, giải ngân,
giải pháp, giải phóng, giải quyết, giải thưởng, giám đốc, giám sát, giảm nghèo, giáo dục,
giáo viên, giao dịch, giao lưu, giao thông, giới thiệu, giữ gìn, hạ tầng, hải quan, hàng hóa,
hàng không, hành chính, hành khách, hạnh phúc, hành động, hậu quả, hệ thống, hiện đại, hiện nay,
hiến pháp, hiệp định, hiệp hội, hiệu lực, hiệu quả, hiệu trưởng, hình sự, hình thức, hỗ trợ,
hòa bình, hoàn thành, hoàn thiện, hoạt động, học sinh, học tập, hội đàm, hội đồng, hội nghị,
hội nhập, hội thảo, hội trường, hợp đồng, hợp nhất, hợp tác, hợp tác xã, huân chương, huy động,
hữu nghị, hướng dẫn, hưởng ứng, kế hoạch, kết luận, kết nối, kết quả, kêu gọi, khai mạc,
khai thác, khám bệnh, khảo sát, khắc phục, khẳng định, khẩn cấp, khẩn trương, khen thưởng,
khó khăn, khoa học, khoáng sản, khóa học, khởi công, khởi nghiệp, khởi tố, khu vực, khuyến cáo,
khuyến khích, kiểm soát, kiểm tra, kiểm toán, kiên quyết, kiến nghị, kiến trúc, kim ngạch,
kinh doanh, kinh nghiệm, kinh phí, kinh tế, kỷ luật, kỷ niệm, kỹ thuật, lãnh đạo, lãi suất,
lao động, lạm phát, lập pháp, lâu dài, lễ hội, lịch sử, liên danh, liên hợp quốc, liên kết,
liên quan, linh hoạt, lĩnh vực, loại bỏ, lợi ích, lợi nhuận, lực lượng, lương thực, lưu thông,
mạng lưới, mặt bằng, mặt trận, miễn phí, minh bạch, mô hình, môi trường, mở rộng, mục tiêu,
mưa lũ, nạn nhân, năng lượng, năng lực, năng suất, ngân hàng, ngân sách, ngành nghề, ngăn chặn,
nghệ thuật, nghề nghiệp, nghị định, nghị quyết, nghĩa vụ, nghiên cứu, nghiêm túc, ngoại giao,
nguồn lực, nguyên nhân, nguyện vọng, người dân, người dùng, nhà nước, nhà thầu, nhân dân,
nhân lực, nhân viên, nhấn mạnh, nhận định, nhập khẩu, nhiệm kỳ, nhiệm vụ, nhiệt độ, nông dân,
nông nghiệp, nông sản, nông thôn, nội dung, nỗ lực, ổn định, ô nhiễm, phạm vi, pháp lý, pháp luật,
phát biểu, phát động, phát hiện, phát huy, phát triển, phê duyệt, phong trào, phòng ngừa,
phóng viên, phối hợp, phục hồi, phục vụ, phù hợp, phụ nữ, phương án, phương tiện, phương thức,
quan hệ, quan tâm, quan trọng, quản lý, quán triệt, quân đội, quân sự, quảng bá, quảng trường,
quận ủy, quốc gia, quốc hội, quốc khánh, quốc phòng, quốc tế, quy định, quy hoạch, quy mô,
quy trình, quyền lợi, quyết định, quyết liệt, rà soát, rừng phòng hộ, sản lượng, sản phẩm,
sản xuất, sáng kiến, sáng tạo, sáp nhập, sắp xếp, sẵn sàng, siêu thị, sinh hoạt, sinh viên,
so sánh, số hóa, sở hữu, sơ kết, sử dụng, sự cố, sự kiện, sức khỏe, tác động, tác phẩm, tái cơ cấu,
tài chính, tài khoản, tài liệu, tài nguyên, tài sản, tai nạn, tạm thời, tăng cường, tăng trưởng,
tập đoàn, tập huấn, tập thể, tập trung, tệ nạn, tham dự, tham gia, tham mưu, tham nhũng, tham quan,
thanh niên, thanh toán, thanh tra, thành công, thành lập, thành phố, thành tích, thành tựu,
thành viên, tháo gỡ, thẩm định, thẩm quyền, thân nhân, thị trường, thi công, thi đua, thí điểm,
thiên tai, thiết bị, thiết kế, thiếu nhi, thiệt hại, thích ứng, thỏa thuận, thời gian, thông báo,
thông qua, thông tin, thống kê, thống nhất, thu hút, thu nhập, thủ đô, thủ tục, thủ tướng,
thúc đẩy, thuận lợi, thực hiện, thực phẩm, thực tế, thực trạng, thường trực, thường vụ,
thường xuyên, thương mại, thương binh, thương hiệu, tiêm chủng, tiềm năng, tiến độ, tiếp cận,
tiếp nhận, tiếp tục, tiết kiệm, tiêu chí, tiêu chuẩn, tiêu cực, tiêu dùng, tiêu thụ, tình hình,
tình trạng, tỉnh ủy, tin cậy, tín dụng, tòa án, toàn diện, toàn quốc, tổ chức, tôn giáo, tổng hợp,
tổng kết, tối đa, tội phạm, trách nhiệm, trái phép, trạm y tế, trao đổi, trao tặng, triển khai,
triển lãm, trong nước, trọng điểm, trồng trọt, trung ương, trung tâm, trưởng thành, truyền thông,
truyền thống, trực thuộc, trực tiếp, trực tuyến, trường học, tuyên bố, tuyên dương, tuyên truyền,
tuyển dụng, tuyển sinh, tư pháp, tư tưởng, tự nguyện, tự nhiên, ủng hộ, ủy ban, ủy viên, ứng dụng,
ứng phó, ưu đãi, ưu tiên, vai trò, văn bản, văn hóa, văn học, văn kiện, văn phòng, vận động,
vận hành, vận tải, vật liệu, vi phạm, vị trí, việc làm, viện trợ, vĩ mô, vốn vay, vướng mắc,
xã hội, xác định, xác minh, xác nhận, xây dựng, xét xử, xóa đói, xử lý, xử phạt, xuất bản,
xuất khẩu, xuất sắc, xúc tiến, yêu cầu, ý kiến, ý nghĩa
"""


# The tone stands on either vowel: hóa or hoá, ủy or uỷ.
_PLACEMENTS: Final = {
    first + last: bare + toned
    for firsts, bare, last, tones in (
        ("óòỏõọ", "o", "a", "áàảãạ"), ("óòỏõọ", "o", "e", "éèẻẽẹ"), ("úùủũụ", "u", "y", "ýỳỷỹỵ"),
    )
    for first, toned in zip(firsts, tones, strict=True)
}  # fmt: skip


def _glued(words: str) -> dict[str, tuple[str, ...]]:
    """Each compound without blanks, in both placements of the tone, with its syllables."""
    parted = [tuple(word.split()) for word in words.split(",")]
    moved = [tuple(map(_moved, parts)) for parts in parted]
    return {"".join(parts): parts for parts in (*parted, *moved)}


def _moved(syllable: str) -> str:
    """A syllable with its tone on the second of two vowels that end it; "quý" keeps its own."""
    end = _PLACEMENTS.get(syllable[-2:])
    return syllable if end is None or syllable.startswith("qu") else syllable[:-2] + end


COMPOUNDS: Final = MappingProxyType(_glued(_COMPOUNDS))
