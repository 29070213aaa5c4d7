"""Who may read an attached file."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from wagtail import hooks

from column.people.roles import ACCESS_ADMIN
from column.photos.models import Attachment


@hooks.register("before_serve_document")
def for_the_newsroom_alone(attachment: Attachment, request: HttpRequest) -> None:
    """No page of the site links to a file: scans are private, whatever their collection. Others are told nothing."""
    if not request.user.has_perm(ACCESS_ADMIN):
        raise Http404
