"""Versions of a codebook: a new one copies the old, each old criterion leads to one new one or to none, with a reason.

Nothing that was coded is touched. What has coded rows keeps its meaning: its label may be corrected, with a reason
that the log keeps; for another meaning there is another version.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from column.coverage.models import Codebook, Coverage, Criterion, CriterionGroup, CriterionMapping, SolutionGroup
from column.people.models import User

VERSIONED, MAPPED, RELABELLED = "column.codebook.version", "column.criterion.mapped", "column.criterion.relabelled"


@transaction.atomic
def new_version(codebook: Codebook, *, title: str, in_use_from: date, user: User | None) -> Codebook:
    """Copy the newest version of a document's codebook: groups, criteria, groups of solutions.

    The old version ends the day before, unless its end is known; each old criterion leads to its copy until a person
    says otherwise. ValidationError (Vietnamese) when it is not the newest, or the new one would begin before it.
    """
    versions = Codebook.objects.select_for_update().filter(document=codebook.document_id)
    newest = max(one.version for one in versions)
    if codebook.version != newest:
        raise ValidationError(_("Chỉ lập phiên bản mới từ phiên bản mới nhất (%(version)d).") % {"version": newest})
    if codebook.in_use_from and in_use_from <= codebook.in_use_from:
        raise ValidationError(_("Phiên bản mới phải bắt đầu sau phiên bản cũ."))
    if codebook.in_use_to is None or codebook.in_use_to >= in_use_from:
        codebook.in_use_to = in_use_from - timedelta(days=1)
        codebook.save(update_fields=["in_use_to"])
    number = newest + 1
    made = Codebook.objects.create(
        document=codebook.document, version=number, title=title, in_use_from=in_use_from
    )  # fmt: skip
    copies: dict[int, Criterion] = {}
    for group in CriterionGroup.objects.filter(codebook=codebook).order_by("order", "pk"):
        copy = CriterionGroup.objects.create(
            codebook=made, family=group.family, name=group.name, prefix=group.prefix, order=group.order
        )
        for one in group.criteria.order_by("order", "pk"):
            copies[one.pk] = Criterion.objects.create(
                group=copy, slug=_free_slug(one.slug, number), name=one.name, description=one.description,
                order=one.order,
            )  # fmt: skip
    for solution in SolutionGroup.objects.filter(codebook=codebook):
        twin = SolutionGroup.objects.create(codebook=made, name=solution.name, order=solution.order)
        twin.criteria.set(copies[one.pk] for one in solution.criteria.all() if one.pk in copies)
    CriterionMapping.objects.bulk_create(
        CriterionMapping(old_id=old, new=new, decided_by=user) for old, new in copies.items()
    )
    log(instance=made, action=VERSIONED, user=user, data={"from": codebook.version, "criteria": len(copies)})
    return made


def _free_slug(slug: str, number: int) -> str:
    """``ky-cuong-v2``: the address of the old criterion stays its own."""
    base = slug.removesuffix(f"-v{number - 1}")
    wish = f"{base[:54]}-v{number}"
    taken = set(Criterion.objects.filter(slug__startswith=wish).values_list("slug", flat=True))
    return next(one for one in (wish, *(f"{wish}-{n}" for n in range(2, 100))) if one not in taken)


def next_version(codebook: Codebook) -> Codebook | None:
    return (
        Codebook.objects.filter(document=codebook.document_id, version__gt=codebook.version)
        .order_by("version")
        .first()
    )  # fmt: skip


@transaction.atomic
def map_criterion(old: Criterion, new: Criterion | None, *, reason: str, user: User | None) -> bool:
    """Say what became of a criterion in the next version; whether that is news. ValidationError (Vietnamese)."""
    following = next_version(old.group.codebook)
    if following is None:
        raise ValidationError(_("Bộ tiêu chí này chưa có phiên bản sau."))
    if new is not None and new.group.codebook_id != following.pk:
        raise ValidationError(_("“%(new)s” không thuộc phiên bản kế tiếp.") % {"new": new})
    if new is None and not reason.strip():
        raise ValidationError(_("“%(old)s”: hãy ghi lý do khi không có tiêu chí tương ứng.") % {"old": old})
    known = (
        CriterionMapping.objects.select_for_update(of=("self",)).filter(old=old).select_related("new__group").first()
    )
    if known and known.new_id == (new.pk if new else None) and known.reason == reason:
        return False
    before = known.new.slug if known and known.new else None
    CriterionMapping.objects.update_or_create(
        old=old, defaults={"new": new, "reason": reason, "decided_by": user}
    )  # fmt: skip
    log(
        instance=old, action=MAPPED, user=user,
        data={
            "before": before, "after": new.slug if new else None, "label": new.label if new else "", "reason": reason,
        },
    )  # fmt: skip
    return True


def is_coded(one: Criterion | CriterionGroup | Codebook) -> bool:
    """Whether any row of coverage rests on it."""
    rows = Coverage.objects.all()
    if isinstance(one, Criterion):
        return rows.filter(criterion=one.pk).exists()
    if isinstance(one, CriterionGroup):
        return rows.filter(criterion__group=one.pk).exists()
    return rows.filter(criterion__group__codebook=one.pk).exists()


def tell_relabelled(one: Any, before: dict[str, str], after: dict[str, str], reason: str, user: Any) -> None:
    """The log keeps what a label said before."""
    changed = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if changed:
        log(instance=one, action=RELABELLED, user=user, data={"changed": changed, "reason": reason})
