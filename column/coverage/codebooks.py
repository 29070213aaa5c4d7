"""Which criterion stands for which in one version of a codebook: “quy về bộ tiêu chí phiên bản n”.

A row is coded on the criterion as it was worded then, and stays so. Another version is a second, named view, like
``column.departments.structure`` for units.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from column.coverage.models import Codebook, Criterion, CriterionMapping


@dataclass(frozen=True)
class Wording:
    """The criteria under those of one version of their document's codebook.

    With ``codebook`` None every criterion is itself. Otherwise a criterion of an earlier version leads along its
    mappings to that version; one of a later version leads back where exactly one criterion became it (what was
    joined is not taken apart). One that leads nowhere stays itself: ``dropped`` when somebody said that the next
    version has none, ``undecided`` when nobody has said anything. Other documents' criteria are themselves.
    """

    codebook: Codebook | None = None
    #: Only the criteria whose image differs from themselves.
    images: Mapping[int, int] = field(default_factory=dict)
    #: Reasons by criterion.
    dropped: Mapping[int, str] = field(default_factory=dict)
    undecided: frozenset[int] = frozenset()
    #: Slugs of the criteria in ``images`` and of their images, for records that outlive the keys.
    slugs: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def load(cls, codebook: Codebook | None) -> Wording:
        """Read the document's criteria and their mappings (two queries; none without a codebook)."""
        if codebook is None:
            return cls()
        known = Criterion.objects.order_by().filter(group__codebook__document=codebook.document_id)
        versions: dict[int, int] = {}
        slugs: dict[int, str] = {}
        for pk, slug, version in known.values_list("pk", "slug", "group__codebook__version"):
            versions[pk], slugs[pk] = version, slug
        mapped = CriterionMapping.objects.order_by("pk").filter(old__in=versions)
        return cls.make(codebook, versions, mapped.values_list("old_id", "new_id", "reason"), slugs)

    @classmethod
    def make(
        cls, codebook: Codebook, versions: Mapping[int, int], mappings: Iterable[tuple[int, int | None, str]],
        slugs: Mapping[int, str] | None = None,
    ) -> Wording:  # fmt: skip
        """From plain data: ``versions`` are the version of each criterion, ``mappings`` (old, new or None, reason)."""
        forward: dict[int, int | None] = {}
        back: dict[int, list[int]] = {}
        reasons: dict[int, str] = {}
        for old, new, reason in mappings:
            forward[old] = new
            if new is None:
                reasons[old] = reason
            else:
                back.setdefault(new, []).append(old)
        images: dict[int, int] = {}
        dropped: dict[int, str] = {}
        undecided: set[int] = set()
        for pk in versions:
            here = pk
            while versions[here] < codebook.version and forward.get(here) is not None:
                here = forward[here] or here
            while versions[here] > codebook.version and len(olds := back.get(here, [])) == 1:
                here = olds[0]
            if here != pk:
                images[pk] = here
            if versions[here] < codebook.version:
                if here in reasons:
                    dropped[here] = reasons[here]
                else:
                    undecided.add(here)
        named = {pk: slugs[pk] for pair in images.items() for pk in pair} if slugs else {}
        return cls(codebook, images, dropped, frozenset(undecided), named)

    def image(self, pk: int) -> int:
        return self.images.get(pk, pk)

    def members(self, pk: int) -> frozenset[int]:
        """The criteria that stand under this one; none when it stands under another itself."""
        own = [] if pk in self.images else [pk]
        return frozenset([*own, *(one for one, image in self.images.items() if image == pk)])

    def by_slug(self) -> dict[str, str]:
        """``images`` by slug, sorted: what a certificate keeps."""
        return dict(sorted((self.slugs[old], self.slugs[new]) for old, new in self.images.items()))
