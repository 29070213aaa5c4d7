"""What is refused at the door, in which words, on every door; and what is let in."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image as PillowImages

from column.people.roles import Role
from column.photos.models import Picture
from tests.factories import make_picture, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def editor(client: Client):
    user = make_user("bien-tap", Role.EDITOR)
    client.force_login(user)
    return user


def image(image_format: str = "JPEG", size: tuple[int, int] = (64, 48), **options) -> bytes:
    buffer = io.BytesIO()
    PillowImages.new("RGB", size, (180, 60, 40)).save(buffer, image_format, **options)
    return buffer.getvalue()


def moving(image_format: str) -> bytes:
    frames = [PillowImages.new("RGB", (32, 32), (shade, 0, 0)) for shade in (0, 120, 240)]
    buffer = io.BytesIO()
    frames[0].save(buffer, image_format, save_all=True, append_images=frames[1:], duration=100)
    return buffer.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it has that many pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 100)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

REFUSED = {
    "text": ("anh.jpg", b"day la van ban, khong phai anh" * 20, "không phải là ảnh"),
    "empty": ("anh.jpg", b"", "rỗng"),
    "svg": ("anh.svg", SVG, "SVG thì xuất ra PNG"),
    "svg in disguise": ("anh.png", SVG, "không phải là ảnh"),
    "script in disguise": ("anh.jpg", b"<html><script>alert(1)</script>", "không phải là ảnh"),
    "truncated JPEG": ("anh.jpg", image(size=(800, 600))[:-400], "hỏng hoặc bị cụt"),
    "header alone": ("anh.jpg", image()[:30], "hỏng hoặc bị cụt"),
    "truncated PNG": ("anh.png", image("PNG", (400, 400))[:-30], "hỏng hoặc bị cụt"),
    "truncated WebP": ("anh.webp", image("WEBP", (400, 400))[:-40], "hỏng hoặc bị cụt"),
    "60 megapixels": ("anh.png", bomb(10_000, 6_000), "10.000 × 6.000 điểm ảnh, quá mức 50 triệu"),
    "100 megapixels": ("anh.png", bomb(10_000, 10_000), "50 triệu"),
    "absurd": ("anh.png", bomb(200_000, 200_000), "quá nhiều điểm ảnh (tối đa 50 triệu)"),
    "moving GIF": ("anh.gif", moving("GIF"), "ảnh động"),
    "moving WebP": ("anh.webp", moving("WEBP"), "ảnh động"),
    "moving PNG": ("anh.png", moving("PNG"), "ảnh động"),
    "wrong extension": ("anh.jpg", image("PNG"), "đuôi .jpg nhưng bên trong là ảnh png"),
    "TIFF": ("anh.jpg", image("TIFF"), "không phải là ảnh"),
    "no extension": ("anh", image(), "Không nhận loại tệp này"),
    "program": ("anh.exe", image(), "Không nhận loại tệp này"),
}

DETAILS = {"title": "Ảnh thử", "caption": "", "credit": "", "rights": "", "alt_text": ""}


def by_many(client: Client, name: str, data: bytes) -> tuple[int, str]:
    """The screen of many uploads: the answer's sentence, from its JSON."""
    sent = {"title": name, "files[]": SimpleUploadedFile(name, data)}
    response = client.post(reverse("wagtailimages:add_multiple"), sent, headers={"x-requested-with": "XMLHttpRequest"})
    return response.status_code, response.json().get("error_message", "")


def by_one(client: Client, name: str, data: bytes) -> tuple[int, str]:
    response = client.post(reverse("wagtailimages:add"), {**DETAILS, "file": SimpleUploadedFile(name, data)})
    return response.status_code, response.content.decode() if response.status_code == 200 else ""


def by_chooser(client: Client, name: str, data: bytes) -> tuple[int, str]:
    prefixed = {f"image-chooser-upload-{key}": value for key, value in DETAILS.items()}
    sent = {**prefixed, "image-chooser-upload-file": SimpleUploadedFile(name, data)}
    response = client.post(reverse("wagtailimages_chooser:create"), sent)
    answer = response.json()
    return response.status_code, "" if answer["step"] == "chosen" else answer["htmlFragment"]


