"""Units over time: what a body was called, when it existed, and what became of it."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.search import index

from column.departments.rules import DateBound, bound_in_words, lifetime_in_words, parse_bound, report_group_name
from column.enums import DepartmentKind, UnitEventKind
from column.text.normalize import canonical, nfc
from column.text.sorting import sort_key


class DepartmentQuerySet(models.QuerySet["Department"]):
    def in_report_order(self) -> Self:
        """Reports order by group, then by the Vietnamese alphabet (domain.md, *Departments*)."""
        return self.order_by("report_group", "sort_key", "code")

    def existing_on(self, day: date) -> Self:
        """Units that may have existed on a day: unknown bounds admit it, partial ones all their days."""
        return self.filter(
            Q(earliest_from__isnull=True) | Q(earliest_from__lte=day),
            Q(latest_to__isnull=True) | Q(latest_to__gte=day),
        )

    def current(self, today: date) -> Self:
        return self.existing_on(today)

    def own(self) -> Self:
        """Without the duplicates: records that turned out to be of a unit that has another one."""
        return self.filter(merged_into__isnull=True)


def validate_bound(value: str) -> None:
    """Refuse a validity bound that is not a year, a month or a day."""
    try:
        parse_bound(value)
    except ValueError as problem:
        raise ValidationError(str(problem)) from problem


class Department(index.Indexed, ClusterableModel):
    """An organisation of the city during one span of time. Never deleted, only ended or merged."""

    code = models.SlugField(_("Mã"), max_length=60, unique=True, help_text=_("Mã riêng của báo, không đổi."))
    name = models.CharField(_("Tên đầy đủ"), max_length=160)
    short_name = models.CharField(_("Tên ngắn"), max_length=80, blank=True)
    disambiguation = models.CharField(
        _("Phân biệt"), max_length=80, blank=True,
        help_text=_("Chỉ hiện trên màn hình khi trùng tên, không in trong bảng."),
    )  # fmt: skip
    kind = models.CharField(_("Loại"), max_length=24, choices=DepartmentKind.choices)
    report_group = models.PositiveSmallIntegerField(_("Nhóm trong báo cáo"), default=99)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("Trực thuộc")
    )
    valid_from = models.CharField(
        _("Từ"), max_length=10, blank=True, validators=[validate_bound],
        help_text=_("Năm, tháng hoặc ngày: 2014, 2014-05 hay 2014-05-20. Bỏ trống nếu chưa rõ."),
    )  # fmt: skip
    valid_to = models.CharField(
        _("Đến hết"), max_length=10, blank=True, validators=[validate_bound],
        help_text=_("Ngày cuối cùng còn hoạt động."),
    )  # fmt: skip
    earliest_from = models.DateField(null=True, editable=False)
    latest_to = models.DateField(null=True, editable=False)
    successors = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="predecessors", verbose_name=_("Đơn vị kế thừa")
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="duplicates",
        verbose_name=_("Là bản ghi trùng của"),
    )  # fmt: skip
    source = models.CharField(_("Nguồn"), max_length=300, blank=True)
    confidence = models.CharField(_("Độ tin cậy"), max_length=40, blank=True)
    speaks_only = models.BooleanField(
        _("Thường chỉ phát biểu, đánh giá"), default=False,
        help_text=_("Cơ quan chỉ đạo: được gợi ý nhưng không đánh dấu sẵn khi gắn vào bài."),
    )  # fmt: skip
    sort_key = models.CharField(max_length=600, editable=False, db_index=True)

    objects = DepartmentQuerySet.as_manager()

    search_fields = [
        index.SearchField("name"),
        index.SearchField("short_name"),
        index.AutocompleteField("name"),
        index.AutocompleteField("short_name"),
        index.RelatedFields("aliases", [index.SearchField("text")]),
        index.FilterField("kind"),
    ]

    class Meta:
        verbose_name = _("cơ quan, đơn vị")
        verbose_name_plural = _("cơ quan, đơn vị")
        ordering = ["report_group", "sort_key", "code"]

    def __str__(self) -> str:
        return screen_name(self.name, self.disambiguation)

    @property
    def display_name(self) -> str:
        """See :func:`printed_name`."""
        return printed_name(self.code, self.name)

    @property
    def lifetime(self) -> str:
        return lifetime_in_words(self.valid_from, self.valid_to)

    @property
    def group_name(self) -> str:
        return report_group_name(self.report_group)

    def get_absolute_url(self) -> str:
        return f"/don-vi/{self.code}/"

    def fill_keys(self) -> None:
        """Derive stored bounds and sort key; bulk paths call it themselves."""
        self.name = " ".join(nfc(self.name).split())
        self.short_name = " ".join(nfc(self.short_name).split())
        begin: DateBound | None = parse_bound(self.valid_from) if self.valid_from else None
        end: DateBound | None = parse_bound(self.valid_to) if self.valid_to else None
        self.earliest_from = begin.first if begin else None
        self.latest_to = end.last if end else None
        self.sort_key = sort_key(self.name)[:600]

    def clean(self) -> None:
        super().clean()
        try:
            begin = parse_bound(self.valid_from) if self.valid_from else None
            end = parse_bound(self.valid_to) if self.valid_to else None
        except ValueError:
            return  # the field has said so itself
        if begin and end and begin.first > end.last:
            raise ValidationError({"valid_to": _("Ngày kết thúc đứng trước ngày bắt đầu.")})

    def save(self, *args: object, **kwargs: object) -> None:
        self.fill_keys()
        super().save(*args, **kwargs)

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise ValidationError(_("Không xóa đơn vị: hãy ghi ngày kết thúc hoặc đơn vị kế thừa."))


#: The unit that general statements belong to (domain.md, *Coverage*).
CITYWIDE = "tp-da-nang"


def printed_name(code: str, name: str) -> str:
    """What a table prints: never the disambiguation; the city's own row is the general one."""
    return str(_("Chung toàn thành phố")) if code == CITYWIDE else name


