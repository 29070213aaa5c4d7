"""The files of an archive's photos: found beside the archive, never outside it, and looked at before they are kept."""

from __future__ import annotations

import hashlib
import io
import unicodedata
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image

from column.transfer.problems import BadCell, BadFile

#: Pillow's formats that are taken, and how their files are named. A phone's JPEG is often an MPO.
FORMATS = {
    "JPEG": ".jpg", "MPO": ".jpg", "PNG": ".png", "GIF": ".gif", "WEBP": ".webp", "AVIF": ".avif", "HEIF": ".heic",
}  # fmt: skip
_MAY_MOVE = {"GIF", "PNG", "WEBP", "AVIF"}
#: Files in one ZIP; a list longer than this is an attack, not an archive.
MOST_ENTRIES = 200_000
_ENCRYPTED = 0x1


class PhotoFiles(Protocol):
    """Where the photos of an archive are read from."""

    def read(self, name: str) -> bytes:
        """The bytes of one photo. :class:`BadCell` when there is no such file, or it is not safe to read."""
        ...


def photo_files(source: Path | None, archive: Path) -> PhotoFiles:
    """The photos named on the command line, else a folder or ZIP beside the archive with its name, else none."""
    if source is None:
        beside = (archive.with_suffix(""), archive.with_suffix(".zip"), archive.parent / "photos")
        source = next((path for path in beside if path != archive and path.exists()), None)
        if source is None:
            return NoPhotos()
    if source.is_dir():
        return FolderPhotos(source)
    if not source.exists():
        raise BadFile(_("Không có thư mục hay tệp ảnh “%(path)s”.") % {"path": source.name})
    return ZipPhotos(source)


class NoPhotos:
    """An archive without photos beside it."""

    def read(self, name: str) -> bytes:
        raise BadCell(
            _("Không có thư mục hay tệp ZIP ảnh đi kèm."),
            _("Hãy đặt ảnh vào thư mục hoặc tệp ZIP, rồi chỉ ra nó khi nhập (--photos)."),
            value=name,
        )


class FolderPhotos:
    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def read(self, name: str) -> bytes:
        relative = _safe(name)
        for form in ("NFC", "NFD"):
            path = self._root / unicodedata.normalize(form, str(relative))
            if not path.exists():
                continue
            if not path.resolve().is_relative_to(self._root):
                raise _outside(name)
            if not path.is_file():
                break
            if path.stat().st_size > settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE:
                raise _too_heavy(name)
            return path.read_bytes()
        raise _missing(name)


