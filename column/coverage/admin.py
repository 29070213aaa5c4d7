"""What the admin shows of coverage: the editor on a story, and the documents and criteria that it uses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button
from wagtail.models import Page
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from column.coverage.bulk import views as bulk_views
from column.coverage.duplicate_views import DuplicateView
from column.coverage.editor import PERMISSION, CoverageEditor, may_code
from column.coverage.history import CodedLog
from column.coverage.models import Codebook, Coverage, Criterion, CriterionGroup, Document, SolutionGroup
from column.coverage.panel import CoveragePanel
from column.coverage.queue.views import QueueView
from column.coverage.recording.log import CODED
from column.coverage.version_views import (
    CodebookForm,
    CriterionForm,
    CriterionGroupForm,
    MappedLog,
    MappingView,
    NewVersionView,
    RelabelledLog,
    VersionedLog,
)
from column.coverage.versions import MAPPED, RELABELLED, VERSIONED
from column.people.admin import NeverDeleted
from column.people.choosing import KnownChooserViewSet
from column.stories.models import Story
from column.stories.panels import add_tab
from column.text.fields import TickMany

URL_NAME = "coverage_editor"

add_tab(_("Đơn vị, tiêu chí"), lambda _model: [CoveragePanel(heading=_("Đã gắn"))], order=100)


@hooks.register("register_admin_urls")
def coverage_urls() -> list[Any]:
    return [
        path("tin-bai/<int:story_id>/gan/", CoverageEditor.as_view(), name=URL_NAME),
        path("bo-tieu-chi/<int:codebook_id>/phien-ban-moi/", NewVersionView.as_view(), name="codebook_new_version"),
        path("bo-tieu-chi/<int:codebook_id>/quy-doi/", MappingView.as_view(), name="codebook_mapping"),
        path("gan-ma/", QueueView.as_view(), name="coverage_queue"),
        path("gan-ma/hang-loat/", bulk_views.BulkView.as_view(), name="coding_bulk"),
        path("gan-ma/cac-lan/", bulk_views.BatchesView.as_view(), name="coding_batches"),
        path("gan-ma/cac-lan/<int:batch_id>/", bulk_views.BatchView.as_view(), name="coding_batch"),
        path(
            "gan-ma/cac-lan/<int:batch_id>/tien-do/", bulk_views.ProgressView.as_view(), name="coding_batch_progress"
        ),
        path(
            "gan-ma/cac-lan/<int:batch_id>/<slug:action>/", bulk_views.BatchActionView.as_view(),
            name="coding_batch_action",
        ),
        path("don-vi/gop-ban-ghi-trung/", DuplicateView.as_view(), name="unit_duplicate"),
    ]  # fmt: skip


class QueueMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)


@hooks.register("register_admin_menu_item")
def queue_menu_item() -> MenuItem:
    return QueueMenuItem(
        QueueView.page_title, reverse("coverage_queue"), name="coding-queue", icon_name="tag", order=64
    )  # fmt: skip


@hooks.register("after_edit_page")
def say_what_is_stale(request: HttpRequest, page: Page) -> None:
    """After an edit by hand: rows whose passage is gone. Wagtail's own autosave is not interrupted."""
    if not isinstance(page, Story) or "application/json" in request.headers.get("Accept", ""):
        return
    number = Coverage.objects.filter(story=page.pk, stale_since__isnull=False).count()
    if number:
        text = _now("%(number)d dòng gắn đơn vị, tiêu chí cần xem lại: đoạn dẫn chứng không còn trong bài.")
        button = messages.button(reverse(URL_NAME, args=[page.pk]), _now("Xem lại"))
        messages.warning(request, text % {"number": number}, buttons=[button])


@hooks.register("register_log_actions")
def coverage_log(actions: Any) -> None:
    actions.register_action(CODED)(CodedLog)
    actions.register_action(VERSIONED)(VersionedLog)
    actions.register_action(MAPPED)(MappedLog)
    actions.register_action(RELABELLED)(RelabelledLog)


