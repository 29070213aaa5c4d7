"""The pictures: what they say in words and numbers, that they stand alone, and that the page's tokens colour them."""

from __future__ import annotations

import io
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from column.tallies.charts import drawing
from column.tallies.charts.drawing import NotDrawn
from column.tallies.charts.heat_map import MOST_ROWS, heat_map
from column.tallies.charts.least_covered import MOST_BARS, least_covered
from column.tallies.charts.palette import FAMILIES, LIGHT
from column.tallies.charts.picture import Picture, draw_all
from column.tallies.charts.trend import trend

SVG = "{http://www.w3.org/2000/svg}"
LONG = "Trung tâm Thông tin dịch vụ công và Bộ phận Tiếp nhận, trả kết quả tập trung thành phố Đà Nẵng"
COLUMNS = ["Trách nhiệm", "Kỷ cương", "Chống bệnh hình thức", "Kỷ cương"]


def pictures() -> list[Picture]:
    return [
        heat_map(
            "Đơn vị theo tiêu chí", ["Sở Y tế", LONG, "Sở <A> & “B”"], COLUMNS,
            [[0, 1, 1234, 0], [5, 0, 0, 2], [0, 0, 0, 0]], about="Tin, bài đăng trong năm 2017", heading="Đơn vị",
        ),
        trend("Theo quý", ["quý I/2017", "quý II/2017"], {"Tổng số": [1234, 5], "Tin": [0, 5]}, heading="Kỳ"),
        least_covered("Ít được phản ánh nhất", [("Sở Y tế", 4), (LONG, 0)], list_note="Theo danh sách thử."),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def drawn() -> list[str]:
    made = pictures()
    draw_all(made)
    return [one.svg() for one in made]


def words_of(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in ET.fromstring(svg).iter(f"{SVG}text")]


def test_every_cell_has_its_number_and_zero_is_hatched(drawn: list[str]):
    words = words_of(drawn[0])
    assert sorted(word for word in words if re.fullmatch(r"[\d.]+", word)) == sorted(
        ["0", "1", "1.234", "0", "5", "0", "0", "2", "0", "0", "0", "0"]
    )
    hatched = [one for one in ET.fromstring(drawn[0]).iter(f"{SVG}path") if one.get("fill") == "url(#nhiet-gach)"]
    assert len(hatched) == 8
    # Two criteria of one name, from two versions of a codebook, keep a column each.
    assert words.count("Kỷ cương") == 2
    assert "Sở <A> & “B”" in words


def test_the_words_of_the_pictures_and_their_tables():
    heat, line, bars = pictures()
    assert heat.description == (
        "Tin, bài đăng trong năm 2017. Mỗi ô in số của mình: càng nhiều màu càng đậm, số 0 gạch chéo. 3 dòng, 4 cột."
        " Cao nhất: Sở Y tế – Chống bệnh hình thức, 1.234; 8 trên 12 ô bằng 0."
    )
    assert (heat.headings, heat.rows[1]) == (["Đơn vị", *COLUMNS], [LONG, 5, 0, 0, 2])
    assert line.description == (
        "Tổng số: đầu 1.234, cuối 5; cao nhất 1.234 (quý I/2017), thấp nhất 5 (quý II/2017)."
        " Tin: đầu 0, cuối 5; cao nhất 5 (quý II/2017), thấp nhất 0 (quý I/2017)."
    )
    assert (line.headings, line.rows) == (
        ["Kỳ", "Tổng số", "Tin"], [["quý I/2017", 1234, 0], ["quý II/2017", 5, 5]],
    )  # fmt: skip
    assert bars.description == "1 trên 2 đơn vị chưa được phản ánh. Theo danh sách thử."
    assert bars.rows == [[LONG, 0], ["Sở Y tế", 4]]


def test_a_picture_stands_alone(drawn: list[str]):
    for svg, made in zip(drawn, pictures(), strict=True):
        root = ET.fromstring(svg)
        assert {one.tag.removeprefix(SVG) for one in root.iter()} <= {
            "svg", "title", "desc", "defs", "pattern", "rect", "path", "g", "text", "tspan", "line",
        }  # fmt: skip
        named = {one.get("id"): one.text for one in root.iter() if one.get("id") and one.tag != f"{SVG}pattern"}
        assert root.get("role") == "img"
        assert [named[key] for key in str(root.get("aria-labelledby")).split()] == [made.title, made.description]
        assert re.findall(r"https?://[^\"]+", svg) == ["http://www.w3.org/2000/svg"]
        assert {one.get("font-family") for one in root.iter(f"{SVG}text")} == {FAMILIES}
        # Vietnamese prints 6,5; an attribute that did would be no number.
        for one in root.iter():
            for name in ("width", "height", "x", "y", "x1", "x2", "y1", "y2", "font-size", "stroke-width"):
                float(str(one.get(name, "0")).removesuffix("px"))


def test_on_a_page_the_tokens_are_the_colours(drawn: list[str]):
    for made in pictures():
        inline = made.inline()
        assert set(re.findall(r"#[0-9a-f]{3,8}\b", re.sub(r"url\(#[^)]*\)", "", inline))) == set()
        assert set(re.findall(r"var\(--([\w-]+)\)", inline)) <= set(LIGHT)
    assert "var(--heat-6)" in pictures()[0].inline()


def test_the_colours_are_the_sites():
    css = Path(__file__).parents[3] / "home" / "static" / "site" / "css" / "tokens.css"
    tokens = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", css.read_text("utf-8").split("@media")[0]))
    assert {name: tokens[name] for name in LIGHT} == LIGHT


def test_pixels_for_a_document():
    picture = pictures()[2]
    with Image.open(io.BytesIO(picture.png(2))) as image:
        width, height = re.findall(r'width="([\d.]+)" height="([\d.]+)"', picture.svg())[0]
        assert image.format == "PNG"
        assert image.size == (round(float(width) * 2), round(float(height) * 2))


def test_of_a_large_table_the_first_part_is_drawn_and_the_words_say_so():
    rows = [f"Phường {number}" for number in range(200)]
    heat = heat_map("Đơn vị", rows, ["Kỷ cương"], [[number] for number in range(200)])
    assert len(heat.rows) == 200
    assert heat.description.endswith("Hình vẽ 60 dòng và 1 cột đầu; bảng số liệu có đủ.")
    assert {value["r"] for value in heat.spec["data"]["values"]} == set(range(MOST_ROWS))
    bars = least_covered("Ít nhất", [(row, 200 - number) for number, row in enumerate(rows)])
    assert [row for row, _number in bars.rows[:2]] == ["Phường 199", "Phường 198"]
    assert len(bars.spec["data"]["values"]) == MOST_BARS
    assert heat_map("Trống", [], [], []).rows == []


def test_pictures_drawn_before_cost_no_process(drawn: list[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(drawing, "_PROGRAM", Path("/khong/co"))
    assert [one.svg() for one in pictures()] == drawn
    with pytest.raises(NotDrawn):
        trend("Chưa vẽ", ["2017"], {"Tổng số": [1]}).svg()
