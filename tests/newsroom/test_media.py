"""Only renditions leave the media folder by its public address."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings


@pytest.fixture
def media(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    settings.MEDIA_ROOT = tmp_path
    for name in ("images/a.width-800.webp", "original_images/a.jpg", "documents/scan.pdf", "secret.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"bytes of " + name.encode())
    return tmp_path


@pytest.mark.usefixtures("media")
@pytest.mark.django_db
def test_a_rendition_is_served_for_a_year(client: Client) -> None:
    response = client.get("/media/images/a.width-800.webp")
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == b"bytes of images/a.width-800.webp"  # type: ignore[attr-defined]
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.usefixtures("media")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/media/original_images/a.jpg", 404),
        ("/media/documents/scan.pdf", 404),
        ("/media/secret.txt", 404),
        ("/media/images/", 404),
        ("/media/images/none.webp", 404),
        ("/media/images/../original_images/a.jpg", 400),
        ("/media/images/%2e%2e/documents/scan.pdf", 400),
        ("/media/images//etc/passwd", 404),
    ],
)
def test_nothing_else_is(client: Client, path: str, status: int) -> None:
    assert client.get(path).status_code == status
