"""What an index is made of.

Words are analysed by us, before (:mod:`column.text.tokens`), the same for both adapters: a document holds rows of
words with blanks between them, and Elasticsearch's own analysis is to split at the blanks. Snippets are cut from the
text itself (:mod:`search.highlight`), which the database has; so nothing but ids is ever read from here, and
``_source`` is not kept.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from elasticsearch import dsl

#: Changes with everything that calls for new documents; ``search_status`` tells of an index of another shape.
SHAPE = "1"

WORDS = dsl.analyzer("words", type="custom", tokenizer="whitespace")


def mapping() -> dsl.Mapping:
    """Fields that are not named here are refused."""
    found = dsl.Mapping()
    found.meta("dynamic", "strict")
    found.meta("_source", enabled=False)
    found.meta("_meta", shape=SHAPE)
    found.field("id", dsl.Long())
    found.field("day", dsl.Date(format="strict_date"))
    #: ``don-vi:so-y-te``: every value that some filter finds the story by.
    # The counts' list of values is made when a change is written, not by the first reader after it.
    found.field("values", dsl.Keyword(eager_global_ordinals=True))
    found.field("hash", dsl.Keyword(index=False))
    for field in ("title", "text"):
        for form in ("exact", "folded"):
            found.field(f"{field}_{form}", dsl.Text(analyzer=WORDS))
    return found


def alias() -> str:
    """What is searched: an alias of exactly one index."""
    return str(settings.ELASTICSEARCH_INDEX)


def made_of(name: str, write_alias: str) -> dict[str, Any]:
    """The request that makes the index *name*."""
    index = dsl.Index(name)
    index.mapping(mapping())
    index.aliases(**{write_alias: {}})
    index.settings(
        number_of_shards=settings.ELASTICSEARCH_SHARDS,
        # Copies on further nodes, where there are any.
        auto_expand_replicas=f"0-{settings.ELASTICSEARCH_REPLICAS}",
        # A deletion is remembered so long: a write that comes later than it brings nothing back.
        gc_deletes="1h",
    )
    return dict(index.to_dict())
