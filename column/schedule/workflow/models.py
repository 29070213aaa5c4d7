"""The steps of the approval workflow: each is done by whoever holds its right, by role or by delegation."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Task


class FunctionTask(Task):
    """One step (*biên tập*, *duyệt*) that belongs to a right, not to a group: a delegate may do it too."""

    permission = models.CharField(
        _("Việc của người có quyền"), max_length=60,
        choices=[
            ("column.review_story", _("Biên tập tin, bài được trình")),
            ("column.approve_story", _("Duyệt tin, bài")),
        ],
    )  # fmt: skip

    class Meta:
        verbose_name = _("bước duyệt theo chức năng")
        verbose_name_plural = _("bước duyệt theo chức năng")

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        return bool(user.has_perm(self.permission))
