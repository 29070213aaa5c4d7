"""Which units the demo writes about, and how unevenly: some often, many never."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from column.departments.models import Department
from column.departments.rules import existed_on
from column.transfer.demo.grammar import Subject

#: Groups that a word file names with a star, with the weight of each member. Codes of several eras stand together:
#: only those that exist on a story's day are chosen.
GROUPS: dict[str, dict[str, int]] = {
    "*quan": {
        "quan-hai-chau": 12, "quan-thanh-khe": 8, "quan-cam-le": 7, "quan-lien-chieu": 5, "quan-son-tra": 4,
        "quan-ngu-hanh-son": 3, "phuong-hai-chau-2025": 12, "phuong-thanh-khe-2025": 8, "phuong-cam-le-2025": 7,
        "phuong-hoa-khanh-2025": 5, "phuong-son-tra-2025": 4, "phuong-ngu-hanh-son-2025": 3,
    },
    "*phuong": {
        "phuong-thach-thang": 8, "phuong-hoa-cuong-bac": 7, "phuong-hai-chau-i": 6, "phuong-vinh-trung": 5,
        "phuong-hoa-khanh-bac": 5, "phuong-khue-trung": 4, "phuong-my-an": 4, "phuong-an-hai-bac": 3,
        "phuong-chinh-gian": 3, "phuong-hoa-minh": 2, "phuong-phuoc-ninh": 2, "phuong-nam-duong": 2,
        "phuong-hoa-an": 1, "phuong-thac-gian": 1, "phuong-hoa-xuan": 1, "phuong-hoa-cuong-2025": 8,
        "phuong-an-hai-2025": 6, "phuong-hoa-xuan-2025": 4, "phuong-lien-chieu-2025": 4, "phuong-tam-ky-qn": 4,
        "phuong-hoi-an-qn": 3, "phuong-an-khe-2025": 2, "phuong-dien-ban-qn": 1,
    },
    "*phuong-bien": {
        "phuong-tho-quang": 7, "phuong-man-thai": 4, "phuong-thanh-khe-dong": 3, "phuong-nai-hien-dong": 2,
        "phuong-son-tra-2025": 6, "phuong-hai-van-2025": 2, "xa-tam-hai-qn": 2, "xa-nui-thanh-qn": 1,
    },
    "*xa": {
        "xa-hoa-tien": 6, "xa-hoa-phong": 4, "xa-hoa-bac": 3, "xa-hoa-khuong": 2, "xa-hoa-ninh": 1,
        "xa-hoa-vang-2025": 6, "xa-hoa-tien-2025": 4, "xa-ba-na-2025": 3, "xa-dai-loc-qn": 2, "xa-duy-xuyen-qn": 1,
    },
}  # fmt: skip

#: Bodies that join in, or say what they think of it.
PARTNERS = (
    "so-noi-vu", "so-noi-vu-2025", "so-thong-tin-truyen-thong", "so-khoa-hoc-cong-nghe-2025", "so-tu-phap",
    "mttq-tp", "thanh-doan", "hoi-lhpn-tp", "hoi-ccb-tp", "cong-an-tp", "vp-ubnd-tp", "thanh-tra-tp", "ldld-tp",
)  # fmt: skip


@dataclass(frozen=True)
class Roster:
    """The units by code, read once."""

    by_code: dict[str, Department]

    @classmethod
    def load(cls) -> Roster:
        return cls({unit.code: unit for unit in Department.objects.order_by("code")})

    def choose(self, subject: Subject, day: date, chance: random.Random) -> Department | None:
        """A unit that the subject fits and that existed on the day; None when none did."""
        weights: dict[str, float] = {}
        for name, weight in subject.units:
            members = self._existing(GROUPS.get(name, {name: 1}).items(), day)
            total = sum(share for _code, share in members)
            for code, share in members:
                weights[code] = weights.get(code, 0) + weight * share / total
        return self.by_code[chance.choices(list(weights), list(weights.values()))[0]] if weights else None

    def partner(self, unit: Department, day: date, chance: random.Random) -> Department:
        """Another unit beside this one."""
        found = self._existing(((code, 1) for code in PARTNERS if code != unit.code), day)
        return self.by_code[chance.choice([code for code, _share in found])]

    def _existing(self, members: Iterable[tuple[str, int]], day: date) -> Sequence[tuple[str, int]]:
        return [
            (code, share) for code, share in members if code in self.by_code and existed_on(self.by_code[code], day)
        ]