@hooks.register("register_snippet_listing_buttons")
def codebook_buttons(snippet: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    if isinstance(snippet, Codebook) and user.has_perm("column.add_codebook"):
        yield Button(_("Lập phiên bản mới"), reverse("codebook_new_version", args=[snippet.pk]), priority=20)
        yield Button(_("Quy đổi sang phiên bản sau"), reverse("codebook_mapping", args=[snippet.pk]), priority=30)


class CoverageMenuItem(ActionMenuItem):
    """The way from the story's screen to its coverage."""

    name = "action-coverage"
    label = CoverageEditor.page_title
    icon_name = CoverageEditor.header_icon
    order = 20

    def is_shown(self, context: dict[str, Any]) -> bool:
        return context["view"] == "edit" and may_code(context["page"], context["request"].user)

    def get_url(self, parent_context: dict[str, Any]) -> str:
        return reverse(URL_NAME, args=[parent_context["page"].pk])


@hooks.register("register_page_action_menu_item")
def coverage_item() -> ActionMenuItem:
    return CoverageMenuItem()


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def coverage_button(page: Page, user: Any, next_url: str | None = None, **kwargs: Any) -> Iterator[Button]:
    if may_code(page, user):
        url = reverse(URL_NAME, args=[page.pk])
        yield Button(CoverageEditor.page_title, url, icon_name=CoverageEditor.header_icon, priority=40)


class KeptViewSet(SnippetViewSet):
    """Reference data: corrected and ended, never deleted."""

    chooser_viewset_class = KnownChooserViewSet
    copy_view_enabled = False
    search_backend_name = None


class DocumentViewSet(KeptViewSet):
    model = Document
    icon = "doc-full"
    menu_label = _("Văn bản")
    list_display = ["__str__", Column("issuer", label=_("Cơ quan ban hành"))]
    list_filter = ["type"]
    search_fields = ["number", "issuer", "title"]
    panels = [
        FieldRowPanel([FieldPanel("type"), FieldPanel("number"), FieldPanel("issued_on")]),
        FieldPanel("issuer"),
        FieldPanel("title"),
    ]


class CodebookViewSet(KeptViewSet):
    model = Codebook
    icon = "list-ol"
    menu_label = _("Bộ tiêu chí")
    list_display = ["title", Column("version", label=_("Phiên bản")), Column("document", label=_("Văn bản"))]
    search_fields = ["title"]
    edit_handler = ObjectList(
        [
            FieldPanel("document", heading=_("Văn bản")),
            FieldRowPanel([FieldPanel("title"), FieldPanel("version")]),
            FieldRowPanel([FieldPanel("in_use_from"), FieldPanel("in_use_to")]),
            FieldPanel("reason"),
        ],
        base_form_class=CodebookForm,
    )


class CriterionGroupViewSet(KeptViewSet):
    model = CriterionGroup
    icon = "folder-open-inverse"
    menu_label = _("Nhóm tiêu chí")
    list_display = ["name", Column("prefix", label=_("Động từ")), Column("codebook", label=_("Bộ tiêu chí"))]
    search_fields = ["name"]
    edit_handler = ObjectList(
        [
            FieldPanel("codebook", heading=_("Bộ tiêu chí")),
            FieldRowPanel([FieldPanel("name"), FieldPanel("family"), FieldPanel("prefix"), FieldPanel("order")]),
            FieldPanel("reason"),
        ],
        base_form_class=CriterionGroupForm,
    )


class CriterionViewSet(KeptViewSet):
    model = Criterion
    icon = "tag"
    menu_label = _("Tiêu chí")
    list_display = [
        Column("label", label=_("Tiêu chí")),
        Column("group", label=_("Nhóm")),
        Column("order", label=_("Thứ tự")),
    ]
    list_filter = ["group"]
    search_fields = ["name", "slug"]
    edit_handler = ObjectList(
        [
            FieldPanel("group", heading=_("Nhóm")),
            FieldRowPanel([FieldPanel("name"), FieldPanel("slug"), FieldPanel("order")]),
            FieldPanel("description"),
            FieldPanel("reason"),
        ],
        base_form_class=CriterionForm,
    )

    def get_queryset(self, request: Any) -> Any:
        return Criterion.objects.in_order()


class SolutionGroupViewSet(KeptViewSet):
    model = SolutionGroup
    icon = "list-ul"
    menu_label = _("Nhóm giải pháp")
    list_display = ["name", Column("order", label=_("Thứ tự")), Column("codebook", label=_("Bộ tiêu chí"))]
    search_fields = ["name"]
    panels = [
        FieldPanel("codebook", heading=_("Bộ tiêu chí")),
        FieldRowPanel([FieldPanel("name"), FieldPanel("order")]),
        FieldPanel("criteria", heading=_("Gợi đến tiêu chí"), widget=TickMany),
    ]


class CoverageGroup(SnippetViewSetGroup):
    """*Văn bản, tiêu chí* in the menu."""

    items = (DocumentViewSet, CodebookViewSet, CriterionGroupViewSet, CriterionViewSet, SolutionGroupViewSet)
    menu_label = _("Văn bản, tiêu chí")
    menu_icon = "clipboard-list"
    menu_order = 315


for _model in (Document, Codebook, CriterionGroup, Criterion, SolutionGroup):
    register_permission_policy(_model, NeverDeleted(_model))
register_snippet(CoverageGroup)
