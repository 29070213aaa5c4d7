"""The lists of monitored units and the reporting periods in the admin."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from column.departments.models import Department
from column.people.roles import Role
from column.tallies.models import MonitoredList, ReportingPeriod, ReportingSeries
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_user("bien-tap", Role.EDITOR))
    return client


def test_an_editor_makes_a_list_and_nobody_deletes_it(editor: Client) -> None:
    units = list(Department.objects.filter(code__in=["so-y-te", "so-du-lich"]))
    answer = editor.post(
        "/admin/snippets/column/monitoredlist/add/",
        {"name": "Các sở", "slug": "so", "as_of": "01/01/2017", "source": "", "units": [unit.pk for unit in units]},
    )
    assert answer.status_code == 302
    made = MonitoredList.objects.get()
    assert (made.slug, made.as_of, set(made.units.all())) == ("so", date(2017, 1, 1), set(units))
    assert editor.get("/admin/snippets/column/monitoredlist/").status_code == 200
    assert editor.post(f"/admin/snippets/column/monitoredlist/delete/{made.pk}/").status_code == 302
    assert MonitoredList.objects.count() == 1


def test_the_periods_of_a_series_share_no_day(editor: Client) -> None:
    sent = {"name": "Kỳ riêng", "slug": "rieng", "starts_on": "", "months": "", "periods-TOTAL_FORMS": "2",
            "periods-INITIAL_FORMS": "0", "periods-MIN_NUM_FORMS": "0", "periods-MAX_NUM_FORMS": "1000"}  # fmt: skip
    for number, (first, last) in enumerate((("01/01/2017", "31/01/2017"), ("31/01/2017", "28/02/2017"))):
        sent |= {f"periods-{number}-name": f"Kỳ {number}", f"periods-{number}-first_day": first,
                 f"periods-{number}-last_day": last, f"periods-{number}-DELETE": ""}  # fmt: skip
    refused = editor.post("/admin/snippets/column/reportingseries/add/", sent)
    assert "Kỳ này trùng ngày với “Kỳ 0”." in refused.content.decode()
    assert not ReportingSeries.objects.exists()
    sent["periods-1-first_day"] = "01/02/2017"
    assert editor.post("/admin/snippets/column/reportingseries/add/", sent).status_code == 302
    assert list(ReportingPeriod.objects.values_list("name", flat=True)) == ["Kỳ 0", "Kỳ 1"]
