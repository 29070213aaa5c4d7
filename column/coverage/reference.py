"""The documents and criteria that the column is about, made once for a new installation.

Source of names, order and groups: Directive 29-CT/TU as the column's own article of 16/02/2017 tells it.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from column.coverage.models import Codebook, Criterion, CriterionGroup, Document, SolutionGroup
from column.enums import DocumentType, Family
from column.text.slugs import slugify_vi

_BUILD = ("trách nhiệm", "trung thực", "chuyên nghiệp", "kỷ cương", "gương mẫu")
_FIGHT = ("quan liêu", "tiêu cực", "bệnh hình thức")
#: Second axis: what each group of solutions offers to the person who codes.
_SOLUTIONS = (
    ("Quy chế, quy trình phối hợp trong quản lý và giải quyết thủ tục hành chính", ("trach-nhiem",)),
    ("Ứng dụng công nghệ thông tin trong quản lý Nhà nước", ("chuyen-nghiep",)),
    ("Công khai, minh bạch thông tin, quy trình, thủ tục", ("trung-thuc",)),
    ("Trách nhiệm người đứng đầu; hình ảnh người công chức tận tụy, thân thiện", ("guong-mau",)),
    ("Thanh tra, kiểm tra, giám sát nội bộ", ("ky-cuong", "chong-quan-lieu", "chong-tieu-cuc")),
    ("Giảm lễ kỷ niệm, hội nghị, tiếp khách", ("chong-benh-hinh-thuc",)),
)


@transaction.atomic
def make_reference_data() -> bool:
    """Make the documents and the codebook of 29-CT/TU where there is no document at all; return whether it did."""
    if Document.objects.exists() or Codebook.objects.exists():
        return False
    directive = Document.objects.create(
        type=DocumentType.DIRECTIVE, number="29-CT/TU", issuer="Ban Thường vụ Thành ủy Đà Nẵng",
        title="Thực hiện “5 xây, 3 chống”", issued_on=date(2013, 11, 6),
    )  # fmt: skip
    Document.objects.create(
        type=DocumentType.DIRECTIVE, number="05-CT/TW", issuer="Bộ Chính trị", issued_on=date(2016, 5, 15),
        title="Đẩy mạnh học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh",
    )  # fmt: skip
    Document.objects.create(
        type=DocumentType.RESOLUTION, issuer="Ban Chấp hành Trung ương Đảng khóa XII", issued_on=date(2016, 10, 30),
        title="Trung ương 4 (khóa XII) về xây dựng, chỉnh đốn Đảng",
    )  # fmt: skip
    Document.objects.create(
        type=DocumentType.DIRECTIVE, number="34-CT/TU", issuer="Ban Thường vụ Thành ủy Đà Nẵng",
        issued_on=date(2023, 10, 27),
    )  # fmt: skip
    codebook = Codebook.objects.create(document=directive, title="5 xây, 3 chống", in_use_from=directive.issued_on)
    build = CriterionGroup.objects.create(codebook=codebook, family=Family.BUILD, name="5 xây", order=1)
    fight = CriterionGroup.objects.create(
        codebook=codebook, family=Family.FIGHT, name="3 chống", prefix="Chống", order=2
    )
    for group, names in ((build, _BUILD), (fight, _FIGHT)):
        for order, name in enumerate(names, start=1):
            slug = slugify_vi(f"{group.prefix} {name}")
            Criterion.objects.create(group=group, slug=slug, name=name, order=order)
    for order, (name, slugs) in enumerate(_SOLUTIONS, start=1):
        solution = SolutionGroup.objects.create(codebook=codebook, name=name, order=order)
        solution.criteria.set(Criterion.objects.filter(slug__in=slugs))
    return True