def screen_name(name: str, disambiguation: str) -> str:
    """What tells bodies of one name apart; never printed in a report."""
    return f"{name} ({disambiguation})" if disambiguation else name


def name_key(text: str) -> str:
    """The identity of a written name: case, spacing and spelling style do not matter, accents do."""
    return " ".join(canonical(text).casefold().split())


class DepartmentAlias(models.Model):
    """Another way that texts write a unit's name (“Công an thành phố”)."""

    department = ParentalKey("column.Department", on_delete=models.CASCADE, related_name="aliases")
    text = models.CharField(_("Cách viết khác"), max_length=160)
    match_key = models.CharField(max_length=160, editable=False, db_index=True)

    class Meta:
        verbose_name = _("cách viết khác")
        verbose_name_plural = _("cách viết khác")
        constraints = [models.UniqueConstraint(fields=["department", "match_key"], name="alias_once_a_unit")]

    def __str__(self) -> str:
        return self.text

    def fill_keys(self) -> None:
        """Derive the stored key; bulk paths call it themselves."""
        self.text = " ".join(nfc(self.text).split())
        self.match_key = name_key(self.text)

    def save(self, *args: object, **kwargs: object) -> None:
        self.fill_keys()
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class AppendOnlyRecord(models.QuerySet[Any]):
    """What was recorded stays; a mistake is mended by a later record."""

    def update(self, **kwargs: Any) -> int:
        raise TypeError("the record of units is append-only")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("the record of units is append-only")


class UnitRecord(models.Model):
    """What is recorded of units over time: with a source, by whom, when; append-only."""

    source = models.CharField(
        _("Nguồn"), max_length=300, help_text=_("Văn bản hay nơi nêu việc này, ví dụ: Nghị quyết 202/2025/QH15.")
    )
    note = models.CharField(_("Ghi chú"), max_length=300, blank=True)
    recorded_by = models.ForeignKey("column.User", models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = AppendOnlyRecord.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("the record of units is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("the record of units is append-only")


class UnitEvent(UnitRecord):
    """Something that happened to units on a day: written by ``column.departments.changing`` alone.

    ``day`` is the first day of the new state, of year, month or day precision like a unit's bounds.
    ``data`` holds, by code, what the event changed (``before``) and made (``made``), so that it can be undone.
    """

    kind = models.CharField(_("Việc"), max_length=9, choices=UnitEventKind.choices)
    day = models.CharField(_("Có hiệu lực từ"), max_length=10, blank=True, validators=[validate_bound])
    first_day = models.DateField(null=True, editable=False)
    from_units = models.ManyToManyField("column.Department", related_name="events_out", blank=True)
    to_units = models.ManyToManyField("column.Department", related_name="events_in", blank=True)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("việc của cơ quan, đơn vị")
        verbose_name_plural = _("việc của cơ quan, đơn vị")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {bound_in_words(self.day)}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.first_day = parse_bound(self.day).first if self.day else None
        super().save(*args, **kwargs)


class SplitRule(UnitRecord):
    """What a unit that was split counts as in a later structure: one successor, or (None) itself.

    The newest of a unit is in force. Without one it stays itself, and screens say so.
    """

    unit = models.ForeignKey("column.Department", models.PROTECT, related_name="split_rules")
    counts_as = models.ForeignKey(
        "column.Department", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Tính là")
    )

    class Meta:
        verbose_name = _("quy tắc chia tách")
        verbose_name_plural = _("quy tắc chia tách")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.unit} → {self.counts_as or self.unit}"

    def clean(self) -> None:
        super().clean()
        successors = set(self.unit.successors.values_list("pk", flat=True))
        if len(successors) < 2:
            raise ValidationError(_("Quy tắc chỉ dành cho đơn vị đã chia thành nhiều đơn vị."))
        if self.counts_as_id is not None and self.counts_as_id not in successors:
            raise ValidationError({"counts_as": _("Hãy chọn một trong các đơn vị kế thừa.")})