class ZipPhotos:
    """A ZIP; only the entries that rows name are unpacked, each up to the size an upload may have."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError):
            raise BadFile(
                _("“%(path)s” không phải tệp ZIP, hoặc bị cắt ngang; hãy nén lại thư mục ảnh.") % {"path": path.name}
            ) from None
        entries = self._zip.infolist()
        if len(entries) > MOST_ENTRIES:
            raise BadFile(_("Tệp ZIP có hơn %(most)d mục; hãy chia nhỏ kho.") % {"most": MOST_ENTRIES})
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            if not entry.is_dir():
                self._entries[unicodedata.normalize("NFC", entry.filename)] = entry
        self._folder = _only_folder(self._entries)

    def read(self, name: str) -> bytes:
        path = str(_safe(name))
        entry = self._entries.get(path) or self._entries.get(f"{self._folder}{path}")
        if entry is None:
            raise _missing(name)
        limit = settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE
        if entry.flag_bits & _ENCRYPTED:
            raise BadCell(_("Ảnh trong ZIP bị đặt mật khẩu."), _("Hãy nén lại không đặt mật khẩu."), value=name)
        if entry.file_size > limit:
            raise _too_heavy(name)
        try:
            with self._zip.open(entry) as packed:
                # The size in the ZIP's own list may lie.
                data = packed.read(limit + 1)
        except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError, RuntimeError):
            raise BadCell(_("Không giải nén được ảnh này."), _("Hãy nén lại thư mục ảnh."), value=name) from None
        if len(data) > limit:
            raise _too_heavy(name)
        return data


def _only_folder(names: dict[str, zipfile.ZipInfo]) -> str:
    """“anh/” when the whole ZIP is one zipped folder (as desktops pack them), else nothing."""
    heads = {name.partition("/")[0] for name in names if not name.startswith("__MACOSX/")}
    if len(heads) != 1:
        return ""
    head = heads.pop()
    return f"{head}/" if all("/" in name for name in names) else ""


def _safe(name: str) -> PurePosixPath:
    """A path inside the archive. :class:`BadCell` for one that would lead out of it."""
    plain = unicodedata.normalize("NFC", name.strip())
    path = PurePosixPath(plain)
    if not plain or "\\" in plain or ":" in plain or path.is_absolute() or ".." in path.parts or "\x00" in plain:
        raise _outside(name)
    return path


def _outside(name: str) -> BadCell:
    return BadCell(
        _("Tên ảnh trỏ ra ngoài thư mục ảnh."), _("Hãy chỉ viết tên tệp ở trong thư mục hoặc ZIP ảnh."), value=name
    )


def _missing(name: str) -> BadCell:
    return BadCell(
        _("Không có ảnh này trong thư mục hoặc ZIP ảnh."), _("Hãy thêm ảnh vào, hoặc sửa tên cho đúng từng chữ."),
        value=name,
    )  # fmt: skip


def _too_heavy(name: str) -> BadCell:
    most = settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE // (1024 * 1024)
    return BadCell(
        _("Ảnh nặng hơn %(most)d MB.") % {"most": most}, _("Hãy thu nhỏ ảnh rồi nhập lại dòng này."), value=name
    )


@dataclass(frozen=True, slots=True)
class Inspected:
    """What is known of a photo whose file has been looked at."""

    sha1: str
    width: int
    height: int
    suffix: str


def inspect(data: bytes, name: str) -> Inspected:
    """Open and decode the photo. :class:`BadCell` when it is none, is cut off, or has too many pixels."""
    not_an_image = BadCell(
        _("Tệp này không phải ảnh, hoặc bị hỏng."), _("Hãy thay bằng ảnh JPEG, PNG, WebP, GIF hoặc AVIF mở được."),
        value=name,
    )  # fmt: skip
    try:
        with warnings.catch_warnings():
            # The limit below is ours and lower.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as image:
                kind, (width, height) = image.format or "", image.size
                if kind not in FORMATS:
                    raise not_an_image
                if width * height > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
                    raise _too_many_pixels(width, height, name)
                if kind in _MAY_MOVE and getattr(image, "is_animated", False):
                    raise BadCell(
                        _("Ảnh động không được nhận."), _("Hãy xuất một khung hình thành ảnh tĩnh."), value=name
                    )
                # A JPEG can be read through at an eighth of its size: all its bytes, few of its pixels.
                image.draft("RGB", (width // 8 or 1, height // 8 or 1))
                image.load()
    except Image.DecompressionBombError:
        raise _too_many_pixels(0, 0, name) from None
    except (BadCell, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - Pillow's decoders raise whatever a damaged file leads them to
        raise not_an_image from None
    return Inspected(hashlib.sha1(data, usedforsecurity=False).hexdigest(), width, height, FORMATS[kind])


def suffix_of(head: bytes) -> str:
    """How a file that begins so is named; “.bin” for what is no photo we know."""
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return ".webp"
    if head[4:8] == b"ftyp":
        return ".avif" if head[8:12] in {b"avif", b"avis"} else ".heic"
    starts = {b"\xff\xd8": ".jpg", b"\x89PNG": ".png", b"GIF8": ".gif"}
    return next((suffix for start, suffix in starts.items() if head.startswith(start)), ".bin")


def _too_many_pixels(width: int, height: int, name: str) -> BadCell:
    most = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 1_000_000
    size = f" ({width} × {height})" if width else ""
    return BadCell(
        _("Ảnh có quá nhiều điểm ảnh%(size)s; nhiều nhất %(most)d triệu.") % {"size": size, "most": most},
        _("Hãy thu nhỏ ảnh rồi nhập lại dòng này."),
        value=name,
    )
