"""The column's page and its stories.

``Story`` is a concrete, non-creatable base so that counts, listings and the index ask one table;
articles, news items and photos extend it. What belongs to the story and not to a version of its text
(number, issue date, kind, take-down) is never brought back by an older draft.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Self

from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, PageManager
from wagtail.query import PageQuerySet
from wagtail.search import index
from wagtail.url_routing import RouteResult

from column.enums import CorrectionKind, CreditRole, Kind
from column.signals import announce
from column.stories.blocks import BodyBlock
from column.stories.identity import new_public_id, public_id_of, story_slug
from column.stories.permissions import ColumnPagePermissionTester, StoryPermissionTester
from column.stories.references import references_at_once

#: ASCII digits alone: “²” is a digit to Python, but no number.
_YEAR, _MONTH = re.compile(r"[0-9]{4}"), re.compile(r"[0-9]{1,2}")


class ColumnPage(Page):
    """The home of one column; its stories are its children."""

    kicker = models.CharField(_("Trên tít"), max_length=120, default="5 xây, 3 chống")
    intro = models.TextField(_("Giới thiệu"), blank=True)
    start_date = models.DateField(_("Ngày mở chuyên mục"), null=True, blank=True)

    template = "stories/column_page.html"
    subpage_types = ["column.Article", "column.NewsItem", "column.Photo"]

    class Meta:
        verbose_name = _("chuyên mục")
        verbose_name_plural = _("chuyên mục")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Stories by their number whatever the words before it say; ``2017/02`` is the archive."""
        if path_components:
            head, rest = path_components[0], path_components[1:]
            public_id = public_id_of(head)
            if public_id is not None:
                return self._route_story(request, public_id, head, rest)
            if _YEAR.fullmatch(head) and len(rest) <= 1 and self.live:
                month = int(rest[0]) if rest and _MONTH.fullmatch(rest[0]) else None
                if int(head) < 1900 or (rest and not (month and 1 <= month <= 12)):
                    raise Http404
                return RouteResult(self, kwargs={"year": int(head), "month": month})
        return super().route(request, path_components)

    def _route_story(self, request: HttpRequest, public_id: int, head: str, rest: list[str]) -> RouteResult:
        """The story, or where it stands now (other words, another column).

        Nothing is said of a draft: where it would stand is its headline. The redirect is the story's own answer, so
        that Wagtail asks first who may see that story.
        """
        found = Story.objects.filter(public_id=public_id).first()
        if found is None or not (found.live or found.taken_down_at):
            raise Http404
        story: Story = found.specific
        if found.live and (found.slug != head or not found.is_child_of(self)) and rest in ([], ["in"]):
            return RouteResult(story, kwargs={"moved_tail": "".join(f"{part}/" for part in rest)})
        return story.route(request, rest)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; another address of the column is another address of every story, and announced as that."""
        with transaction.atomic():
            before = ColumnPage.objects.filter(pk=self.pk).values_list("url_path", flat=True).first()
            super().save(*args, **kwargs)
            if before is not None and before != self.url_path:
                announce(Story.objects.filter(live=True).descendant_of(self).values_list("pk", flat=True))

    def permissions_for_user(self, user: Any) -> ColumnPagePermissionTester:
        return ColumnPagePermissionTester(user, self)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """``year`` and ``month`` of the archive, or None, beside Wagtail's own."""
        context = super().get_context(request, *args, **kwargs)
        return {**context, "year": kwargs.get("year"), "month": kwargs.get("month")}


class StoryQuerySet(PageQuerySet):
    def published(self) -> Self:
        """What readers may see: live, and neither it nor an ancestor is restricted."""
        return self.live().public()

    def newest_first(self) -> Self:
        return self.order_by("-issue_date", "-first_published_at", "-pk")


#: Belong to the story, not to a version of its text; only the slot, the importer, a logged
#: correction or a take-down writes them.
STORY_LEVEL_FIELDS = (
    "public_id", "external_id", "kind", "issue_date", "taken_down_at", "taken_down_note", "go_live_at",
    "from_archive",
)  # fmt: skip

