"""Wagtail's search backend for the admin: explorer, choosers, images, documents, every searchable model.

Wagtail's own database backend takes seconds over a large archive, fails on a quotation mark, does not know đ, and
counts over its whole index at every save (docs/search.md). This one keeps Wagtail's interface: whoever searches hands
over a queryset with filters and permissions, and it is that queryset which is narrowed and returned.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Model, Q
from django.db.models.expressions import RawSQL
from wagtail.search.backends.base import (
    BaseIndex,
    BaseSearchBackend,
    BaseSearchQueryCompiler,
    BaseSearchResults,
    FilterFieldError,
    SearchFieldError,
)
from wagtail.search.index import get_indexed_models
from wagtail.search.query import And, Boost, Fuzzy, MatchAll, Not, Or, Phrase, PlainText
from wagtail.search.utils import get_descendants_content_types_pks

from column.stories.models import Story
from search import admin_index, writing
from search.admin_words import EVERYWHERE, STARTS, TEXT, TITLE, admin_words
from search.expressions import Expression, any_of
from search.models import AdminEntry
from search.query import ParsedQuery, parse


class AdminQueryCompiler(BaseSearchQueryCompiler):
    """From Wagtail's query objects to a condition on the queryset, and to what its results are ranked by."""

    DEFAULT_OPERATOR = "and"
    HANDLES_ORDER_BY_EXPRESSIONS = True
    #: Whether the last word may go on, and only what autocompletion offers is looked at.
    beginning = False

    def check(self) -> None:
        """Filters and orders are the database's: only the names of the fields to search can be wrong."""
        known = {field.field_name for field in self.queryset.model.get_searchable_search_fields()}
        for name in () if self.beginning else self.fields or ():
            if name not in known:
                raise SearchFieldError(
                    f'Cannot search with field "{name}": it is no SearchField of {self.queryset.model.__name__}.',
                    field_name=name,
                )

    @property
    def where(self) -> str:
        if self.beginning:
            return STARTS
        fields = set(self.fields or ())
        if not fields:
            return EVERYWHERE
        return TITLE if fields == {"title"} else EVERYWHERE if "title" in fields else TEXT

    @property
    def types(self) -> list[int]:
        """Content types of the model and of those that extend it."""
        return get_descendants_content_types_pks(self.queryset.model)

    def expression(self, query: PlainText | Phrase | Fuzzy) -> Expression | None:
        """What one piece of text asks for; None when it holds no word."""
        text = f'"{query.query_string}"' if isinstance(query, Phrase) else str(query.query_string)
        parsed = parse(text)
        if not parsed:
            return None
        if isinstance(query, Phrase):
            return parsed.matching()
        if query.operator == "or":
            return any_of([segment.expression(exact=False) for segment in parsed.segments])
        return parsed.beginning() if self.beginning else parsed.matching()

    def condition(self, query: Any) -> Q:
        """*query* as a condition on the queryset's rows."""
        if isinstance(query, MatchAll):
            return Q()
        if isinstance(query, Not):
            if isinstance(query.subquery, MatchAll):
                return Q(pk__in=[])
            return ~self.condition(query.subquery)
        if isinstance(query, (And, Or)):
            together = Q()
            for part in query.subqueries:
                one = self.condition(part)
                together = together & one if isinstance(query, And) else together | one
            return together
        if isinstance(query, Boost):
            return self.condition(query.subquery)
        expression = self.expression(query)
        if expression is None:
            return Q(pk__in=[])
        as_type = self.queryset.model._meta.pk.rel_db_type(connection)
        return Q(pk__in=RawSQL(*admin_words().found(expression, self.where, self.types, as_type)))  # noqa: S611 - ours

    def positive(self, query: Any) -> list[PlainText | Phrase | Fuzzy]:
        """The pieces of text that results should have: what they are ranked by."""
        if isinstance(query, (And, Or)):
            return [piece for part in query.subqueries for piece in self.positive(part)]
        if isinstance(query, Boost):
            return self.positive(query.subquery)
        return [query] if isinstance(query, (PlainText, Phrase, Fuzzy)) else []

    def scores(self) -> dict[str, float]:
        """Object ids as stored with their score, the best first; titles in the query's own accents lead."""
        pieces = self.positive(self.query)
        expressions = [found for piece in pieces if (found := self.expression(piece))]
        if not expressions:
            return {}
        ranked = admin_words().ranked(any_of(expressions), self.where, self.types)
        typed = parse(" ".join(str(piece.query_string) for piece in pieces))
        own = self._in_own_accents(typed)
        top = max((score for _object_id, score in ranked), default=0.0)
        scores = {object_id: score + (top if object_id in own else 0.0) for object_id, score in ranked}
        return dict(sorted(scores.items(), key=lambda item: -item[1]))

    def _in_own_accents(self, typed: ParsedQuery) -> set[str]:
        if not any(segment.accented for segment in typed.segments):
            return set()
        return admin_words().in_own_accents(typed.matching(exact=True), self.types)


