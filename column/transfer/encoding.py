"""Bytes that claim to be Vietnamese text: UTF-8 first, what else is recognised, and what is refused."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

from column.transfer.problems import BadFile

#: Bytes looked at to recognise an encoding.
SAMPLE = 1 << 18

_MARKED = re.compile("[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9]")
_LOOSE_MARK = re.compile("[\u0300-\u036f]")


@dataclass(frozen=True, slots=True)
class Recognised:
    """An encoding by the name Python knows, and a Vietnamese notice when it is not plain UTF-8."""

    codec: str
    notice: str = ""


def recognise(sample: bytes, *, complete: bool) -> Recognised:
    """The encoding of a file from its first bytes; :class:`BadFile` (with the mend) for what is not text.

    ``complete`` says that the sample is the whole file, so that a character cut at its end is a fault.
    """
    if sample.startswith(codecs.BOM_UTF8):
        return Recognised("utf-8-sig")
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Recognised("utf-16", _("Tệp viết bằng mã UTF-16, đã đọc được."))
    if (codec := _bare_utf16(sample)) is not None:
        return Recognised(codec, _("Tệp viết bằng mã UTF-16 (thiếu dấu mở đầu), đã đọc được."))
    if sample[:8].startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise BadFile(_("Đây là tệp nén hoặc tệp Word, Excel; hãy lưu lại dưới dạng văn bản: .txt hoặc CSV UTF-8."))
    if sample.startswith(b"%PDF"):
        raise BadFile(_("Đây là tệp PDF; hãy chép phần chữ ra tệp văn bản .txt hoặc CSV UTF-8."))
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, final=complete)
    except UnicodeDecodeError as problem:
        if _is_windows_1258(sample):
            return Recognised("cp1258", _("Tệp viết bằng mã windows-1258, đã chuyển sang Unicode; hãy xem lại dấu."))
        raise BadFile(
            _("Tệp không viết bằng mã UTF-8 (byte thứ %(place)d không đọc được); hãy mở bằng chương trình đã tạo ra nó"
              " và lưu lại, chọn mã UTF-8. Chữ gõ bằng phông VNI, TCVN3 thì chuyển mã sang Unicode trước.")
            % {"place": problem.start + 1}
        ) from None  # fmt: skip
    return Recognised("utf-8")


def decode(data: bytes) -> tuple[str, str]:
    """The text and the notice (or an empty one); raises :class:`BadFile`."""
    found = recognise(data, complete=True)
    try:
        text = data.decode(found.codec)
    except UnicodeDecodeError as problem:
        raise BadFile(
            _("Tệp bị hỏng hoặc bị cắt ngang ở byte thứ %(place)d; hãy lấy lại tệp.") % {"place": problem.start + 1}
        ) from None
    return (unicodedata.normalize("NFC", text) if found.codec == "cp1258" else text), found.notice


def _bare_utf16(sample: bytes) -> str | None:
    """Text of mostly Latin letters has a zero in every second byte."""
    head = sample[: 4096 & ~1]
    if len(head) < 4:
        return None
    pairs = len(head) // 2
    if head[1::2].count(0) > pairs * 0.5 and head[0::2].count(0) < pairs * 0.1:
        return "utf-16-le"
    if head[0::2].count(0) > pairs * 0.5 and head[1::2].count(0) < pairs * 0.1:
        return "utf-16-be"
    return None


def _is_windows_1258(sample: bytes) -> bool:
    """Whether it reads as Vietnamese: accents join their letters, and many letters are ours alone."""
    try:
        text = unicodedata.normalize("NFC", sample.decode("cp1258"))
    except UnicodeDecodeError:
        return False
    letters = sum(ch.isalpha() for ch in text)
    ours = len(_MARKED.findall(text))
    # One loose mark may be cut off at the sample's edge; more are another encoding's letters.
    return ours >= max(3, letters // 50) and len(_LOOSE_MARK.findall(text)) <= 1 + ours // 200
