"""The archive as JSON: ``GET /api/v1/search/``, described at ``/api/v1/openapi.json``. Read only; no account.

``router`` and ``refuse_in_vietnamese`` are put on the project's one API by ``newsroom.api``.

Parameters are those of /tim-kiem/, and answers come from the same place. Unlike the page, which reads nonsense as its
nearest meaning, the API refuses what it cannot read: a program had better know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from ninja import Field, NinjaAPI, Query, Router, Schema
from ninja.errors import ValidationError
from ninja.throttling import AnonRateThrottle

from column.coverage.filter import KINDS, CoverageFilter
from column.coverage.models import Coverage
from search import asking
from search.finding import Finding, find
from search.port import FILTERS, Order, SearchQuery
from search.query import MOST_CHARACTERS
from search.results import Found, found_stories

MOST_HITS = 50
_KIND_WORDS = {str(kind.value): word for word, kind in KINDS.items()}
#: Beside those of the filters.
_OTHERS = ("q", "nhanh", "tien-than", "tu", "den", "sap-xep", "trang", "so-luong", "dung-dau", "nguyen-van")


class Address(AnonRateThrottle):
    """So many questions a minute from one address, in each process."""

    def __init__(self) -> None:
        super().__init__("240/min")


LIMIT = Address()
router = Router(throttle=[LIMIT], tags=["search"], by_alias=True)


class Asked(Schema):
    """The parameters; names in the address are their aliases."""

    q: str = Field(
        "",
        max_length=MOST_CHARACTERS * 2,
        description="Từ cần tìm: có dấu hay không, gõ Telex hay VNI, “cụm từ”, -từ.",
    )
    kinds: list[str] = Field([], alias="loai", description="Loại: bai, tin, anh, tin-anh.")
    families: list[str] = Field([], alias="nhom", description="Nhóm tiêu chí: xay, chong.")
    criteria: list[str] = Field([], alias="tieu-chi", description="Mã tiêu chí.")
    units: list[str] = Field([], alias="don-vi", description="Mã cơ quan, đơn vị.")
    lineage: str = Field("", alias="tien-than", pattern="^1?$", description="1: gồm đơn vị tiền thân.")
    branch: str = Field("", alias="nhanh", pattern="^1?$", description="1: gồm đơn vị trực thuộc.")
    documents: list[str] = Field([], alias="van-ban", description="Số của văn bản trong hệ thống.")
    periods: list[str] = Field([], alias="ky", description="Năm, nửa năm, quý, tháng: 2017, 2017-H1, 2017-Q1, 2017-02.")
    since: str = Field("", alias="tu", description="Từ ngày, ví dụ 2017-02-16 hoặc 16/02/2017.")
    until: str = Field("", alias="den", description="Đến hết ngày.")
    bylines: list[str] = Field([], alias="but-danh", description="Bút danh như in trên báo.")
    photos: list[str] = Field([], alias="co-anh", description="1: có ảnh; 0: không có ảnh.")
    order: str = Field("lien-quan", alias="sap-xep", description="lien-quan, moi-nhat, cu-nhat.")
    page: int = Field(1, alias="trang", ge=1, le=asking.LAST_PAGE, description="Trang, từ 1.")
    size: int = Field(10, alias="so-luong", ge=1, le=MOST_HITS, description="Số kết quả mỗi trang.")
    exact: str = Field("", alias="dung-dau", pattern="^1?$", description="1: chỉ những từ đúng dấu như đã gõ.")
    as_typed: str = Field("", alias="nguyen-van", pattern="^1?$", description="1: không sửa lỗi gõ.")


class Named(Schema):
    """A unit or a criterion."""

    code: str
    name: str


class HitOut(Schema):
    """*id* is the story's permanent number, the one in its address."""

    id: int
    external_id: str | None
    kind: str = Field(description="bai, tin, anh, tin-anh")
    title: str
    url: str
    issue_date: date | None
    departments: list[Named]
    criteria: list[Named]
    snippets: list[str] = Field(description="HTML với <mark>: tít, nếu có từ tìm thấy, rồi đoạn trích của bài.")


class ValueOut(Schema):
    value: str
    label: str
    count: int = Field(description="Số kết quả nếu chọn giá trị này bên cạnh các bộ lọc khác.")
    chosen: bool
    within: str = Field(description="Giá trị chứa nó: năm của một tháng.")


class FacetOut(Schema):
    name: str
    overlaps: bool = Field(description="Một tin, bài có thể có nhiều giá trị: các số không cộng lại với nhau.")
    values: list[ValueOut]


class ReadingOut(Schema):
    words: str
    count: int


class AnswerOut(Schema):
    total: int
    page: int
    pages: int
    size: int
    sentence: str = Field(description="Câu tiếng Việt nói điều đã hỏi và số kết quả.")
    searched: str = Field(description="Từ đã tìm; khác q khi lỗi gõ được sửa.")
    relaxed: bool = Field(description="Không bài nào có đủ mọi từ; đây là những bài gần đủ.")
    did_you_mean: list[str]
    readings: list[ReadingOut]
    facets: list[FacetOut]
    hits: list[HitOut]
    next: str | None
    previous: str | None
    adapter: str = Field(description="Bộ máy đã trả lời: elasticsearch hoặc embedded.")


class ProblemOut(Schema):
    detail: str
    problems: list[str]


