"""*Đoạn số liệu*: the figures of a table as a paragraph of a report, to be pasted. Pure: a report in, words out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from column.tallies.asked import MENTIONS, SLOTS
from column.tallies.dimensions import CRITERIA, UNITS
from column.tallies.exports.report import Report
from column.text.dates import format_moment, format_number

#: So many are named as leading; ties with the last are named too, as long as they are few.
LEADING, MOST_TIED = 3, 5
MOST_UNCOVERED = 15


def paragraph(report: Report) -> str:
    """One paragraph; every number is one of the table's."""
    sentences = [_whole(report)]
    if report.lines and report.total:
        sentences += [_rows(report), _columns(report)]
    sentences.append(_uncovered(report))
    if report.conditions:
        sentences.append(_("Phạm vi tính: %(words)s.") % {"words": _small(report.conditions)})
    sentences += [f"{one.rstrip('.')}." for one in report.footnotes]
    sentences.append(_source(report))
    return " ".join(one for one in sentences if one)


def _counted(report: Report) -> str:
    if report.measure == SLOTS:
        return _("kỳ đăng")
    return _("lượt phản ánh") if report.measure == MENTIONS else _("tin, bài")


def _whole(report: Report) -> str:
    number, what = format_number(report.total), _counted(report)
    when = (_("Trong %(period)s") if not report.period.startswith(_("từ")) else "%(period)s") % {
        "period": report.period
    }
    lead = f"{when[:1].upper()}{when[1:]}, " if report.period else ""
    if report.measure == SLOTS:
        return _("%(lead)schuyên mục có %(number)s %(what)s.") % {"lead": lead, "number": number, "what": what}
    if not report.total:
        text = _("%(lead)schuyên mục chưa có %(what)s nào được tính trong phạm vi này.") % {"lead": lead, "what": what}
        return text[:1].upper() + text[1:]
    kinds = [f"{format_number(count)} {_small(name)}" for name, count in report.kinds if count]
    apart = f" ({_listed(kinds)})" if len(kinds) > 1 else ""
    if len(kinds) == 1 and report.measure != MENTIONS:
        number, what = kinds[0].split(" ", 1)
    text = _("%(lead)schuyên mục có %(number)s %(what)s%(apart)s.") % {
        "lead": lead, "number": number, "what": what, "apart": apart,
    }  # fmt: skip
    return text[:1].upper() + text[1:]


def _rows(report: Report) -> str:
    whole = [(line.name, line.total) for line in report.lines if not line.part and line.total]
    named = [(name, total) for name, total in whole if name]
    if not named:
        return ""
    if report.layout.get("rows") == UNITS.slug:
        units = sum(1 for line in report.lines if not line.part and line.total and line.key)
        return _("Có %(number)s cơ quan, đơn vị được phản ánh; nhiều nhất là %(leaders)s.") % {
            "number": format_number(units), "leaders": _listed(_leading(named)),
        }  # fmt: skip
    return _("Theo %(title)s, nhiều nhất là %(leaders)s.") % {
        "title": _small(report.row_title), "leaders": _listed(_leading(named)),
    }  # fmt: skip


def _columns(report: Report) -> str:
    if not report.totals or len(report.columns) < 2:
        return ""
    pairs = zip(report.columns, report.totals[0].numbers, strict=True)
    named = [(_small(one.label), number) for one, number in pairs if number and one.key]
    if not named:
        return ""
    title = _("tiêu chí") if report.layout.get("columns") == CRITERIA.slug else report.layout.get("columns_title", "")
    if not title:
        return ""
    return _("Về %(title)s, nhiều nhất là %(leaders)s.") % {"title": _small(title), "leaders": _listed(_leading(named))}


def _uncovered(report: Report) -> str:
    if not report.monitored:
        return ""
    if not report.uncovered:
        return _("Mọi đơn vị trong danh sách theo dõi “%(list)s” đều đã được phản ánh.") % {"list": report.monitored}
    names = list(report.uncovered[:MOST_UNCOVERED])
    more = len(report.uncovered) - len(names)
    told = _listed([*names, _("%(more)s đơn vị khác") % {"more": format_number(more)}] if more else names)
    return _("Trong danh sách theo dõi “%(list)s”, còn %(number)s đơn vị chưa được phản ánh: %(names)s.") % {
        "list": report.monitored, "number": format_number(len(report.uncovered)), "names": told,
    }  # fmt: skip


def _source(report: Report) -> str:
    moment = format_moment(report.made_at)
    if report.code:
        return _("(Số liệu chốt lúc %(moment)s, mã phiếu %(code)s.)") % {"moment": moment, "code": report.code}
    return _("(Số liệu lấy lúc %(moment)s, chưa chốt.)") % {"moment": moment}


def _leading(pairs: Iterable[tuple[str, int]]) -> list[str]:
    """The highest, each with its number; who ties with the last one named is named too, unless too many do."""
    # Sorting is stable: within one number the report's own order stays.
    ranked = sorted(pairs, key=lambda pair: -pair[1])
    chosen = ranked[:LEADING]
    tied = [pair for pair in ranked[LEADING:] if pair[1] == chosen[-1][1]]
    if len(chosen) + len(tied) <= MOST_TIED:
        chosen += tied
    elif above := [pair for pair in chosen if pair[1] > chosen[-1][1]]:
        chosen = above
    return [f"{name} ({format_number(number)})" for name, number in chosen]


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _listed(words: Sequence[str]) -> str:
    """“A, B và C”; names that hold a comma themselves are told apart by semicolons."""
    if len(words) < 2:
        return "".join(words)
    comma = "; " if any("," in word for word in words) else ", "
    return f"{comma.join(words[:-1])} {_('và')} {words[-1]}"
