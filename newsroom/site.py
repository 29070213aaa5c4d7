"""Wagtail's Site record, kept equal to SITE_URL: absolute addresses in feeds, mails and previews come from it."""

from urllib.parse import urlsplit

from wagtail.models import Site

__all__ = ["Site", "sync_default_site"]

_DEFAULT_PORTS = {"http": 80, "https": 443}


def sync_default_site(site_url: str) -> bool:
    """Give the default site the host and port of ``site_url``; return whether anything changed.

    Without a default site (before the first pages exist) nothing is done. Saved through the model, since Wagtail
    keeps root paths in a cache that its own signal empties.
    """
    parts = urlsplit(site_url)
    hostname, port = parts.hostname or "localhost", parts.port or _DEFAULT_PORTS[parts.scheme]
    site = Site.objects.filter(is_default_site=True).first()
    if site is None or (site.hostname, site.port) == (hostname, port):
        return False
    site.hostname, site.port = hostname, port
    site.save(update_fields=["hostname", "port"])
    return True
