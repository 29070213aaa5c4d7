"""*Quy ước đếm*: the rules that every number keeps, in the words that its readers read."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _


class Rule(NamedTuple):
    title: object
    text: object


RULES: tuple[Rule, ...] = (
    Rule(
        _("Đếm tin, bài đã đăng, theo ngày đăng"),
        _(
            "Ngày đăng của bài trong chuyên mục là ngày thứ Năm của kỳ (kỳ được dời, như dịp Tết, thì là ngày đã"
            " dời); của tin, ảnh và bài ngoài kỳ là ngày lên trang, theo giờ Đà Nẵng. Máy chạy lúc nào không làm số"
            " thay đổi. Bản nháp, bài chưa đến giờ và bài"
            " chỉ dành cho nội bộ không được đếm."
        ),
    ),
    Rule(
        _("Mỗi ô nói rõ mình đếm gì"),
        _(
            "“Tin, bài” là số tin, bài khác nhau; “lượt” là số lần gắn đơn vị – tiêu chí. Một bài gắn hai tiêu chí"
            " nằm ở hai cột, nên các cột không cộng lại được; vì thế luôn có “Tổng số (không trùng)”."
        ),
    ),
    Rule(
        _("Bài viết, tin và ảnh đếm riêng"),
        _(
            "Số kỳ đăng khác số bài viết. Số liệu cũ chỉ ghi gộp “tin, ảnh” thì giữ nguyên là số gộp,"
            " không chia theo phỏng đoán."
        ),
    ),
    Rule(
        _("Đơn vị được hiểu như vào ngày đăng"),
        _(
            "Đơn vị đã đổi tên, sáp nhập hay chia tách vẫn được ghi bằng tên của ngày đăng."
            " Quy về đơn vị hiện nay là một cách xem khác, phải nói rõ."
        ),
    ),
    Rule(
        _("Số 0 thuộc về một danh sách có tên"),
        _(
            "Muốn biết đơn vị nào chưa được phản ánh thì phải biết đang xét danh sách nào, ở thời điểm nào;"
            " bảng ghi rõ danh sách ấy."
        ),
    ),
    Rule(
        _("Số liệu lấy từ cơ sở dữ liệu"),
        _("Số để trích dẫn không bao giờ lấy từ bộ máy tìm kiếm. Mỗi số mở ra đúng những tin, bài mà nó đếm."),
    ),
    Rule(
        _("Tiêu chí do người gắn, không do máy đoán"),
        _(
            "Máy chỉ gợi ý đơn vị có tên trong bài; người gắn xác nhận. Mặc định chỉ đếm đơn vị là đối tượng phản ánh,"
            " không đếm đơn vị chỉ được nhắc đến."
        ),
    ),
    Rule(
        _("Bài đã gỡ thôi được đếm từ lúc gỡ"),
        _("Bảng lập sau đó không còn bài ấy; bản đã in hay đã chốt trước đó giữ nguyên và được ghi chú."),
    ),
)