class Unreadable(Exception):
    """Parameters that mean nothing; *problems* are Vietnamese sentences."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(*problems)
        self.problems = list(problems)


def refuse_in_vietnamese(api: NinjaAPI) -> None:
    """Answer what cannot be read with 422 and Vietnamese sentences, on an API."""

    def refusal(request: HttpRequest, problems: Sequence[str]) -> HttpResponse:
        body = {"detail": _("Yêu cầu có chỗ không đọc được."), "problems": list(problems)}
        return api.create_response(request, body, status=422)

    api.add_exception_handler(Unreadable, lambda request, problem: refusal(request, getattr(problem, "problems", [])))
    api.add_exception_handler(ValidationError, lambda request, problem: refusal(request, _limits_broken(problem)))


def _limits_broken(problem: Exception | type[Exception]) -> list[str]:
    limits = {
        "trang": _("“trang” phải là số nguyên từ 1 đến %(most)d.") % {"most": asking.LAST_PAGE},
        "so-luong": _("“so-luong” phải là số nguyên từ 1 đến %(most)d.") % {"most": MOST_HITS},
        "q": _("“q” dài quá %(most)d ký tự.") % {"most": MOST_CHARACTERS * 2},
    }
    names = dict.fromkeys(str(error["loc"][-1]) for error in getattr(problem, "errors", []))
    flag = _("“%(name)s” chỉ nhận giá trị 1 hoặc bỏ trống.")
    return [limits.get(name) or flag % {"name": name} for name in names]


def _question(params: QueryDict, size: int) -> SearchQuery:
    """Read the address strictly. Raises :class:`Unreadable`."""
    problems = [
        _("Không có tham số “%(name)s”; các tham số: %(known)s.")
        % {"name": name[:40], "known": ", ".join((*FILTERS, *_OTHERS))}
        for name in params
        if name not in FILTERS and name not in _OTHERS
    ]
    order = params.get("sap-xep", "")
    if order and order not in {one.value for one in Order}:
        problems.append(
            _("“%(value)s” không dùng được cho “sap-xep”; các giá trị có thể là: %(known)s.")
            % {"value": order[:40], "known": ", ".join(one.value for one in Order)}
        )
    if set(params.getlist("co-anh")) - {"0", "1", ""}:
        problems.append(_("“co-anh” chỉ nhận 1 (có ảnh) hoặc 0 (không có ảnh)."))
    for period in params.getlist("ky"):
        one = QueryDict(mutable=True)
        one["ky"] = period
        problems += CoverageFilter.parse(one)[1]
    others = params.copy()
    for name in ("ky", *(set(params) - {*FILTERS, *_OTHERS})):
        others.pop(name, None)
    problems += CoverageFilter.parse(others)[1]
    if problems:
        raise Unreadable(list(dict.fromkeys(problems)))
    return replace(asking.read(params), size=size)


@router.get(
    "/",
    response={200: AnswerOut, 422: ProblemOut, 429: ProblemOut},
    summary="Tìm trong kho bài",
    operation_id="search",
)
def search(request: HttpRequest, asked: Annotated[Asked, Query(...)]) -> dict[str, Any]:
    """Hits with snippets, and each filter's values with their counts."""
    query = _question(request.GET, asked.size)
    conditions = asking.selection(query)
    if conditions.problems:
        raise Unreadable(conditions.problems)
    answer = find(query)
    result = answer.result
    found = found_stories(list(result.hits))
    pages = max(-(-result.total // query.size), 1)
    return {
        "total": result.total,
        "page": query.page,
        "pages": pages,
        "size": query.size,
        "sentence": asking.sentence(replace(query, text=answer.query.text), result, conditions),
        "searched": answer.query.text,
        "relaxed": result.relaxed,
        "did_you_mean": _meant(answer),
        "readings": [{"words": one.words, "count": one.count} for one in answer.readings],
        "facets": [
            {
                "name": facet.name,
                "overlaps": facet.overlaps,
                "values": [
                    {
                        "value": one.value,
                        "label": one.label,
                        "count": one.count,
                        "chosen": one.chosen,
                        "within": one.within,
                    }
                    for one in facet.values
                ],
            }
            for facet in result.facets
        ],
        "hits": _hits(request, found),
        "next": _address(request, query, query.page + 1) if query.page < pages else None,
        "previous": _address(request, query, min(query.page - 1, pages)) if query.page > 1 else None,
        "adapter": result.adapter,
    }


def _meant(answer: Finding) -> list[str]:
    return [answer.query.text] if answer.corrected else answer.suggestions


def _address(request: HttpRequest, query: SearchQuery, page: int) -> str:
    url = asking.address(replace(query, page=page), request.path)
    size = request.GET.get("so-luong")
    return request.build_absolute_uri(f"{url}{'&' if '?' in url else '?'}so-luong={query.size}" if size else url)


def _hits(request: HttpRequest, found: Sequence[Found]) -> list[dict[str, Any]]:
    units: dict[int, dict[str, str]] = defaultdict(dict)
    criteria: dict[int, dict[str, str]] = defaultdict(dict)
    rows = Coverage.objects.subjects().filter(story__in=[one.story.pk for one in found])
    for row in rows.select_related("department", "criterion__group").order_by("pk"):
        if row.department:
            units[row.story_id][row.department.code] = row.department.display_name
        if row.criterion:
            criteria[row.story_id][row.criterion.slug] = row.criterion.label
    return [
        {
            "id": one.story.public_id,
            "external_id": one.story.external_id,
            "kind": _KIND_WORDS[one.story.kind],
            "title": one.story.headline,
            "url": request.build_absolute_uri(one.url),
            "issue_date": one.story.issue_date,
            "departments": [{"code": code, "name": name} for code, name in units[one.story.pk].items()],
            "criteria": [{"code": code, "name": name} for code, name in criteria[one.story.pk].items()],
            "snippets": [str(piece) for piece in _pieces(one)],
        }
        for one in found
    ]


def _pieces(one: Found) -> list[SafeString]:
    """The headline where it says the words, then the best piece of the text."""
    return ([one.title] if "<mark>" in one.title else []) + ([one.snippet] if one.snippet else [])
