"""Where a reader meets a new story on this site; the publication proof asks here after each go-live.

A story that an anonymous reader may not have must be found nowhere: the same probes, the other way round. What no list
of the newest shows any more is looked for where it stands, or not at all when it stands nowhere (the feed).
"""

from __future__ import annotations

import html

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page, Site

from column.enums import Kind
from column.schedule.proof.probes import Facts, Fetch, Finding, register
from column.stories.models import ColumnPage, Story, StoryQuerySet
from home.front import A_PAGE


def connect() -> None:
    """Called once, when the apps are ready."""
    register("page", gettext_lazy("Trang tin, bài"), story_page)
    register("column", gettext_lazy("Trang chuyên mục"), column_page)
    register("feed", gettext_lazy("RSS"), feed)
    register("sitemap", gettext_lazy("Sơ đồ trang (sitemap)"), sitemap)


def story_page(facts: Facts, fetch: Fetch) -> Finding:
    """The page answers with this headline and this version."""
    answer = fetch(facts.path)
    text = html.unescape(answer.text)
    version = f'"article:modified_time" content="{facts.version.isoformat()}"'
    if facts.restricted:
        open_to_all = answer.status == 200 and (version in text or facts.headline in text)
        detail = _("Hạn chế xem, nhưng ai cũng mở được.") if open_to_all else _("Hạn chế xem: bạn đọc không mở được.")
        return Finding(not open_to_all, detail, facts.path)
    if answer.status != 200:
        return Finding(False, _("Trang trả về mã %(status)s.") % {"status": answer.status}, facts.path)
    if facts.headline not in text:
        return Finding(False, _("Không thấy tít trên trang."), facts.path)
    if version not in text:
        return Finding(False, _("Bạn đọc vẫn thấy bản cũ."), facts.path)
    return Finding(True, _("Đúng tít, đúng bản mới nhất."), facts.path)


def column_page(facts: Facts, fetch: Fetch) -> Finding:
    """The story stands on the first page of the column's archive, or on that page of its month where it belongs."""
    story = Story.objects.get(pk=facts.story_id)
    column = ColumnPage.objects.filter(pk=story.get_parent().pk, live=True).first()
    if column is None or story.issue_date is None:
        return Finding(True, _("Tin, bài này không nằm trong trang chuyên mục nào."), facts.path)
    path = str(column.get_url_parts()[2])
    listed = Story.objects.child_of(column).published().filter(issue_date__isnull=False)
    if not facts.restricted and _place(listed, story, A_PAGE) is None:
        month = listed.filter(issue_date__year=story.issue_date.year, issue_date__month=story.issue_date.month)
        page = (_place(month, story) or 0) // A_PAGE + 1
        path = f"{path}{story.issue_date:%Y/%m}/" + (f"?trang={page}" if page > 1 else "")
    return _listed(facts, fetch, path, f'href="{facts.path}"')


def feed(facts: Facts, fetch: Fetch) -> Finding:
    """The story is in the feed of everything new and, an article, in that of the articles."""
    # Here and in ``sitemap``: these modules load only when all apps are ready.
    from home.feeds import ITEMS

    story = Story.objects.get(pk=facts.story_id)
    number = f"5-xay-3-chong:{facts.public_id}</guid>"
    newest = Story.objects.published()
    feeds = [("/rss/", newest)]
    if story.kind == Kind.ARTICLE:
        feeds.append(("/rss/5-xay-3-chong/", newest.filter(kind=Kind.ARTICLE)))
    finding = Finding(True, "", "/rss/")
    for path, stories in feeds:
        if not facts.restricted and _place(stories, story, ITEMS) is None:
            detail = _("Không còn trong %(number)s tin, bài mới nhất nên không có trong RSS.") % {"number": ITEMS}
            finding = Finding(True, detail, path)
            continue
        finding = _listed(facts, fetch, path, number)
        if not finding.ok:
            break
    return finding


def sitemap(facts: Facts, fetch: Fetch) -> Finding:
    """The story's address stands in the section of the map that its place in the tree puts it in."""
    from home.sitemap import Pages

    story = Page.objects.get(pk=facts.story_id)
    root = Site.objects.select_related("root_page").get(is_default_site=True).root_page
    before = Page.objects.descendant_of(root, inclusive=True).filter(path__lt=story.path).live().public().count()
    section = before // Pages.limit + 1
    path = "/sitemap-trang.xml" if section == 1 else f"/sitemap-trang.xml?p={section}"
    index = fetch("/sitemap.xml")
    if not facts.restricted and f"{path}</loc>" not in html.unescape(index.text):
        return Finding(False, _("Sơ đồ trang không nhắc đến phần có bài này."), "/sitemap.xml")
    return _listed(facts, fetch, path, f"{facts.path}</loc>", headline=False)


def _place(stories: StoryQuerySet, story: Story, number: int | None = None) -> int | None:
    """The story's place, from 0, among the newest *number* (all, when None); None when it is not among them."""
    keys = list(stories.newest_first().values_list("pk", flat=True)[:number])
    return keys.index(story.pk) if story.pk in keys else None


def _listed(facts: Facts, fetch: Fetch, path: str, mark: str, *, headline: bool = True) -> Finding:
    """Whether a list shows the story by its *mark*, under its headline of today; a restricted one must be missing."""
    answer = fetch(path)
    text = html.unescape(answer.text)
    if facts.restricted:
        detail = _("Hạn chế xem, nhưng có tên ở đây.") if mark in text else _("Hạn chế xem: không có ở đây.")
        return Finding(mark not in text, detail, path)
    if answer.status != 200:
        return Finding(False, _("Trang trả về mã %(status)s.") % {"status": answer.status}, path)
    if mark not in text:
        return Finding(False, _("Chưa có ở đây."), path)
    if headline and facts.headline not in text:
        return Finding(False, _("Có, nhưng còn mang tít cũ."), path)
    return Finding(True, _("Có."), path)