DOORS = {"many": by_many, "one": by_one, "chooser": by_chooser}


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
@pytest.mark.parametrize(("name", "data", "sentence"), REFUSED.values(), ids=REFUSED)
def test_refused_in_words_that_say_what_to_do(client: Client, door, name, data, sentence):
    status, said = door(client, name, data)
    assert status == 200
    assert sentence in said
    assert not Picture.objects.exists()


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
def test_a_heavy_file_is_refused(client: Client, door, settings):
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 1024 * 1024
    status, said = door(client, "anh.jpg", image() + b"\0" * 1_600_000)
    assert status == 200
    assert "Tệp nặng 1,5 MB, quá mức 1 MB" in said


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
@pytest.mark.parametrize(
    ("name", "image_format"),
    [
        ("anh.jpg", "JPEG"), ("anh.JPEG", "JPEG"), ("anh.png", "PNG"), ("anh.webp", "WEBP"), ("anh.gif", "GIF"),
        ("anh.avif", "AVIF"), ("anh.heic", "HEIF"),
    ],
)  # fmt: skip
def test_photos_come_in(client: Client, door, name, image_format):
    _status, said = door(client, name, image(image_format))
    assert said == ""
    picture = Picture.objects.get()
    assert (picture.width, picture.height) == (64, 48)
    # The admin's own small picture, whatever came in.
    assert picture.get_rendition("max-165x165").file.name.endswith(".webp")


# Outside tests Pillow only warns of as many pixels as this.
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_nothing_is_decoded_before_the_size_is_known(client: Client, monkeypatch):
    def never(*args, **kwargs):
        raise AssertionError

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", never)
    said = by_many(client, "anh.png", bomb(10_000, 10_000))[1]
    assert said == "Ảnh 10.000 × 10.000 điểm ảnh, quá mức 50 triệu; hãy thu nhỏ trước khi tải lên."


def test_a_vietnamese_name_becomes_a_plain_file_and_stays_a_title(client: Client):
    by_many(client, "Ảnh đồng chí ở Điện Bàn (1).jpg", image())
    picture = Picture.objects.get()
    assert picture.title == "Ảnh đồng chí ở Điện Bàn (1).jpg"
    assert picture.file.name.startswith("original_images/Anh_dong_chi_o_Dien_Ban_1")


def test_what_is_pasted_is_composed_and_cleaned(client: Client):
    sent = {
        **DETAILS, "title": "Ti\u0301t\x00 ảnh", "caption": "Ca\u0301n bộ\u200b hướng dẫn",
        "credit": "KIM LIE\u0302N", "taken_at": "14h12 ngày 3/2/2017", "file": SimpleUploadedFile("anh.jpg", image()),
    }  # fmt: skip
    assert client.post(reverse("wagtailimages:add"), sent).status_code == 302
    picture = Picture.objects.get()
    assert (picture.title, picture.caption, picture.credit) == ("Tít ảnh", "Cán bộ hướng dẫn", "KIM LIÊN")
    assert picture.taken_at.isoformat() == "2017-02-03T07:12:00+00:00"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "a" * 300, "255"), ("caption", "a" * 1001, "1000"), ("alt_text", "a" * 301, "300"),
        ("taken_at", "2017", "là một con số, không phải ngày"), ("taken_at", "1/1/0217", "Năm"),
    ],
)  # fmt: skip
def test_too_long_or_unreadable_words_are_named(client: Client, field, value, sentence):
    sent = {**DETAILS, field: value, "file": SimpleUploadedFile("anh.jpg", image())}
    response = client.post(reverse("wagtailimages:add"), sent)
    assert response.status_code == 200
    assert sentence in response.content.decode()


def test_another_file_takes_the_place_of_the_first(client: Client, django_capture_on_commit_callbacks):
    picture = make_picture(size=(1200, 800))
    first, rendition = picture.file.name, picture.get_rendition("width-480|format-webp")
    sent = {**DETAILS, "title": "Ảnh thử", "file": SimpleUploadedFile("moi.jpg", image(size=(600, 600)))}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("wagtailimages:edit", args=[picture.pk]), sent).status_code == 302
    picture = Picture.objects.get()
    assert (picture.width, picture.height) == (600, 600)
    assert picture.file.name != first
    assert not picture.file.storage.exists(first)
    assert picture.get_rendition("width-480|format-webp").url != rendition.url
    refused = {**DETAILS, "title": "Ảnh thử", "file": SimpleUploadedFile("moi.jpg", b"khong phai anh")}
    assert client.post(reverse("wagtailimages:edit", args=[picture.pk]), refused).status_code == 200
    assert Picture.objects.get().file.storage.exists(picture.file.name)


def test_the_words_may_be_changed_without_the_file(client: Client):
    picture = make_picture()
    sent = {**DETAILS, "title": "Tên mới", "caption": "Chú thích mới", "is_decorative": "on"}
    assert client.post(reverse("wagtailimages:edit", args=[picture.pk]), sent).status_code == 302
    picture.refresh_from_db()
    assert (picture.title, picture.caption, picture.is_decorative) == ("Tên mới", "Chú thích mới", True)
