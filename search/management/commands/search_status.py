"""``manage.py search_status``: who answers readers, and how far Elasticsearch is. Exit code 1 if it is behind."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from column.text.dates import format_moment, format_number
from search.status import Index, Status, status


class Command(BaseCommand):
    help = "Tình trạng tìm kiếm: ai đang trả lời, Elasticsearch đã nhận đến đâu. Mã thoát 1 khi có vướng mắc."

    def handle(self, *args: Any, **options: Any) -> None:
        found = status()
        for line in lines(found):
            self.stdout.write(line)
        if found.in_use and found.answering == "embedded":
            raise CommandError(_("Bạn đọc đang được trả lời từ chỉ mục sẵn có, không phải từ Elasticsearch."))
        if found.quarantined:
            raise CommandError(_("Có tài liệu mà Elasticsearch không nhận."))


def _index(one: Index) -> str:
    words = [_("đang dùng để tìm")] if one.searched else [_("để dành, có thể quay lại")] if one.whole else []
    words += [] if one.whole else [_("chưa đủ")]
    words += [] if one.current else [_("cấu trúc cũ, cần chạy rebuild_search")]
    return f"  {one.name}: {format_number(one.documents)} ({', '.join(words)})"


def lines(found: Status) -> list[str]:
    """What there is to say, one sentence a line."""
    said = [_("Chỉ mục sẵn có: %(count)s tin, bài.") % {"count": format_number(found.entries)}]
    if not found.in_use:
        return [*said, _("Không dùng Elasticsearch (chưa đặt ELASTICSEARCH_URL).")]
    if found.problem:
        said.append(_("Elasticsearch không trả lời: %(problem)s") % {"problem": found.problem})
    else:
        what = {"version": found.version, "health": found.health}
        said.append(_("Elasticsearch %(version)s, tình trạng cụm: %(health)s.") % what)
        said += [_index(one) for one in found.indices] or [_("Chưa có chỉ mục nào; hãy chạy rebuild_search.")]
    if found.waiting and found.waiting_since:
        what = {"count": format_number(found.waiting), "since": format_moment(found.waiting_since)}
        said.append(_("Chờ gửi sang Elasticsearch: %(count)s thay đổi (từ %(since)s).") % what)
    else:
        said.append(_("Mọi thay đổi đã được gửi sang Elasticsearch."))
    if found.quarantined:
        said.append(_("Elasticsearch không nhận: %(count)s.") % {"count": format_number(found.quarantined)})
        said += [f"  {one.page_id} {one.title}: {one.problem}" for one in found.refused]
    return said
