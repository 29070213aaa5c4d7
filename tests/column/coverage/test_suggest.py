from __future__ import annotations

from datetime import date

import pytest

from column.coverage.suggest import Suggestion, passage_at, suggest_units, text_of
from tests.factories import make_article

pytestmark = pytest.mark.django_db

DAY = date(2017, 2, 16)

#: In our own words, built like the column's articles.
ARTICLE = """Sau ba năm, Ban Thường vụ Thành ủy đánh giá nhiều đơn vị đã bớt đùn đẩy.
Nổi bật là lực lượng Quản lý thị trường (Sở Công thương) và Cảnh sát giao thông (Công an thành phố).
Người dân gọi Trung tâm Thông tin dịch vụ công để được hướng dẫn. Mô hình có ở 55/56 UBND phường, xã.
Các cơ sở y tế cũng làm theo. Sở Nội vụ đề nghị các quận báo cáo. Theo Sở Tài chính, kinh phí đã đủ.
UBND quận Hải Châu mở thêm quầy tiếp nhận ở P.Hòa Cường Bắc (Q.Hải Châu)."""


def found(text: str = ARTICLE, day: date = DAY) -> dict[str, Suggestion]:
    return {one.name: one for one in suggest_units(text, day)}


def test_units_are_found_under_their_names_of_that_day() -> None:
    ticked = {name: one.department.code for name, one in found().items() if one.preticked and one.department}
    assert ticked == {
        "Quản lý thị trường": "qltt",
        "Sở Công thương": "so-cong-thuong",
        "Cảnh sát giao thông": "phong-csgt",
        "Công an thành phố": "cong-an-tp",
        "Trung tâm Thông tin dịch vụ công": "tt-thong-tin-dvc",
        "UBND quận Hải Châu": "quan-hai-chau",
        "P.Hòa Cường Bắc": "phuong-hoa-cuong-bac",
    }


def test_who_only_speaks_or_assesses_is_offered_unticked() -> None:
    unticked = {name: one.reason for name, one in found().items() if not one.preticked}
    assert unticked == {
        "Ban Thường vụ Thành ủy": "Thường chỉ phát biểu, đánh giá.",
        "Sở Nội vụ": "Chỉ phát biểu, đánh giá trong bài này.",
        "Sở Tài chính": "Chỉ phát biểu, đánh giá trong bài này.",
    }
    assert {one.role for one in found().values() if not one.preticked} == {"mentioned"}


def test_the_passage_is_the_sentence_that_names_the_unit() -> None:
    one = found()["Trung tâm Thông tin dịch vụ công"]
    assert one.passage == "Người dân gọi Trung tâm Thông tin dịch vụ công để được hướng dẫn."
    assert ARTICLE[one.start : one.end] == "Trung tâm Thông tin dịch vụ công"
    assert found()["Công an thành phố"].passage.startswith("Nổi bật là lực lượng")


def test_a_unit_that_acts_and_speaks_is_a_subject_with_the_acting_passage() -> None:
    one = found("Sở Y tế cho biết đã rà soát. Chiều qua, Sở Y tế khai trương quầy mới.")["Sở Y tế"]
    assert (one.preticked, one.mentions) == (True, 2)
    assert one.passage == "Chiều qua, Sở Y tế khai trương quầy mới."


def test_where_several_bodies_fit_a_person_chooses() -> None:
    one = found("Chi cục Quản lý thị trường và QLTT kiểm tra.", date(2018, 10, 12))["QLTT"]
    assert one.department is None
    assert [unit.code for unit in one.candidates] == ["qltt", "cuc-qltt"]
    assert not one.preticked
    assert one.reason == "Ngày đăng có nhiều đơn vị cùng tên; hãy chọn một."


def test_a_name_out_of_its_time_is_offered_with_the_reason() -> None:
    one = found("Phường Hải Châu ra quân.")["Phường Hải Châu"]
    assert one.department is None
    assert {unit.code for unit in one.candidates} == {"phuong-hai-chau-2025h1", "phuong-hai-chau-2025"}
    assert one.reason.startswith("Không có đơn vị mang tên này vào ngày đăng")


def test_the_city_in_general_is_never_ticked() -> None:
    assert not found("Toàn thành phố Đà Nẵng cùng làm.")["thành phố Đà Nẵng"].preticked


def test_decomposed_and_capital_text_is_read() -> None:
    import unicodedata

    text = unicodedata.normalize("NFD", "SỞ CÔNG THƯƠNG vào cuộc.")
    (one,) = suggest_units(text, DAY)
    assert one.department is not None
    assert one.department.code == "so-cong-thuong"


def test_a_story_is_read_with_headline_and_body() -> None:
    story = make_article("Chuyện ở Sở Du lịch", standfirst="Sa-pô.", paragraphs=("Cục Thuế cải tiến.", "Hết."))
    assert text_of(story).split("\n")[:2] == ["Chuyện ở Sở Du lịch", "Sa-pô."]
    assert {one.department.code for one in suggest_units(story, DAY) if one.department} == {"so-du-lich", "cuc-thue"}


def test_a_very_long_sentence_is_cut_between_words() -> None:
    words = "chữ " * 300 + "Sở Y tế " + "nữa " * 300
    start = words.index("Sở")
    passage = passage_at(words, start, start + 7)
    assert "Sở Y tế" in passage
    assert len(passage) <= 400
    assert set(passage.split()) == {"chữ", "Sở", "Y", "tế", "nữa"}


def test_suggesting_costs_two_queries(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]
        suggest_units(ARTICLE, DAY)