#: What no form and no version can change: the database's own constraints check them, and a publication does not ask
#: for each of them once more.
UNEDITED_FIELDS = frozenset({
    "alias_of", "content_type", "latest_revision", "live_revision", "locale", "locked_by", "owner", "path",
    "public_id", "translation_key",
})  # fmt: skip

#: Written by drafts, locks and the tree; no reader sees them.
UNSEEN_FIELDS = frozenset({
    "alias_of", "draft_title", "go_live_at", "expire_at", "has_unpublished_changes", "latest_revision",
    "latest_revision_created_at", "live_revision", "locked", "locked_at", "locked_by", "numchild", "owner",
    "wagtail_admin_comments",
})  # fmt: skip


class Story(Page):
    """What articles, news items and photos share."""

    public_id = models.PositiveIntegerField(unique=True, default=new_public_id, editable=False)
    external_id = models.CharField(
        _("Mã ở hệ thống cũ"), max_length=80, null=True, blank=True, unique=True, editable=False
    )
    kind = models.CharField(_("Loại"), max_length=8, choices=Kind.choices, editable=False, db_index=True)
    kicker = models.CharField(_("Trên tít"), max_length=120, blank=True, help_text=_("Bỏ trống: dùng tên chuyên mục."))
    kicker_printed = models.CharField(
        _("Trên tít như bản in"), max_length=200, blank=True, help_text=_("Giữ nguyên chữ của bản gốc.")
    )
    standfirst = models.TextField(_("Sa-pô"), blank=True)
    body = StreamField(BodyBlock(), verbose_name=_("Nội dung"), blank=True)
    lead_photo = models.ForeignKey(
        "column.Picture",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Ảnh chính"),
    )
    lead_caption = models.TextField(_("Chú thích riêng cho ảnh chính"), blank=True, max_length=1000)
    issue_date = models.DateField(_("Ngày đăng"), null=True, blank=True, editable=False, db_index=True)
    printed_at = models.DateTimeField(
        _("Giờ ghi trên bản gốc"), null=True, blank=True,
        help_text=_("Giờ Đà Nẵng, chỉ điền cho bài cũ. Ví dụ: 14:12, 16/02/2017."),
    )  # fmt: skip
    print_issue = models.CharField(_("Số báo"), max_length=20, blank=True)
    print_page = models.CharField(_("Trang"), max_length=20, blank=True)
    print_scan = models.ForeignKey(
        "column.Attachment", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("Bản quét trang báo (riêng tư)"),
    )  # fmt: skip
    source_name = models.CharField(_("Nguồn"), max_length=160, blank=True)
    source_url = models.URLField(_("Địa chỉ nguồn"), max_length=500, blank=True)
    from_archive = models.BooleanField(
        _("Tư liệu nhập từ kho cũ"), default=False, editable=False,
        help_text=_("Được miễn kiểm tra bắt buộc, và nằm trong danh sách cần bổ sung."),
    )  # fmt: skip
    taken_down_at = models.DateTimeField(_("Gỡ lúc"), null=True, blank=True, editable=False)
    taken_down_note = models.CharField(_("Câu thông báo"), max_length=300, blank=True, editable=False)

    objects = PageManager.from_queryset(StoryQuerySet)()

    is_creatable = False
    story_kind: Kind | None = None
    parent_page_types = ["column.ColumnPage"]
    subpage_types: list[str] = []
    show_in_menus_default = False
    exclude_fields_in_copy = [
        "public_id", "external_id", "issue_date", "taken_down_at", "taken_down_note", "go_live_at", "from_archive",
    ]  # fmt: skip

    search_fields = [
        *Page.search_fields,
        index.SearchField("standfirst"),
        index.SearchField("body"),
        index.SearchField("kicker"),
        index.FilterField("kind"),
        index.FilterField("issue_date"),
        index.RelatedFields("byline_credits", [index.SearchField("byline_name")]),
    ]

    class Meta:
        verbose_name = _("tin, bài")
        verbose_name_plural = _("tin, bài")
        indexes = [models.Index(fields=["issue_date", "kind"], name="story_date_kind")]
        permissions = [
            ("review_story", _("Biên tập tin, bài được trình")),
            ("approve_story", _("Duyệt tin, bài")),
            ("schedule_story", _("Hẹn giờ đăng và hủy hẹn giờ")),
            ("take_down_story", _("Gỡ bài")),
            ("correct_story", _("Đính chính bài đã đăng")),
            ("import_archive", _("Nhập và xuất kho tin, bài cũ")),
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.kind and self.story_kind:
            self.kind = self.story_kind

    @property
    def headline(self) -> str:
        return str(self.title)

    @property
    def shown_at(self) -> datetime | None:
        """The time that readers see: the printed one of an old story, else when it went live."""
        return self.printed_at or self.first_published_at

    def _set_core_field_defaults(self) -> None:
        # Wagtail derives the slug here for drafts and live pages alike; ours is folded Vietnamese
        # and ends in the story's number.
        self.slug: str = story_slug(self.slug, self.draft_title or self.title, self.public_id)
        super()._set_core_field_defaults()

    def full_clean(self, exclude: Any = None, *args: Any, **kwargs: Any) -> None:
        """Check everything of a new story, and of one that exists what somebody can have changed."""
        unedited: frozenset[str] = frozenset() if self._state.adding else UNEDITED_FIELDS
        super().full_clean(unedited.union(exclude or ()), *args, **kwargs)

    def _check_slug_is_unique(self) -> None:
        """It ends in the story's own number, which the database keeps unique."""

    def with_content_json(self, content: dict[str, Any]) -> Self:
        """A version of the story whose story-level fields stay what they are today."""
        version: Self = super().with_content_json(content)
        for name in STORY_LEVEL_FIELDS:
            setattr(version, name, getattr(self, name))
        # A schedule that has passed must never block an edit (publishing.md).
        if version.go_live_at and version.go_live_at <= timezone.now():
            version.go_live_at = None
        return version

    def save(self, clean: bool = True, user: Any = None, log_action: Any = False, **kwargs: Any) -> None:
        """Save, and announce what readers can see of it.

        Here and not in ``post_save``, which fires before the bylines and photos are written.
        """
        fields = kwargs.get("update_fields")
        if fields is not None and UNSEEN_FIELDS.issuperset(fields):
            super().save(clean=clean, user=user, log_action=log_action, **kwargs)
            return
        with transaction.atomic():
            seen = self.live or (not self._state.adding and Page.objects.filter(pk=self.pk, live=True).exists())
            with references_at_once(self, whole=fields is None):
                super().save(clean=clean, user=user, log_action=log_action, **kwargs)
            if seen:
                announce([self.pk])

    def publish(
        self,
        revision: Any,
        user: Any = None,
        changed: bool = True,
        log_action: bool | str = True,
        previous_revision: Any = None,
        skip_permission_checks: bool = False,
        *,
        now: datetime | None = None,
    ) -> None:
        """The one way onto the site: every view, the importer's single path and the worker end here.

        In one transaction, on a locked and freshly read row, so that a stale copy in memory never brings back an
        old schedule, draft or place in the tree; what it saves announces itself. A story without an issue date gets
        today's (Đà Nẵng); a taken-down story that is published again is no longer taken down.

        With a schedule in the future Wagtail schedules instead of publishing. *now* is the publisher's word that
        the time has come, whatever the clock of this machine says; it holds the story's row.
        """
        moment = now or timezone.now()
        with transaction.atomic():
            if now is None:  # else the publisher holds it already
                Page.objects.select_for_update().only("pk").get(pk=self.pk)
            story = type(self)._default_manager.get(pk=self.pk)
            if now is not None or story.go_live_at is None or story.go_live_at <= moment:
                story.go_live_at = None
                story.issue_date = story.issue_date or timezone.localdate(moment)
                story.taken_down_at, story.taken_down_note = None, ""
            # Wagtail publishes what the revision makes of this object; it does not look at ``self``.
            revision.content_object = story
            super().publish(
                revision,
                user=user,
                changed=changed,
                log_action=log_action,
                previous_revision=previous_revision,
                skip_permission_checks=skip_permission_checks,
            )

    def update_aliases(self, **kwargs: Any) -> None:
        """Where there are any; to find that out Wagtail reads every story of the kind once SQLite has been analysed."""
        if Page.objects.filter(alias_of=self.pk).exists():
            super().update_aliases(**kwargs)

    update_aliases.alters_data = True  # type: ignore[attr-defined]

    def permissions_for_user(self, user: Any) -> StoryPermissionTester:
        return StoryPermissionTester(user, self)

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """The story, its print view (``in/``), or the notice that it was taken down."""
        if self.live and path_components == ["in"]:
            return RouteResult(self, kwargs={"for_print": True})
        if not self.live and self.taken_down_at and not path_components:
            return RouteResult(self, kwargs={"gone": True})
        return super().route(request, path_components)

    def serve(
        self,
        request: HttpRequest,
        *args: Any,
        gone: bool = False,
        for_print: bool = False,
        moved_tail: str | None = None,
        **kwargs: Any,
    ) -> HttpResponse:
        if moved_tail is not None:
            return self._redirect(request, moved_tail)
        if gone:
            return TemplateResponse(request, "410.html", {"note": self.taken_down_note}, status=410)
        request.for_print = for_print  # type: ignore[attr-defined]
        response: HttpResponse = super().serve(request, *args, **kwargs)
        return response

    def _redirect(self, request: HttpRequest, tail: str) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        response = HttpResponsePermanentRedirect(f"{self.get_url(request)}{tail}{'?' if query else ''}{query}")
        # Kept for ever, it would make a circle in the reader's browser when the words are changed back.
        response.headers["Cache-Control"] = "max-age=300"
        return response


class Article(Story):
    """*Bài viết*: the column's weekly article."""

    template = "stories/article.html"
    story_kind = Kind.ARTICLE

    class Meta:
        verbose_name = _("bài viết")
        verbose_name_plural = _("bài viết")


class NewsItem(Story):
    """*Tin*; archive items of unknown kind (``Kind.POOLED``) live here until someone sorts them."""

    template = "stories/news_item.html"
    story_kind = Kind.NEWS

    class Meta:
        verbose_name = _("tin")
        verbose_name_plural = _("tin")


class Photo(Story):
    """*Ảnh*: one or more captioned photos published by themselves."""

    template = "stories/photo.html"
    story_kind = Kind.PHOTO

    class Meta:
        verbose_name = _("ảnh")
        verbose_name_plural = _("ảnh")


class StoryPhoto(Orderable):
    """One picture of a photo story, in order."""

    story = ParentalKey("column.Photo", on_delete=models.CASCADE, related_name="photos")
    image = models.ForeignKey("column.Picture", models.PROTECT, related_name="+", verbose_name=_("Ảnh"))
    caption = models.TextField(_("Chú thích riêng cho bài này"), blank=True, max_length=1000)

    class Meta(Orderable.Meta):
        verbose_name = _("ảnh")


class BylineCredit(Orderable):
    """One printed name and what it did, in order."""

    story = ParentalKey("column.Story", on_delete=models.CASCADE, related_name="byline_credits")
    byline = models.ForeignKey("column.Byline", models.PROTECT, related_name="credits", verbose_name=_("Bút danh"))
    role = models.CharField(_("Phần việc"), max_length=16, choices=CreditRole.choices, default=CreditRole.TEXT)

    class Meta(Orderable.Meta):
        verbose_name = _("bút danh")
        verbose_name_plural = _("bút danh")

    @property
    def byline_name(self) -> str:
        return str(self.byline)


class Correction(models.Model):
    """A dated note on a published story, outside its revisions: no draft can take it back."""

    story = models.ForeignKey("column.Story", models.CASCADE, related_name="corrections")
    kind = models.CharField(_("Loại"), max_length=12, choices=CorrectionKind.choices)
    text = models.TextField(_("Nội dung"), max_length=2000)
    made_at = models.DateTimeField(_("Lúc"), default=timezone.now)
    made_by = models.ForeignKey("column.User", models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("đính chính")
        verbose_name_plural = _("đính chính")
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text[:60]}"
