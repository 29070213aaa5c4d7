"""The Site record follows SITE_URL."""

import pytest
from django.conf import settings
from wagtail.models import Page, Site

from newsroom.site import sync_default_site

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("url", "hostname", "port", "root"),
    [
        ("http://127.0.0.1:8001", "127.0.0.1", 8001, "http://127.0.0.1:8001"),
        ("https://chuyenmuc.example.vn", "chuyenmuc.example.vn", 443, "https://chuyenmuc.example.vn"),
        ("http://chuyenmuc.example.vn", "chuyenmuc.example.vn", 80, "http://chuyenmuc.example.vn"),
    ],
)
def test_it_takes_host_and_port(url: str, hostname: str, port: int, root: str) -> None:
    assert sync_default_site(url)
    site = Site.objects.get(is_default_site=True)
    assert (site.hostname, site.port, site.root_url) == (hostname, port, root)
    assert not sync_default_site(url), "a second time there is nothing to do"


def test_pages_name_the_new_address_at_once() -> None:
    def address() -> str | None:
        url: str | None = Page.objects.get(slug="trang-nhat").full_url
        return url

    assert address() == "http://127.0.0.1:8000/"
    sync_default_site("http://127.0.0.1:8001")
    assert address() == "http://127.0.0.1:8001/"


def test_after_migrate_it_is_right() -> None:
    assert Site.objects.get(is_default_site=True).root_url == settings.SITE_URL == "http://127.0.0.1:8000"


def test_without_a_site_nothing_is_done() -> None:
    Site.objects.all().delete()
    assert not sync_default_site("http://127.0.0.1:8001")
    assert not Site.objects.exists()
