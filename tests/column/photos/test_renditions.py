"""Renditions: upright, with the credit, without place and camera; and no 500 for a lost file."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.files.images import ImageFile
from PIL import Image as PillowImages
from PIL.ExifTags import GPS, IFD, Base

from column.photos.metadata import ARTIST, COPYRIGHT, credit_exif
from column.photos.models import Picture, Rendition
from column.photos.shapes import SHAPES, fetch_renditions, renditions
from tests.factories import make_article, make_picture

pytestmark = pytest.mark.django_db

SERIAL = 0xA431


def telling_exif(**tags) -> PillowImages.Exif:
    exif = PillowImages.Exif()
    exif[Base.Make] = "Máy ảnh"
    exif[SERIAL] = "SN-123456"
    exif[COPYRIGHT] = "© Báo".encode()
    for tag, value in tags.items():
        exif[Base[tag]] = value
    gps = exif.get_ifd(IFD.GPSInfo)
    gps[GPS.GPSLatitudeRef], gps[GPS.GPSLatitude] = "N", (16.0, 4.0, 30.0)
    return exif


def picture_from(image_format: str, *, size=(900, 600), mode="RGB", credit="KIM LIÊN", **options) -> Picture:
    buffer = io.BytesIO()
    drawn = PillowImages.new(mode, size, (200, 30, 30, 40)[: len(mode)])
    drawn.save(buffer, image_format, **options)
    return Picture.objects.create(
        title="Ảnh", credit=credit, file=ImageFile(buffer, name=f"anh.{image_format.lower()}")
    )


def bytes_of(rendition: Rendition) -> bytes:
    with rendition.file.open() as file:
        return file.read()


def opened(rendition: Rendition) -> PillowImages.Image:
    image = PillowImages.open(io.BytesIO(bytes_of(rendition)))
    image.load()
    return image


SPECS = [*(f"width-300|format-{name}" for name in ("webp", "jpeg", "png", "avif")), "max-165x165"]


@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.parametrize("source", ["JPEG", "PNG", "WEBP"])
def test_no_place_no_serial_number_but_the_credit(source, spec):
    picture = picture_from(source, exif=telling_exif())
    with picture.file.open() as file:
        assert PillowImages.open(file).getexif().get_ifd(IFD.GPSInfo)
    rendition = picture.get_rendition(spec)
    data = bytes_of(rendition)
    assert b"SN-123456" not in data
    exif = opened(rendition).getexif()
    assert {**exif} == {ARTIST: "KIM LIÊN".encode().decode("latin-1"), COPYRIGHT: "© Báo".encode().decode("latin-1")}
    assert not exif.get_ifd(IFD.GPSInfo)


@pytest.mark.parametrize("spec", SPECS)
def test_other_blocks_of_metadata_go_too(spec):
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><gps>16.07</gps></x:xmpmeta>'
    picture = picture_from("JPEG", xmp=xmp, comment=b"nha rieng")
    data = bytes_of(picture.get_rendition(spec))
    assert b"16.07" not in data
    assert b"nha rieng" not in data


@pytest.mark.parametrize("spec", SPECS)
def test_without_any_credit_there_is_no_metadata(spec):
    picture = picture_from("JPEG", credit="")
    assert {**opened(picture.get_rendition(spec)).getexif()} == {}


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "CMYK"])
@pytest.mark.parametrize("spec", SPECS)
def test_every_kind_of_pixels_is_rendered_with_the_credit(mode, spec):
    image_format = "JPEG" if mode in {"L", "CMYK"} else "PNG"
    buffer = io.BytesIO()
    PillowImages.new("RGBA", (600, 400), (200, 30, 30, 40)).convert("RGB" if mode == "CMYK" else "RGBA").convert(
        mode
    ).save(buffer, image_format)
    picture = Picture.objects.create(title="Ảnh", credit="AN", file=ImageFile(buffer, name=f"a.{image_format.lower()}"))
    assert opened(picture.get_rendition(spec)).getexif()[ARTIST] == "AN"


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
@pytest.mark.parametrize("original", [b"", b"Exif\0\0rac", b"Exif\0\0II*\0\xff\xff\xff\xff", b"\0" * 40])
def test_damaged_metadata_says_nothing(original):
    said = PillowImages.Exif()
    said.load(credit_exif(original, "AN"))
    assert {**said} == {ARTIST: "AN", COPYRIGHT: "AN"}
    assert credit_exif(original, "") == b""


def test_a_photo_held_upright_is_shown_upright():
    picture = picture_from("JPEG", size=(900, 600), exif=telling_exif(Orientation=6))
    rendition = picture.get_rendition("width-300|format-webp")
    assert (rendition.width, rendition.height) == (300, 450)
    assert Base.Orientation not in opened(rendition).getexif()


@pytest.mark.parametrize("shape", [name for name in SHAPES if name != "share"])
def test_readers_get_webp_with_its_dimensions(shape):
    made = renditions(make_picture(size=(2000, 1400)), shape)
    assert [rendition.width for rendition in made] == sorted({rendition.width for rendition in made})
    assert {rendition.file.name.rpartition(".")[2] for rendition in made} == {"webp"}
    for rendition in made:
        assert opened(rendition).size == (rendition.width, rendition.height)


@pytest.mark.parametrize("number", [1, 5])
def test_a_list_of_photos_asks_once(django_assert_num_queries, number):
    pictures = [make_picture(size=(800, 600)) for _ in range(number)]
    for picture in pictures:
        renditions(picture, "thumb")
    fresh = list(Picture.objects.all())
    with django_assert_num_queries(1):
        fetch_renditions(fresh, "thumb")
        assert all(renditions(picture, "thumb") for picture in fresh)


def test_asked_about_for_one_shape_after_another(django_assert_num_queries):
    """As the front page does with its article: among the newest, then large."""
    picture = make_picture(size=(1600, 1200))

    def files(of: Picture) -> list[list[str]]:
        return [[one.file.name for one in renditions(of, shape)] for shape in ("thumb", "front")]

    made = files(picture)
    fresh = Picture.objects.get()
    for shape in ("thumb", "front"):
        fetch_renditions([fresh], shape)
    picture.file.storage.delete(picture.file.name)  # nothing can be made anew
    with django_assert_num_queries(0):
        assert files(fresh) == made


def test_the_front_page_makes_nothing_that_is_there(client):
    picture = make_picture(size=(1600, 1200))
    make_article("Bài mở đầu", lead_photo=picture, issue_date=date(2017, 2, 16))
    shown = client.get("/?x=1").content
    assert b"<img" in shown
    picture.file.storage.delete(picture.file.name)
    assert client.get("/?x=2").content.count(b"<img") == shown.count(b"<img")


DAMAGE = {
    "gone": None,
    "empty": b"",
    "not an image": b"day khong phai la anh",
    "truncated": "half",
    "a bomb": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\x0f\xff\xff\0\x0f\xff\xff\x08\x02\0\0\0",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_lost_or_damaged_file_leaves_the_words(client, damage):
    picture = make_picture(size=(1600, 1200))
    story = make_article("Bài có ảnh hỏng", lead_photo=picture)
    path = picture.file.path
    if damage is None:
        picture.file.storage.delete(picture.file.name)
    else:
        with open(path, "rb") as file:  # noqa: PTH123
            whole = file.read()
        with open(path, "wb") as file:  # noqa: PTH123
            file.write(whole[: len(whole) // 2] if damage == "half" else damage)
    Rendition.objects.all().delete()
    assert renditions(Picture.objects.get(), "story") == []
    for page in (story.url, "/"):
        response = client.get(page)
        assert response.status_code == 200
        assert "Bài có ảnh hỏng" in response.content.decode()
