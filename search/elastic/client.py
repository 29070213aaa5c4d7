"""The connection to Elasticsearch: one client for each process, with little patience."""

from __future__ import annotations

import os
from functools import lru_cache

from django.conf import settings
from elastic_transport.client_utils import DEFAULT
from elasticsearch import ApiError, Elasticsearch
from elasticsearch import TransportError as Unreachable

#: Seconds for a batch of documents, and for making or changing an index.
WRITING = 30.0


class Unanswered(Exception):
    """Elasticsearch gave a part of an answer, which is none."""


#: Whatever a cluster can do to us: it refuses, hangs, is too busy, has no such index.
FAULTS: tuple[type[Exception], ...] = (ApiError, Unreachable, Unanswered)


def client() -> Elasticsearch:
    """For questions of readers, who do not wait."""
    return _patient(settings.ELASTICSEARCH_PATIENCE)


def writing() -> Elasticsearch:
    """For everything else."""
    return _patient(WRITING)


def _patient(seconds: float) -> Elasticsearch:
    url, key, ca = settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_API_KEY, settings.ELASTICSEARCH_CA
    return _made(url, key, ca, seconds, os.getpid())


@lru_cache(maxsize=8)
def _made(urls: str, api_key: str, ca: str, seconds: float, _process: int) -> Elasticsearch:
    # By process: sockets do not survive a fork.
    hosts = [url.strip() for url in urls.split(",") if url.strip()]
    return Elasticsearch(
        hosts,
        api_key=api_key or None,
        ca_certs=ca or DEFAULT,
        request_timeout=seconds,
        # Another node is asked when one refuses; a slow cluster is not asked twice.
        max_retries=min(len(hosts) - 1, 2),
        retry_on_timeout=False,
    )
