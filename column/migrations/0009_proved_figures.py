import column.tallies.certificates.codes
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("column", "0008_alarm_at_the_due_time"),
    ]

    operations = [
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        default=column.tallies.certificates.codes.new_code,
                        editable=False,
                        max_length=9,
                        unique=True,
                        verbose_name="Mã phiếu",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "Bản nháp"), ("frozen", "Đã chốt")],
                        default="draft",
                        max_length=6,
                        verbose_name="Trạng thái",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="Tên phiếu")),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="Ghi chú")),
                ("address", models.TextField(verbose_name="Địa chỉ bảng")),
                ("sentence", models.TextField(verbose_name="Phạm vi")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("made_by_name", models.CharField(blank=True, max_length=150)),
                ("as_of", models.DateTimeField(db_index=True, null=True)),
                ("frozen_by_name", models.CharField(blank=True, max_length=150)),
                ("state_mark", models.BigIntegerField(null=True)),
                ("change_mark", models.BigIntegerField(null=True)),
                ("frame", models.JSONField(default=dict)),
                ("figures", models.JSONField(default=list)),
                ("table", models.JSONField(default=dict)),
                ("total", models.PositiveIntegerField(null=True)),
                ("stories", models.PositiveIntegerField(null=True)),
                ("digest", models.CharField(blank=True, max_length=64)),
                (
                    "frozen_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "phiếu chốt số liệu",
                "verbose_name_plural": "phiếu chốt số liệu",
                "ordering": ["-made_at", "-pk"],
                "permissions": [("freeze_tally", "Chốt số liệu của bảng tổng hợp")],
            },
        ),
        migrations.CreateModel(
            name="PublishedFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="Con số")),
                (
                    "counts",
                    models.CharField(
                        help_text="Nguyên văn, ví dụ “bài viết” hay “tin, ảnh”.", max_length=200, verbose_name="Đếm gì"
                    ),
                ),
                (
                    "as_of",
                    models.DateField(
                        help_text="Ngày con số được công bố, hoặc ngày mà nó nói đến.", verbose_name="Tính đến ngày"
                    ),
                ),
                (
                    "includes_own",
                    models.CharField(
                        choices=[("unknown", "chưa rõ"), ("yes", "có tính"), ("no", "không tính")],
                        default="unknown",
                        max_length=7,
                        verbose_name="Tính cả chính bài nêu con số",
                    ),
                ),
                ("passage", models.TextField(max_length=2000, verbose_name="Đoạn văn nêu con số")),
                (
                    "source_text",
                    models.CharField(
                        blank=True,
                        help_text="Báo cáo, văn bản: số, ngày, trang.",
                        max_length=300,
                        verbose_name="Nguồn khác",
                    ),
                ),
                ("address", models.TextField(blank=True, max_length=4000, verbose_name="Bảng để đối chiếu")),
                ("held", models.PositiveIntegerField(editable=False, null=True)),
                (
                    "result",
                    models.CharField(
                        choices=[("khop", "khớp"), ("chenh", "chênh"), ("khong", "không tái lập được")],
                        default="khong",
                        editable=False,
                        max_length=5,
                    ),
                ),
                ("checked_at", models.DateTimeField(editable=False, null=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("changed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "certificate",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="published_figures",
                        to="column.certificate",
                        verbose_name="Phiếu để đối chiếu",
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source_story",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="published_figures",
                        to="column.story",
                        verbose_name="Tin, bài nêu con số",
                    ),
                ),
            ],
            options={
                "verbose_name": "số liệu đã công bố",
                "verbose_name_plural": "số liệu đã công bố",
                "ordering": ["-as_of", "-pk"],
                "permissions": [("keep_figures", "Ghi, sửa và ký giải trình số liệu đã công bố")],
            },
        ),
        migrations.CreateModel(
            name="FigureSignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=4000, verbose_name="Giải trình")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by_name", models.CharField(max_length=150)),
                ("number", models.PositiveIntegerField()),
                ("against", models.TextField(blank=True)),
                (
                    "result",
                    models.CharField(
                        choices=[("khop", "khớp"), ("chenh", "chênh"), ("khong", "không tái lập được")], max_length=5
                    ),
                ),
                ("held", models.PositiveIntegerField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "figure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="column.publishedfigure",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="FrozenStory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("line", models.TextField()),
                (
                    "certificate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="list", to="column.certificate"
                    ),
                ),
            ],
            options={
                "ordering": ["place"],
                "constraints": [
                    models.UniqueConstraint(fields=("certificate", "number"), name="frozen_story_once"),
                    models.UniqueConstraint(fields=("certificate", "place"), name="frozen_place_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="StoryState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by_name", models.CharField(blank=True, max_length=150)),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("counted", "được đếm"),
                            ("taken_down", "đã gỡ"),
                            ("unpublished", "không còn trên trang"),
                            ("restricted", "chỉ dành cho nội bộ"),
                            ("undated", "chưa có ngày đăng"),
                            ("deleted", "đã xóa"),
                        ],
                        max_length=11,
                    ),
                ),
                ("issue_date", models.DateField(null=True)),
                ("kind", models.CharField(max_length=8)),
                ("title", models.CharField(max_length=255)),
                ("bylines", models.JSONField(default=list)),
                ("documents", models.JSONField(default=list)),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "story",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="states",
                        to="column.story",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["number"], name="story_state_number")],
            },
        ),
    ]
