from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("column", "0004_thursdays_data")]

    operations = [
        migrations.AlterField(
            model_name="slot",
            name="issue_day",
            field=models.DateField(editable=False, verbose_name="Ngày đăng"),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.UniqueConstraint(fields=("column", "issue_day"), name="slot_once_an_issue_day"),
        ),
        migrations.RemoveField(model_name="columnpage", name="weekday"),
        migrations.RemoveField(model_name="schedulesettings", name="default_publish_time"),
    ]
