"""Dates as people write them, read strictly, and as the newspaper prints them. Day first, Đà Nẵng's clock.

The house reads 03/02/2017 as the third of February: that is its rule, not a guess. What would be a guess is
refused with a sentence that says how to mend it.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from column.text.normalize import fold, nfc

TZ = ZoneInfo("Asia/Ho_Chi_Minh")
#: Nothing the column prints or cites is older; catches 0217 and 1017 typed for 2017.
FIRST_YEAR = 1930
#: Nobody writes a date with more characters; a longer text is not looked at (its patterns would take minutes).
LONGEST = 200

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
_WEEKDAY_NUMBERS = {
    **{fold(name): number for number, name in enumerate(WEEKDAYS)},
    **{f"thu {number + 2}": number for number in range(6)},
    "cn": 6,
}
_ROMAN = ("I", "II", "III", "IV")


class DateProblem(ValueError):
    """A date that is ambiguous or impossible; the message is Vietnamese and says how to mend it."""


_WEEKDAY = re.compile(r"^(thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat|cn)\b[\s,.]*(?:ngay\b)?[\s,.]*")
_WORDS = re.compile(r"^(?:ngay )?(\d{1,2}) ?thang (\d{1,2})(?: ?, ?| ?nam ?| )(\d+)$")
_DAY_FIRST = re.compile(r"^(?:ngay )?(\d{1,2}) ?([-./]) ?(\d{1,2}) ?\2 ?(\d+)$")
_YEAR_FIRST = re.compile(r"^(\d{4}) ?([-./]) ?(\d{1,2}) ?\2 ?(\d{1,2})$")
_BARE_NUMBER = re.compile(r"^\d+(?:[.,]\d+)?$")
_ZONE = re.compile(
    r"\s*(?:\(\s*(?:gmt|utc)\s*(?:([+-])\s*(\d{1,2})(?::?(\d{2}))?)?\s*\)"
    r"|(?<![a-z])(?:gmt|utc)\s*(?:([+-])\s*(\d{1,2})(?::?(\d{2}))?)?"
    # A bare offset only after minutes, seconds or their fraction: 16-2-2017 carries none.
    r"|(?:(?<=:\d\d)|(?<=\.\d{3})|(?<=\.\d{6}))\s?([+-])(\d{2})(?::?(\d{2}))?|(?<=\d)z)\s*$"
)
_CLOCK = r"(\d{1,2})\s*(?::|h|gio)\s*(?:(\d{2})(?:\s*phut)?(?::(\d{2})(?:[.,](\d{1,9}))?)?)?"
_TIME_FIRST = re.compile(rf"^(?:luc )?{_CLOCK}(?:\s*(?:[,|-]|ngay\b)\s*|\s+)+")
_TIME_LAST = re.compile(rf"(?:(?<=\d)t|(?:[\s,|-]|luc\b)+){_CLOCK}$")


def _checked(day: int, month: int, year_digits: str, text: str, today: date | None) -> date:
    if len(year_digits) != 4:
        if len(year_digits) == 2:
            raise DateProblem(_("Năm trong “%(text)s” chỉ có hai chữ số; hãy viết đủ bốn chữ số.") % {"text": text})
        raise DateProblem(_("Năm trong “%(text)s” không đủ bốn chữ số.") % {"text": text})
    year = int(year_digits)
    last_year = (today or datetime.now(TZ).date()).year + 1
    if not FIRST_YEAR <= year <= last_year:
        raise DateProblem(
            _("Năm %(year)s trong “%(text)s” nằm ngoài khoảng %(first)d–%(last)d; hãy xem lại năm.")
            % {"year": year_digits, "text": text, "first": FIRST_YEAR, "last": last_year}
        )
    if month > 12 >= day >= 1 and month <= 31:
        raise DateProblem(
            _("“%(text)s” có vẻ viết tháng trước ngày; hãy viết ngày trước: %(mend)s.")
            % {"text": text, "mend": f"{month:02d}/{day:02d}/{year}"}
        )
    try:
        return date(year, month, day)
    except ValueError:
        raise DateProblem(
            _("Ngày “%(text)s” không có trong lịch; hãy xem lại ngày và tháng.") % {"text": text}
        ) from None


def _shown(text: str) -> str:
    """What messages quote of *text*. Raises :class:`DateProblem` when it is too long to be a date."""
    shown = " ".join(nfc(text[: LONGEST * 4]).split())
    if len(text) > LONGEST * 4 or len(shown) > LONGEST:
        raise DateProblem(_("Không đọc được ngày “%(text)s…”; hãy viết theo dạng 16/02/2017.") % {"text": shown[:60]})
    return shown[:60]


def parse_day(text: str, *, today: date | None = None) -> date:
    """Read one day: 16/02/2017, 16-2-2017, 16.2.2017, ISO, “ngày 16 tháng 2 năm 2017”, with a weekday or not.

    *today* only bounds the year (at most next year). Raises :class:`DateProblem`.
    """
    shown = _shown(text)
    plain = fold(text).strip(" ,.;()")
    if not plain:
        raise DateProblem(_("Chưa có ngày; hãy viết theo dạng 16/02/2017."))
    weekday = None
    if match := _WEEKDAY.match(plain):
        weekday, plain = _WEEKDAY_NUMBERS[match.group(1)], plain[match.end() :]
    if match := _WORDS.match(plain):
        found = _checked(int(match[1]), int(match[2]), match[3], shown, today)
    elif match := _DAY_FIRST.match(plain):
        found = _checked(int(match[1]), int(match[3]), match[4], shown, today)
    elif match := _YEAR_FIRST.match(plain):
        found = _year_first(match, shown, today)
    elif _BARE_NUMBER.match(plain):
        raise DateProblem(
            _("“%(text)s” là một con số, không phải ngày (số sê-ri của bảng tính, hoặc ngày thiếu dấu ngăn);"
              " hãy viết theo dạng 16/02/2017.") % {"text": shown}
        )  # fmt: skip
    else:
        raise DateProblem(_("Không đọc được ngày “%(text)s”; hãy viết theo dạng 16/02/2017.") % {"text": shown})
    if weekday is not None and found.weekday() != weekday:
        raise DateProblem(
            _("“%(text)s” không khớp: ngày %(day)s là %(weekday)s.")
            % {"text": shown, "day": format_day(found), "weekday": WEEKDAYS[found.weekday()]}
        )
    return found


def _year_first(match: re.Match[str], shown: str, today: date | None) -> date:
    """Year, month, day; a month over twelve is impossible here, never read as a swapped day."""
    if int(match[3]) > 12:
        raise DateProblem(_("Ngày “%(text)s” không có trong lịch; hãy xem lại ngày và tháng.") % {"text": shown})
    return _checked(int(match[4]), int(match[3]), match[1], shown, today)


def _zone(match: re.Match[str], shown: str) -> timezone:
    groups = match.groups()
    for start in (0, 3, 6):
        sign, hours, minutes = groups[start : start + 3]
        if sign:
            shift = timedelta(hours=int(hours), minutes=int(minutes or 0))
            if shift > timedelta(hours=14):
                raise DateProblem(_("Múi giờ trong “%(text)s” không có thật.") % {"text": shown})
            return timezone(shift if sign == "+" else -shift)
    return UTC


def _clock(match: re.Match[str], shown: str) -> time:
    fraction = (match[4] or "0").ljust(6, "0")[:6]
    try:
        return time(int(match[1]), int(match[2] or 0), int(match[3] or 0), int(fraction))
    except ValueError:
        raise DateProblem(_("Giờ trong “%(text)s” không có thật.") % {"text": shown}) from None


def parse_moment(text: str, *, today: date | None = None, default: time = time(0, 0)) -> datetime:
    """Read a moment: a day as in :func:`parse_day` with a time before or after it, and perhaps a zone.

    “14:12, 16/02/2017 (GMT+7)”, “14h12 ngày 16/2/2017”, “16/02/2017 14:12”, ISO with or without offset.
    Without a zone the time is Đà Nẵng's; without a time it is *default*. The result is aware, in
    :data:`TZ`. Raises :class:`DateProblem`.
    """
    shown = _shown(text)
    plain = fold(text).strip(" ,.;")
    zone: ZoneInfo | timezone = TZ
    clock = default
    if match := _ZONE.search(plain):
        zone, plain = _zone(match, shown), plain[: match.start()].strip(" ,")
    if match := _TIME_FIRST.match(plain):
        clock, plain = _clock(match, shown), plain[match.end() :]
    elif match := _TIME_LAST.search(plain):
        clock, plain = _clock(match, shown), plain[: match.start()]
    try:
        day = parse_day(plain, today=today)
    except DateProblem as problem:
        # The message names what was typed, not what was left of it.
        raise DateProblem(str(problem).replace(f"“{plain}”", f"“{shown}”")) from None
    return datetime.combine(day, clock, zone).astimezone(TZ)


def local(moment: datetime) -> datetime:
    """Return an aware *moment* on Đà Nẵng's clock."""
    if moment.tzinfo is None:
        raise ValueError("a moment must carry its time zone")
    return moment.astimezone(TZ)


