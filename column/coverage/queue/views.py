"""The queue on the screen: counts, filters, the first story by one key, ticks for coding many at once."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from column.coverage.editor import PERMISSION
from column.coverage.filter import KINDS
from column.coverage.queue.waiting import BOTH, DRAFTS, PUBLISHED, STALE, UNCODED, Queue
from column.text.dates import format_day

PER_PAGE = 50
BULK = "column.bulk_code"


class QueueView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "coverage/desk/queue.html"
    page_title = gettext_lazy("Hàng chờ gắn mã")
    header_icon = "tag"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        queue = Queue.parse(self.request.GET, self.request.user)
        page = Paginator(queue.stories(), PER_PAGE).get_page(self.request.GET.get("p"))
        counts = queue.counts()
        hang = urlencode({"hang": queue.query() or "tinh-trang=tat-ca"})
        lines = [
            {
                "story": story, "url": f"{reverse('coverage_editor', args=[story.pk])}?{hang}",
                "day": format_day(story.issue_date) if story.issue_date else "", "kind": story.get_kind_display(),
                "is_stale": story.is_stale, "title": story.draft_title or story.title,
            }
            for story in page
        ]  # fmt: skip
        return super().get_context_data(
            **kwargs, queue=queue, page=page, lines=lines, counts=counts,
            states=[
                {"label": label, "number": counts[state], "url": queue.url(state=state), "here": queue.state == state}
                for state, label in (
                    (BOTH, gettext_lazy("Tất cả")), (UNCODED, gettext_lazy("Chưa gắn")),
                    (STALE, gettext_lazy("Cần xem lại")),
                )
            ],
            kinds=[(word, kind.label) for word, kind in KINDS.items()],
            places=[("", gettext_lazy("đã đăng và bản nháp")), (PUBLISHED, gettext_lazy("đã đăng")),
                    (DRAFTS, gettext_lazy("bản nháp"))],
            page_query=urlencode(queue.pairs()),
            may_bulk=self.request.user.has_perm(BULK),
        )  # fmt: skip
