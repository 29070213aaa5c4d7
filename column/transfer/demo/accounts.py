"""One demo account per role."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.contrib.auth.models import Group

from column.people.models import Byline, User
from column.people.roles import Role
from column.transfer.demo.composing import BYLINES

#: Role, login name, and the name that colleagues see; nobody real.
_PEOPLE = {
    Role.REPORTER: ("phongvien", "Phóng viên mẫu"),
    Role.EDITOR: ("bientap", "Biên tập viên mẫu"),
    Role.MANAGING_EDITOR: ("thuky", "Thư ký tòa soạn mẫu"),
    Role.CHIEF: ("tongbientap", "Tổng biên tập mẫu"),
    Role.COMMITTEE: ("tonghop", "Cán bộ tổng hợp mẫu"),
    Role.ADMINISTRATOR: ("quantri", "Quản trị mẫu"),
}
#: Without letters and figures that are mistaken for one another.
_LETTERS = "abcdefghkmnpqrstuvwxyz23456789"
_PASSWORD_LENGTH = 10


@dataclass(frozen=True)
class Login:
    """What ``demo_logins.tsv`` holds of an account."""

    role: str
    name: str
    password: str


def make_accounts() -> tuple[dict[Role, User], list[Login]]:
    """The accounts by role, and the logins of those that were made now; one that exists already keeps its password."""
    users: dict[Role, User] = {}
    logins: list[Login] = []
    for role, (name, shown) in _PEOPLE.items():
        user = User.objects.filter(username=name).first()
        if user is None:
            # Drawn anew for every installation: a demo may stand where others reach it.
            password = "".join(secrets.choice(_LETTERS) for _ in range(_PASSWORD_LENGTH))
            user = User.objects.create_user(name, password=password, display_name=shown)
            user.groups.set(Group.objects.filter(name=role))
            logins.append(Login(str(role), name, password))
        users[role] = user
    Byline.objects.create(name=BYLINES[0], user=users[Role.REPORTER])
    return users, logins
