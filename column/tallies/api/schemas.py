"""What the API asks and answers, as its description (OpenAPI) tells it. Field names are English, words Vietnamese."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema
from pydantic import create_model


class Conditions(Schema):
    """The parameters of the filter: exactly those of the screen's addresses; lists may be repeated."""

    kinds: list[str] = Field([], alias="loai", description="Loại: bai, tin, anh, tin-anh.")
    units: list[str] = Field([], alias="don-vi", description="Mã cơ quan, đơn vị; chua-gan: không nêu đơn vị.")
    branch: str = Field("", alias="nhanh", description="1: gồm đơn vị trực thuộc.")
    lineage: str = Field("", alias="tien-than", description="1: gồm đơn vị tiền thân.")
    unit_kinds: list[str] = Field([], alias="loai-don-vi", description="Loại đơn vị.")
    structure: str = Field("", alias="co-cau", description="nay, hoặc một ngày: quy về đơn vị của ngày ấy.")
    criteria: list[str] = Field([], alias="tieu-chi", description="Mã tiêu chí; chua-gan: chưa nêu tiêu chí.")
    family: str = Field("", alias="nhom", description="Nhóm: xay, chong, khac.")
    solutions: list[str] = Field([], alias="giai-phap", description="Số của nhóm giải pháp.")
    documents: list[str] = Field([], alias="van-ban", description="Số của văn bản trong hệ thống.")
    period: str = Field("", alias="ky", description="2017, 2017-H1, 2017-Q1, 2017-02, 2017-W07.")
    since: str = Field("", alias="tu", description="Từ ngày: 2017-02-16 hoặc 16/02/2017.")
    until: str = Field("", alias="den", description="Đến hết ngày.")
    bylines: list[str] = Field([], alias="but-danh", description="Bút danh như in trên báo.")
    role: str = Field("", alias="vai-tro", description="doi-tuong (mặc định), duoc-nhac, tat-ca.")
    tones: list[str] = Field([], alias="chieu", description="bieu-duong, phe-binh, thong-tin, chua-ro.")


class Pages(Schema):
    page: str = Field("1", alias="trang", description="Trang, từ 1.")
    size: str = Field("50", alias="so-luong", description="Số dòng mỗi trang, từ 1 đến 200.")


class Layout(Schema):
    rows: str = Field("", alias="hang", description="Hàng chia theo; các từ ở /api/v1/tallies/dimensions/.")
    measure: str = Field("", alias="dem", description="tin-bai (mặc định), luot, ky-dang.")
    monitored: str = Field("", alias="danh-sach", description="Mã danh sách đơn vị theo dõi: có cả đơn vị bằng 0.")
    zeros: str = Field("", alias="bang-0", description="1: hiện cả đơn vị bằng 0 trong danh mục.")


class TallyQuestion(Pages, Layout, Conditions):
    columns: str = Field("", alias="cot", description="Cột chia theo; tong: chỉ tổng số.")
    split: str = Field("", alias="theo", description="Dòng con dưới mỗi hàng; bỏ trống: không tách.")


class StoriesQuestion(Pages, Conditions):
    measure: str = Field("", alias="dem", description="Có trong địa chỉ của con số; không làm danh sách thay đổi.")


class ComparisonQuestion(Pages, Layout, Conditions):
    everything: str = Field("", alias="voi", description="tat-ca: bên thứ hai không có điều kiện nào.")


def _with_prefix(prefix: str) -> dict[str, Any]:
    """The conditions once more, every address name with the prefix."""
    return {
        f"second_{name}": (
            field.annotation,
            Field(field.default, alias=f"{prefix}{field.alias}", description=field.description),
        )
        for name, field in Conditions.model_fields.items()
    }


#: The conditions of the second side of a comparison.
SecondSide: Any = create_model("SecondSide", __base__=Schema, **_with_prefix("voi-"))


class FigureOut(Schema):
    """A number and the list of exactly what it counts; no address where nothing is counted."""

    number: int
    url: str = Field(description="Danh sách trên màn hình của đúng những gì được đếm.")
    api: str = Field(description="Cùng danh sách ấy cho chương trình.")


class HeadingOut(Schema):
    key: str
    label: str


class LineOut(Schema):
    key: str = Field(description="Mã đơn vị, mã tiêu chí, kỳ …; chua-gan cho phần không có.")
    label: str
    part: str = Field(description="Mã của dòng con; bỏ trống ở dòng của cả hàng.")
    part_label: str
    figures: list[FigureOut] = Field(description="Mỗi cột một số, theo thứ tự của columns.")
    total: FigureOut = Field(description="Tổng số không trùng của dòng, do máy đếm riêng, không cộng từ các cột.")


class TallyOut(Schema):
    sentence: str = Field(description="Phạm vi lọc, bằng lời.")
    layout: str = Field(description="Cách chia, bằng lời.")
    address: str = Field(description="Cùng bảng này trên màn hình.")
    measure: str
    columns: list[HeadingOut]
    lines: list[LineOut]
    totals: list[LineOut]
    notes: list[str] = Field(description="Những điều phải nói cùng bảng: cột chồng nhau, danh sách đơn vị, bài đã gỡ …")
    contract: str = Field(description="Quy ước đếm.")
    made_at: datetime
    rows: int = Field(description="Số hàng của cả bảng, mọi trang.")
    page: int
    pages: int
    next: str | None
    previous: str | None


class StoryOut(Schema):
    day: date
    kind: str
    headline: str
    bylines: str
    coverage: list[str] = Field(description="Những lần gắn đơn vị – tiêu chí làm tin, bài này được đếm.")
    url: str


class StoriesOut(Schema):
    sentence: str
    address: str
    stories: int = Field(description="Số tin, bài; bằng con số đã mở ra danh sách này khi đếm tin, bài.")
    mentions: int = Field(description="Số lượt; bằng con số đã mở ra danh sách này khi đếm lượt.")
    list: list[StoryOut]
    page: int
    pages: int
    next: str | None
    previous: str | None


class ComparedLineOut(Schema):
    key: str
    label: str
    first: FigureOut
    second: FigureOut
    difference: int = Field(description="first − second.")
    first_share: float | None = Field(description="Phần trong tổng số của bên thứ nhất, 0 đến 1.")
    second_share: float | None
    change: float | None = Field(description="difference / second; null khi second bằng 0.")
    address: str = Field(description="So sánh riêng dòng này trên màn hình.")


class ComparisonOut(Schema):
    first: str = Field(description="Bên thứ nhất, bằng lời.")
    second: str
    layout: str
    address: str
    lines: list[ComparedLineOut]
    total: ComparedLineOut
    notes: list[str]
    made_at: datetime
    rows: int
    page: int
    pages: int
    next: str | None
    previous: str | None


class DimensionOut(Schema):
    word: str
    label: str
    overlaps: bool = Field(description="Một tin, bài có thể nằm ở nhiều giá trị: các số không cộng lại được.")


class DimensionsOut(Schema):
    dimensions: list[DimensionOut]
    measures: list[HeadingOut]
    monitored_lists: list[HeadingOut]


class ProblemOut(Schema):
    detail: str
    problems: list[str]
