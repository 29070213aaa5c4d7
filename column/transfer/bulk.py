"""What Wagtail writes beside a page (references, the admin's index), for many pages at once.

In the caller's transaction, from the same functions that Wagtail itself uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from modelcluster.models import ClusterableModel, get_all_child_relations, get_field_value
from wagtail.models import ReferenceIndex
from wagtail.search.backends import get_search_backends

from column.inserting import insert_values, is_plain


def insert_references(objects: Iterable[models.Model]) -> None:
    """Entries of Wagtail's reference index for objects that have none yet."""
    rows: list[tuple[Any, ...]] = []
    for instance in objects:
        base = ReferenceIndex._get_base_content_type(instance)
        kind = ContentType.objects.get_for_model(type(instance), for_concrete_model=False)
        rows.extend(
            (kind.pk, base.pk, instance.pk, to_type, to_id, model_path, content_path,
             ReferenceIndex._get_content_path_hash(content_path))
            for to_type, to_id, model_path, content_path in set(
                ReferenceIndex._extract_references_from_object(instance)
            )
        )  # fmt: skip
    insert_values(ReferenceIndex, _REFERENCE, rows)


_REFERENCE = (
    "content_type_id", "base_content_type_id", "object_id", "to_content_type_id", "to_object_id", "model_path",
    "content_path", "content_path_hash",
)  # fmt: skip


def index_for_admin(model: type[models.Model], objects: Sequence[Any]) -> None:
    """Entries of the search indexes that the admin asks; they hold drafts too.

    A model that says it is not indexed by Wagtail's signals is indexed by whoever hears the announcement.
    """
    if not getattr(model, "search_auto_update", True):
        return
    for backend in get_search_backends(with_auto_update=True):
        backend.add_bulk(model, list(objects))


def serialised(one: ClusterableModel) -> dict[str, Any]:
    """What ``serializable_data()`` gives, in a third of the time: most values of a story need no making."""
    content: dict[str, Any] = {"pk": one.pk}
    for field in one._meta.fields:
        if field.serialize:
            value = getattr(one, field.attname)
            content[field.name] = value if is_plain(field, value) else get_field_value(field, one)
    for name in _child_relations(one._meta):
        content[name] = [serialised(child) for child in getattr(one, name).all()]
    return content


@cache
def _child_relations(of: Any) -> tuple[str, ...]:
    return tuple(relation.get_accessor_name() for relation in get_all_child_relations(of.model))
