"""That Elasticsearch refuses a document is told to those who keep the system; nobody else could mend it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.backends import ModelBackend
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from column.enums import NoticeKind
from column.people.models import User
from column.people.roles import ACCESS_ADMIN
from column.schedule.notices.telling import tell
from column.text.dates import TZ, format_number

#: Whose affair the system itself is.
KEEPS = "wagtailcore.change_site"


def keepers() -> QuerySet[User]:
    """Active accounts that keep the system and come into the admin."""
    keeping, admitted = (ModelBackend().with_perm(name).values("pk") for name in (KEEPS, ACCESS_ADMIN))
    return User.objects.filter(pk__in=keeping, is_active=True).filter(pk__in=admitted).order_by("pk")


def tell_of_refused(reasons: Sequence[str], now: datetime) -> None:
    """An alarm to each keeper, once a day however many documents are refused; the status page names them all."""
    if not reasons:
        return
    tell(
        keepers(), NoticeKind.ALARM, key=f"search-refused:{timezone.localdate(now, TZ).isoformat()}",
        subject=_("Báo động: Elasticsearch không nhận tài liệu"),
        text=_(
            "Elasticsearch không nhận %(count)s tin, bài khi ghi chỉ mục tìm kiếm; các tin, bài khác vẫn được ghi."
            " Bạn đọc có thể không tìm thấy những tin, bài này, hoặc thấy bản cũ. Việc cần làm: mở trang Tình trạng"
            " tìm kiếm để xem là tin, bài nào và vì sao.\n\nElasticsearch trả lời: %(reason)s"
        )
        % {"count": format_number(len(reasons)), "reason": reasons[0][:300]},
        url=reverse("search_status"), now=now,
    )  # fmt: skip
