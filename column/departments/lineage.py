"""How units hang together: branches by ``parent``, lineages by ``successors``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from column.departments.models import Department


@dataclass(frozen=True)
class Lineage:
    """The whole unit list as a graph of primary keys, read once (two queries).

    A lineage follows a rename or a merger; it stops at a split, whose shares nobody can tell
    (domain.md, *Coverage*, rule 4). So every unit belongs to exactly one lineage. A duplicate leads to its unit as a
    renamed one does.
    """

    children: dict[int, list[int]] = field(default_factory=dict)
    predecessors: dict[int, list[int]] = field(default_factory=dict)
    successors: dict[int, list[int]] = field(default_factory=dict)

    @classmethod
    def load(cls) -> Lineage:
        graph = cls()
        same: dict[int, int] = {}
        for pk, parent, own in Department.objects.order_by().values_list("pk", "parent_id", "merged_into_id"):
            if parent is not None:
                graph.children.setdefault(parent, []).append(pk)
            if own is not None:
                same[pk] = own
        through = Department.successors.through.objects.order_by("pk")
        links = list(through.values_list("from_department_id", "to_department_id"))
        for old, new in [*(link for link in links if link[0] not in same), *same.items()]:
            graph.predecessors.setdefault(new, []).append(old)
            graph.successors.setdefault(old, []).append(new)
        return graph

    def with_predecessors(self, pks: Iterable[int]) -> set[int]:
        """These units and all that wholly became them: “gồm các phường cũ …”."""
        whole = {
            new: [old for old in olds if len(self.successors[old]) == 1] for new, olds in self.predecessors.items()
        }
        return _closure(pks, whole)

    def with_branch(self, pks: Iterable[int]) -> set[int]:
        """These units and all below them, of whatever time."""
        return _closure(pks, self.children)

    def head(self, pk: int) -> int:
        """The unit whose page tells this one's story: itself when it lives on, or was split among several."""
        seen = {pk}
        while len(following := self.successors.get(pk, [])) == 1 and following[0] not in seen:
            pk = following[0]
            seen.add(pk)
        return pk


def _closure(start: Iterable[int], step: dict[int, list[int]]) -> set[int]:
    found = set(start)
    waiting = list(found)
    while waiting:
        for pk in step.get(waiting.pop(), ()):
            if pk not in found:
                found.add(pk)
                waiting.append(pk)
    return found
