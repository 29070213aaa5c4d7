"""How a certificate's code stands on whatever is printed or downloaded."""

from __future__ import annotations

from django.utils.translation import gettext as _
from wagtail.models import Site

from column.tallies.certificates.models import Certificate
from column.tallies.certificates.tables import table_of
from column.tallies.table import Tally
from column.text.dates import format_moment


def certificate_of(tally: Tally) -> Certificate | None:
    """The newest certificate of this very tally whose figures are still those shown; None where there is none.

    What a file of that tally prints its code by: whoever opens the certificate sees the file's numbers.
    """
    known = Certificate.objects.frozen().filter(address=tally.asked.url()).order_by("-as_of", "-pk")
    table = table_of(tally)
    return next((one for one in known[:5] if one.table == table), None)


def code_line(certificate: Certificate | None) -> str:
    """“Phiếu K4M7-2QXW, số liệu lúc 14:12, 16/02/2017 (GMT+7); kiểm tra tại https://…”, or that nothing was frozen."""
    if certificate is None or certificate.as_of is None:
        return _("Số liệu chưa chốt thành phiếu.")
    return _("Phiếu %(code)s, số liệu lúc %(moment)s; kiểm tra tại %(url)s") % {
        "code": certificate.code, "moment": format_moment(certificate.as_of), "url": permalink(certificate),
    }  # fmt: skip


def permalink(certificate: Certificate) -> str:
    """The whole address, as paper needs it."""
    site = Site.objects.filter(is_default_site=True).first()
    return f"{site.root_url if site else ''}{certificate.get_absolute_url()}"
