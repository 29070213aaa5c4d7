"""Texts of any size, the same for the same seed, and a short way of rows into tables; knows no models of ours."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model
from wagtail.models import Page

from column.text.normalize import nfc

#: Everyday words of administrative reporting, the frequent first, as a newspaper's are.
FREQUENT = """
của và các công thành cán bộ dân phố nhân người trong thực hiện việc được với cho đơn vị trách nhiệm hành
chính phường xã quận một cửa thủ tục giải quyết hồ sơ tổ chức kỷ cương gương mẫu chuyên nghiệp trung thực năm
nay đến từ không có là này khi về tại trên sau ngày tháng quý kế hoạch kiểm tra giám sát đánh giá kết quả chất
lượng phục vụ doanh nghiệp đúng hẹn trễ tiếp nhận trả lời kiến nghị phản ánh họp giao ban chỉ đạo lãnh phòng
trung tâm sở ngành cơ quan nhà nước đảng viên chi bộ học tập làm theo tấm gương đạo đức lối sống phong cách
quy định quy chế phối hợp công khai minh bạch niêm yết phí lệ hồ điện tử mạng máy tính phần mềm ứng dụng thông
tin dịch vụ trực tuyến mức độ ba bốn tỷ lệ phần trăm tăng giảm so cùng kỳ trước đầu cuối tuần thứ năm sáng
chiều buổi đường nhà chợ trường lớp học sinh giáo viên bệnh viện bác sĩ khám chữa thuốc nước sạch rác thải cây
xanh vỉa hè lòng lề trật tự an toàn giao thông xây dựng phép sai phạm xử lý nhắc nhở phê bình khen thưởng sáng
kiến mô hình hay cách làm mới tổ dân phố thôn khu cư trú hộ gia đình chính sách nghèo
""".split()  # noqa: SIM905 - words are read and mended more easily so

_ONSETS = """
b c ch d đ g h k kh l m n ng nh ph s t th tr v x
""".split()  # noqa: SIM905 - words are read and mended more easily so
_RIMES = """
an ân ang ăng anh ao ay âm âu ăn ăm ênh ên êm êu i inh in im iên iêm iêu oan oang oai oi ôi ơi on ong ôn ông
ơn ô ơ u ui ung uôn uông ươn ương ươi ưu ư ưng um ua ưa ia
""".split()  # noqa: SIM905 - words are read and mended more easily so
_TONES = ["", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"]


def vocabulary(rng: random.Random, size: int = 4000) -> list[str]:
    """Return *size* syllables, :data:`FREQUENT` first, then made-up ones that Vietnamese could have."""
    words = list(dict.fromkeys(FREQUENT))
    made = [nfc(f"{o}{r[0]}{t}{r[1:]}") for o in _ONSETS for r in _RIMES for t in _TONES]
    rng.shuffle(made)
    return list(dict.fromkeys(words + made))[:size]


class Writer:
    """Writes sentences whose words follow Zipf's law, the same ones for the same seed."""

    def __init__(self, seed: int = 20170216) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - texts to measure with, no secrets
        self._words = vocabulary(self.rng)
        self._weights = list(itertools.accumulate(1 / (place + 12) for place in range(len(self._words))))

    def words(self, count: int) -> str:
        return " ".join(self.rng.choices(self._words, cum_weights=self._weights, k=count))

    def sentence(self, names: Sequence[str]) -> str:
        text = self.words(self.rng.randint(12, 28))
        if names and self.rng.random() < 0.2:
            text += f", {self.rng.choice(names)} {self.words(4)}"
        if self.rng.random() < 0.05:
            text += f" theo Chỉ thị {self.rng.randint(1, 60)}-CT/TU ngày {self.rng.randint(1, 28)}/11/2013"
        return f"{text[0].upper()}{text[1:]}."

    def paragraphs(self, names: Sequence[str], size: int) -> list[str]:
        """Paragraphs of together about *size* bytes in UTF-8."""
        found: list[str] = []
        while sum(len(p.encode()) for p in found) < size:
            found.append(" ".join(self.sentence(names) for _ in range(4)))
        return found


def insert(model: type[Model], objects: list[Any]) -> None:
    """One INSERT for many rows of *model*'s own table, parents' tables left alone."""
    fields = model._meta.local_concrete_fields
    for start in range(0, len(objects), 500):
        model._base_manager._insert(objects[start : start + 500], fields=fields, using=connection.alias)  # type: ignore[attr-defined]


def go_on_counting() -> None:
    """Keys of pages were given by hand; PostgreSQL's own counter has to follow."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Page]):
            cursor.execute(statement)


def credit_of(model: Any) -> dict[str, Any]:
    """A byline: the model of it hangs on our stories and on those of the stock site under one name."""
    credit = model._meta.get_field("byline_credits").related_model
    byline = credit._meta.get_field("byline").related_model.objects.get_or_create(name="ĐOÀN LƯƠNG")[0]
    return {"byline_credits": [credit(byline=byline)]}