class AdminAutocompleteCompiler(AdminQueryCompiler):
    beginning = True


class AdminResults(BaseSearchResults):
    """Lazy: nothing is asked before results, a slice of them or their count are."""

    supports_facet = True

    def _matching(self) -> Any:
        compiler = self.query_compiler
        return compiler.queryset.filter(compiler.condition(compiler.query))

    def _do_search(self) -> list[Any]:
        compiler, matching = self.query_compiler, self._matching()
        scores: dict[str, float] = {}
        wants_score = self._score_field is not None
        if compiler.order_by_relevance or wants_score:
            scores = compiler.scores()
        if not compiler.order_by_relevance or not scores or matching._fields is not None:
            # Wagtail's bulk actions search a list of keys (values_list): its order is of no account.
            if not matching.query.order_by and not matching.query.extra_order_by:
                matching = matching.order_by("-pk")
            found = list(matching[self.start : self.stop])
        else:
            found = self._best(matching, scores)
        if wants_score:
            for one in found:
                setattr(one, self._score_field, scores.get(admin_index.stored_id(one), 0.0))
        return found

    def _best(self, matching: Any, scores: dict[str, float]) -> list[Any]:
        place = {object_id: number for number, object_id in enumerate(scores)}
        as_stored = matching.model._meta.pk.get_db_prep_value
        last = len(place)
        keys = sorted(
            matching.order_by().values_list("pk", flat=True),
            key=lambda pk: place.get(str(as_stored(pk, connection)), last),
        )[self.start : self.stop]
        objects = {one.pk: one for one in self.query_compiler.queryset.filter(pk__in=keys)}
        return [objects[pk] for pk in keys if pk in objects]

    def _do_count(self) -> int:
        total = self._matching().order_by().count()
        stop = total if self.stop is None else min(self.stop, total)
        return max(stop - self.start, 0)

    def facet(self, field_name: str) -> OrderedDict[Any, int]:
        """How many results each value of *field_name* has, all values, the most frequent first."""
        if self.query_compiler._get_filterable_field(field_name) is None:
            raise FilterFieldError(
                f'Cannot facet search results with field "{field_name}": it is no FilterField.', field_name=field_name
            )
        rows = self._matching().order_by().values(field_name).annotate(count=Count("pk", distinct=True))
        return OrderedDict((row[field_name], row["count"]) for row in rows.order_by("-count", field_name))


class AdminIndex(BaseIndex):
    """The one index of the backend. Stories are written with the archive, in one reading."""

    def add_items(self, model: type[Model], items: Sequence[Any]) -> None:
        if not model.get_search_fields():  # type: ignore[attr-defined]
            return
        with transaction.atomic():
            if issubclass(model, Story):
                writing.write([item.pk for item in items])
            else:
                admin_index.write_objects(model, items)

    def delete_item(self, item: Any) -> None:
        admin_index.forget(type(item), admin_index.stored_id(item))

    def reset(self) -> None:
        AdminEntry.objects.all().delete()


class AdminRebuilder:
    """Wagtail's ``rebuild_modelsearch_index``: what no longer exists goes, the rest is compared and mended."""

    def __init__(self, index: AdminIndex) -> None:
        self.index = index

    def start(self) -> AdminIndex:
        kept: list[int] = []
        for model in get_indexed_models():
            types = get_descendants_content_types_pks(model)
            kept += types
            if model._meta.parents:
                continue
            existing = {
                str(model._meta.pk.get_db_prep_value(pk, connection))
                for pk in model._default_manager.values_list("pk", flat=True)
            }
            held = AdminEntry.objects.filter(content_type_id__in=types)
            _delete(pk for pk, object_id in held.values_list("pk", "object_id") if object_id not in existing)
        _delete(AdminEntry.objects.exclude(content_type_id__in=kept).values_list("pk", flat=True))
        return self.index

    def finish(self) -> None:
        """Nothing is left to do: every batch was whole."""


def _delete(pks: Iterable[int]) -> None:
    gone = list(pks)
    for start in range(0, len(gone), 500):
        AdminEntry.objects.filter(pk__in=gone[start : start + 500]).delete()


class SearchBackend(BaseSearchBackend):
    query_compiler_class = AdminQueryCompiler
    autocomplete_query_compiler_class = AdminAutocompleteCompiler
    index_class = AdminIndex
    results_class = AdminResults
    rebuilder_class = AdminRebuilder
