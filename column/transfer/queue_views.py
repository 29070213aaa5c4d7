"""*Phân loại tin, ảnh*: archive items of unknown kind, sorted into news and photos, many at once."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from column.enums import Kind
from column.stories.listing import with_photos
from column.stories.models import Story, StoryQuerySet
from column.stories.reclassify import CannotReclassify, reclassify
from column.transfer.archive_views import IMPORT

#: Rows on a page; as many are sorted in one go at most.
PAGE = 50
SORTED_INTO = (Kind.NEWS, Kind.PHOTO)


def queue() -> StoryQuerySet:
    """The stories that nobody has told apart yet, oldest first."""
    return Story.objects.filter(kind=Kind.POOLED).order_by("issue_date", "pk")


class QueueView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "transfer/desk/queue.html"
    page_title = gettext_lazy("Phân loại tin, ảnh")
    header_icon = "tasks"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(IMPORT):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(queue(), PAGE).get_page(self.request.GET.get("trang"))
        stories = with_photos(list(page.object_list), "thumb")
        for story in stories:
            story.opening = _opening(story)
        return super().get_context_data(page=page, stories=stories, kinds=SORTED_INTO, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        kind = request.POST.get("loai", "")
        keys = [int(key) for key in request.POST.getlist("tin")[:PAGE] if key.isdecimal() and len(key) < 19]
        back = redirect(f"{reverse('sort_pooled')}?trang={_page_number(request)}")
        if kind not in SORTED_INTO or not keys:
            messages.warning(request, _("Hãy chọn ít nhất một mục rồi bấm “Là tin” hoặc “Là ảnh”."))
            return back
        done = 0
        for story in queue().filter(pk__in=keys):
            try:
                reclassify(story, kind, request.user)
                done += 1
            except CannotReclassify as problem:
                messages.error(request, f"{story.title}: {problem}")
        if done:
            label = str(Kind(kind).label).lower()
            messages.success(
                request,
                ngettext("Đã xếp %(count)d mục là %(kind)s.", "Đã xếp %(count)d mục là %(kind)s.", done)
                % {"count": done, "kind": label},
            )
        return back


def _page_number(request: HttpRequest) -> int:
    text = request.POST.get("trang", "1")
    return int(text) if text.isdecimal() and len(text) < 7 else 1


def _opening(story: Story) -> str:
    """The first words that tell what it is."""
    if story.standfirst:
        return str(story.standfirst)
    for block in story.body:
        if block.block_type == "paragraph":
            return str(block.value.source)
    return ""
