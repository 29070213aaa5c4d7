"""Links inside a story's text to other pages: only those that readers may open say where they lead."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler


class PublicPageLinks(PageLinkHandler):
    """As Wagtail's, but a draft, a restricted or a taken-down page is no link: its address holds its headline."""

    @classmethod
    def get_many(cls, attrs_list: list[dict[str, Any]]) -> list[Page | None]:
        keys = {int(key) for attrs in attrs_list if (key := str(attrs.get("id"))).isascii() and key.isdigit()}
        pages = Page.objects.live().public().filter(pk__in=keys).defer_streamfields().specific()
        found = {str(page.pk): page for page in pages}
        return [found.get(str(attrs.get("id"))) for attrs in attrs_list]