def format_day(day: date) -> str:
    """16/02/2017. An aware datetime is taken on Đà Nẵng's clock."""
    if isinstance(day, datetime):
        day = local(day).date()
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def format_day_long(day: date) -> str:
    """Thứ Năm, 16/02/2017."""
    if isinstance(day, datetime):
        day = local(day).date()
    return f"{WEEKDAYS[day.weekday()]}, {format_day(day)}"


def format_date_words(day: date) -> str:
    """ngày 16 tháng 02 năm 2017: a zero before days under 10 and months 1 and 2 (Nghị định 30/2020/NĐ-CP)."""
    if isinstance(day, datetime):
        day = local(day).date()
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def format_moment(moment: datetime) -> str:
    """14:12, 16/02/2017 (GMT+7), always on Đà Nẵng's clock."""
    there = local(moment)
    return f"{there.hour:02d}:{there.minute:02d}, {format_day(there.date())} (GMT+7)"


def format_month(year: int, month: int) -> str:
    """tháng 2/2017."""
    return f"tháng {month}/{year}"


def quarter_of(day: date) -> int:
    """Return 1 to 4."""
    return (day.month + 2) // 3


def quarter_label(year: int, quarter: int) -> str:
    """quý I/2017. *quarter* is 1 to 4."""
    if not 1 <= quarter <= 4:
        raise ValueError(f"no such quarter: {quarter}")
    return f"quý {_ROMAN[quarter - 1]}/{year}"


def format_number(value: int | float | Decimal, decimals: int | None = None) -> str:
    """1.234.567 and 6,5: a point between thousands, a comma before decimals.

    *decimals* fixes their count; without it an integer has none and others keep what they have.
    """
    if decimals is None and isinstance(value, int) and -1000 < value < 1000:
        return str(value)  # most of hundreds of counts on a page
    text = f"{value:,}" if decimals is None else f"{value:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,"))
