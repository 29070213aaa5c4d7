"""*Ủy quyền*: a right lent to another for some days, and what follows from it."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.db.models import Q, QuerySet
from django.dispatch import Signal
from django.utils import timezone

from column.enums import Function
from column.people.models import Delegation, User
from column.people.roles import ACCESS_ADMIN
from column.text.dates import TZ

#: Permissions that can be lent, as ``app.codename``.
LENT: Final[dict[str, Function]] = {f"column.{function}": function for function in Function}

#: Sent inside the transaction that gave a right or took it back. Arguments: ``delegation``, ``user`` (who did it).
delegation_changed = Signal()


class DelegationBackend(BaseBackend):
    """Gives the lent rights on their days, to active accounts that the admin lets in; logs nobody in.

    They are read once for each user object, which a request makes anew: what is revoked is gone at the next click.
    """

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set() if obj is not None else set(lent_to(user_obj))

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        # The admin asks for many other permissions: those cost no query here.
        return perm in LENT and perm in self.get_user_permissions(user_obj, obj)


def lent_to(user: Any) -> dict[str, Delegation]:
    """The permissions lent to *user* today, each with the newest of the delegations that lend it.

    A right that the lender has lost, or whose lender's account is closed, is lent no longer.
    """
    if not user.is_authenticated or not user.is_active:
        return {}
    today = _today()
    known: tuple[date, dict[str, Delegation]] | None = getattr(user, "_lent_permissions", None)
    if known is None or known[0] != today:
        found: dict[str, Delegation] = {}
        if holds_by_role(user, ACCESS_ADMIN):
            rows = Delegation.objects.active(today).filter(delegate=user.pk).select_related("granted_by")
            named = ((f"column.{row.function}", row) for row in rows.order_by("pk"))
            found = {name: row for name, row in named if row.granted_by and holds_by_role(row.granted_by, name)}
        known = user._lent_permissions = (today, found)
    return known[1]


def holds_by_role(user: Any, permission: str) -> bool:
    """Whether the right is the account's own, not lent: only such a right may be lent on."""
    return ModelBackend().has_perm(user, permission)


def stands_in(user: Any, permission: str) -> Delegation | None:
    """The delegation by which *user* has the right, None when it is the account's own or there is none."""
    return None if holds_by_role(user, permission) else lent_to(user).get(permission)


def holders(permission: str) -> QuerySet[User]:
    """Active people of the newsroom who have the right today, by role or lent; administrators by rank alone are not."""
    own, admitted = (
        ModelBackend().with_perm(name, include_superusers=False).values("pk") for name in (permission, ACCESS_ADMIN)
    )
    has = Q(pk__in=own)
    if permission in LENT:
        lent = Delegation.objects.active(_today()).filter(
            function=LENT[permission], granted_by__in=ModelBackend().with_perm(permission)
        )
        has |= Q(pk__in=lent.values("delegate"))
    return User.objects.filter(has, is_active=True, pk__in=admitted).order_by("pk")


def lenders(function: str) -> set[int]:
    """The keys of the active accounts that hold the function's right themselves."""
    return set(ModelBackend().with_perm(f"column.{function}").values_list("pk", flat=True))


def _today() -> date:
    return timezone.localdate(timezone=TZ)
