import django.db.models.deletion
import modelcluster.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("column", "0010_units_and_coding"),
    ]

    operations = [
        migrations.CreateModel(
            name="MonitoredList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.SlugField(
                        help_text="Dùng trong địa chỉ, không đổi.", max_length=60, unique=True, verbose_name="Mã"
                    ),
                ),
                ("name", models.CharField(max_length=160, verbose_name="Tên danh sách")),
                ("as_of", models.DateField(verbose_name="Lập theo ngày")),
                ("source", models.CharField(blank=True, max_length=300, verbose_name="Căn cứ")),
                ("units", models.ManyToManyField(related_name="+", to="column.department", verbose_name="Đơn vị")),
            ],
            options={
                "verbose_name": "danh sách đơn vị theo dõi",
                "verbose_name_plural": "danh sách đơn vị theo dõi",
                "ordering": ["-as_of", "name"],
            },
        ),
        migrations.CreateModel(
            name="ReportingSeries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.SlugField(
                        help_text="Dùng trong địa chỉ, không đổi.", max_length=60, unique=True, verbose_name="Mã"
                    ),
                ),
                ("name", models.CharField(max_length=160, verbose_name="Tên")),
                (
                    "starts_on",
                    models.DateField(
                        blank=True,
                        help_text="Ví dụ 15/12/2016: kỳ từ 15/12 đến 14/12.",
                        null=True,
                        verbose_name="Một kỳ bắt đầu ngày",
                    ),
                ),
                (
                    "months",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(1, "1 tháng"), (3, "3 tháng"), (6, "6 tháng"), (12, "12 tháng")],
                        help_text="Bỏ trống nếu tự ghi từng kỳ bên dưới.",
                        null=True,
                        verbose_name="Mỗi kỳ dài",
                    ),
                ),
            ],
            options={
                "verbose_name": "cách chia kỳ báo cáo",
                "verbose_name_plural": "cách chia kỳ báo cáo",
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("months", None), ("starts_on", None)),
                            models.Q(("months__isnull", False), ("starts_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="series_recurs_or_not",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportingPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160, verbose_name="Tên kỳ")),
                ("first_day", models.DateField(verbose_name="Từ ngày")),
                ("last_day", models.DateField(verbose_name="đến hết ngày")),
                (
                    "series",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="periods", to="column.reportingseries"
                    ),
                ),
            ],
            options={
                "verbose_name": "kỳ báo cáo",
                "verbose_name_plural": "kỳ báo cáo",
                "ordering": ["first_day"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("first_day"))),
                        name="reporting_period_days_in_order",
                    )
                ],
            },
        ),
    ]
