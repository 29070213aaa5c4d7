"""*Bằng chứng lên trang* of one story: what a reader got at each place, and *Kiểm tra lại*."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from column.schedule.proof.checking import check_again
from column.schedule.proof.models import Proof
from column.stories.models import Story
from column.text.dates import format_moment

#: Either of them may ask for another look; everyone in the newsroom may see what was found.
ASK = ("column.change_slot", "column.schedule_story")


def may_ask(user: Any) -> bool:
    return any(user.has_perm(permission) for permission in ASK)


class ProofView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "schedule/desk/proof.html"
    page_title = gettext_lazy("Bằng chứng lên trang")
    header_icon = "view"

    @cached_property
    def story(self) -> Story:
        return get_object_or_404(Story, pk=self.kwargs["story_id"])

    def get_page_subtitle(self) -> str:
        return str(self.story.draft_title)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        edit_url = reverse("wagtailadmin_pages:edit", args=[self.story.pk])
        return [
            *self.breadcrumbs_items,
            {"url": reverse("schedule_slots"), "label": _("Lịch đăng")},
            {"url": edit_url, "label": self.story.draft_title},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        proof = Proof.objects.filter(story=self.story.pk).first()
        return super().get_context_data(
            story=self.story,
            proof=proof,
            went_live_at=format_moment(proof.went_live_at) if proof else "",
            checked_at=format_moment(proof.checked_at) if proof and proof.checked_at else "",
            next_check_at=format_moment(proof.next_check_at) if proof and proof.next_check_at else "",
            may_ask=self.story.live and may_ask(self.request.user),
            **kwargs,
        )


class ProofAgainView(View):
    """By post alone. The worker looks, not this request: a site with one web process could not answer itself."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, story_id: int) -> HttpResponse:
        if not may_ask(request.user):
            raise PermissionDenied
        story = get_object_or_404(Story, pk=story_id)
        if story.live:
            check_again(story, timezone.now())
            messages.success(request, _("Hệ thống đang kiểm tra lại; vài giây nữa hãy tải lại trang này."))
        else:
            messages.error(request, _("Tin, bài này không còn trên trang nên không có gì để kiểm tra."))
        return redirect("schedule_proof", story.pk)
